import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const execute = promisify(execFile)

/** Absolute path of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..")

/** A packed package: its folder in the repository and its tarball. */
export interface Tarball {
  readonly folder: string
  readonly name: string
  readonly path: string
}

/** What a finished command printed. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
}

const inherited =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix)|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/

/** The environment of somebody who does not work in this repository: none of its tools on the PATH, nothing of npm's or vitest's own variables. */
export function strangersEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name))
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(root))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), CI: "true", NO_COLOR: "1", npm_config_update_notifier: "false" }
}

/** Runs a command in `cwd` as a stranger would. Throws, with everything that was printed, when it does not exit with 0. */
export async function runIn(cwd: string, command: string, args: readonly string[]): Promise<Output> {
  try {
    const running = execute(command, [...args], { cwd, env: strangersEnvironment(), encoding: "utf8", maxBuffer: 1 << 26 })
    running.child.stdin?.end()
    return await running
  } catch (error) {
    const { stdout = "", stderr = "" } = error as Partial<Output>
    throw new Error(`${command} ${args.join(" ")} failed\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** Packs the package in `folder` with the pinned pnpm, which rewrites `workspace:` ranges, into `destination`. */
export async function pack(folder: string, destination: string): Promise<Tarball> {
  mkdirSync(destination, { recursive: true })
  const script = join(root, "scripts", "pnpm.mjs")
  const { stdout } = await runIn(join(root, folder), process.execPath, [script, "pack", "--json", "--pack-destination", destination])
  const answer = JSON.parse(stdout.slice(stdout.indexOf("{")))
  return { folder, name: answer.name, path: join(destination, basename(answer.filename)) }
}

/** A new empty folder outside of the repository, by its real path. */
export function makeFolder(prefix: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix)))
}

/** Lists the files of a tarball, without the leading `package/`. */
export async function listFiles({ path }: Tarball): Promise<string[]> {
  const { stdout } = await runIn(dirname(path), "tar", ["-tzf", path])
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((name) => name.replace(/^package\//, ""))
}

/** The package.json inside of a tarball, as text. */
export async function readPackedManifest({ path }: Tarball): Promise<string> {
  return (await runIn(dirname(path), "tar", ["-xzOf", path, "package/package.json"])).stdout
}

/** Installs the tarballs into `folder` with npm, as a project that depends on them; our packages come from the tarballs only. */
export async function installTarballs(folder: string, tarballs: readonly Tarball[]): Promise<void> {
  const dependencies = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const overrides = Object.fromEntries(tarballs.map(({ name }) => [name, `$${name}`]))
  const manifest = { name: "consumer", version: "1.0.0", private: true, type: "module", dependencies, overrides }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2))
  await runIn(folder, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"])
}

/** The bytes of a tarball in the form that publint takes. */
export function tarballBytes({ path }: Tarball): ArrayBuffer {
  const bytes = readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}
