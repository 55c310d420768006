// Runs the pnpm that `packageManager` in package.json pins, never a global one: `node scripts/pnpm.mjs install`.
import { readdirSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { capture, childEnvironment, run } from "./lib/run.mjs"
import { readJson, root } from "./lib/workspace.mjs"

/** The pinned version, such as "10.34.8". Throws when package.json does not pin pnpm. */
export function pinnedVersion() {
  const pin = /^pnpm@(\d+\.\d+\.\d+)/.exec(readJson(join(root, "package.json")).packageManager ?? "")
  if (!pin) throw new Error('package.json does not pin pnpm: expected "packageManager": "pnpm@<version>"')
  return pin[1]
}

function npxCaches() {
  const folders = [process.env.npm_config_cache, join(homedir(), ".npm")]
  if (process.env.LOCALAPPDATA) folders.push(join(process.env.LOCALAPPDATA, "npm-cache"))
  return folders.filter(Boolean).map((folder) => join(folder, "_npx"))
}

function listFolder(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function findInNpxCache(version) {
  for (const cache of npxCaches()) {
    for (const entry of listFolder(cache)) {
      const modules = join(cache, entry, "node_modules")
      try {
        const manifest = readJson(join(modules, "pnpm", "package.json"))
        if (manifest.version === version) return { script: join(modules, "pnpm", manifest.bin.pnpm), binFolder: join(modules, ".bin") }
      } catch {
        // Another tool's entry, or one that is half removed.
      }
    }
  }
  return undefined
}

async function installWithNpx(version) {
  const command = process.platform === "win32" ? "where pnpm" : "command -v pnpm"
  const answer = await capture("npx", ["-y", "-p", `pnpm@${version}`, "-c", command])
  const binary = answer.stdout.trim().split(/\r?\n/)[0]
  if (answer.code !== 0 || !binary) throw new Error(`npx could not install pnpm ${version}:\n${answer.stderr.trim()}`)
  return { script: undefined, binary, binFolder: dirname(binary) }
}

let found

/**
 * Finds the pinned pnpm in npx's cache, or lets npx put it there.
 * Returns `{ command, args, binFolder }`: what to spawn before pnpm's own arguments, and the folder to put on the PATH for tools that call pnpm.
 */
export async function findPnpm() {
  if (found) return found
  const version = pinnedVersion()
  const place = findInNpxCache(version) ?? (await installWithNpx(version).then((installed) => findInNpxCache(version) ?? installed))
  found = place.script
    ? { command: process.execPath, args: [place.script], binFolder: place.binFolder }
    : { command: place.binary, args: [], binFolder: place.binFolder }
  return found
}

/** Runs the pinned pnpm and resolves to its exit code. `options` are those of `run`, but `env` holds additions only. */
export async function pnpm(args, { env = {}, ...options } = {}) {
  const place = await findPnpm()
  return run(place.command, [...place.args, ...args], { ...options, env: childEnvironment([place.binFolder], env) })
}

/** Runs a tool of the workspace (`turbo`, `vitest`, ...) with the pinned pnpm on its PATH and resolves to its exit code. */
export async function tool(name, args, { env = {}, ...options } = {}) {
  const place = await findPnpm()
  return run(name, args, { ...options, env: childEnvironment([place.binFolder], env) })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await pnpm(process.argv.slice(2), { cwd: process.cwd(), input: "inherit" })
}
