import { createHash } from "node:crypto"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pnpm, tool } from "../pnpm.mjs"
import { listPackages, readJson, root } from "./workspace.mjs"

const stampPath = join(root, "node_modules", ".lading-install")

/** Stops the process with a readable message unless Node is at least the version that package.json asks for. */
export function requireNode() {
  const wanted = /(\d+)\.(\d+)/.exec(readJson(join(root, "package.json")).engines.node)
  const [major, minor] = process.versions.node.split(".").map(Number)
  if (major > Number(wanted[1]) || (major === Number(wanted[1]) && minor >= Number(wanted[2]))) return
  console.error(`Lading needs Node ${wanted[0]} or later; this is ${process.version}.`)
  process.exit(1)
}

function installInputs() {
  const folders = ["packages", "sources", "destinations", "transformers", "test"]
  const manifests = listPackages(folders).map(({ folder }) => `${folder}/package.json`)
  const single = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "examples/package.json", "bench/package.json"]
  return [...single, ...manifests].filter((path) => existsSync(join(root, path)))
}

function installStamp() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`)
  for (const path of installInputs()) hash.update(`${path}\n`).update(readFileSync(join(root, path)))
  return hash.digest("hex")
}

/** Installs the dependencies exactly as locked, unless the manifests and the lock file are those of the last install. Resolves to an exit code. */
export async function install() {
  const stamp = installStamp()
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return 0
  const code = await pnpm(["install", "--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"])
  if (code === 0) writeFileSync(stampPath, stamp)
  return code
}

function missingOutputs() {
  return listPackages()
    .filter(({ manifest }) => manifest.scripts?.build)
    .map(({ folder, manifest }) => join(folder, manifest.exports["."].default))
    .filter((path) => !existsSync(join(root, path)) || statSync(join(root, path)).size === 0)
}

/**
 * Builds what changed. A green build that left a package without its entry point is built again without the cache, and is an error if that
 * does not help. Resolves to an exit code.
 */
export async function build() {
  const args = ["run", "build", "--output-logs=errors-only", "--ui=stream"]
  const code = await tool("turbo", args)
  if (code !== 0 || missingOutputs().length === 0) return code
  const again = await tool("turbo", [...args, "--force"])
  const missing = missingOutputs()
  if (missing.length > 0) console.error(`The build left out ${missing.join(", ")}`)
  return again !== 0 || missing.length > 0 ? 1 : 0
}
