import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Absolute path of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..")

/** What a package is to the rest: one of the fixed packages of `packages/`, a plugin by kind, or something that only tests or shows. */
export type Role = "package" | "source" | "destination" | "transformer" | "private"

type Dependencies = Readonly<Record<string, string>>

/** The part of a package.json that the architecture speaks about. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly files?: readonly string[]
  readonly keywords?: readonly string[]
  readonly lading?: { readonly kind?: string; readonly name?: string; readonly spec?: number }
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
  readonly peerDependencies?: Dependencies
  readonly optionalDependencies?: Dependencies
}

/** One package of the workspace; `folder` is relative to the repository. */
export interface WorkspacePackage {
  readonly folder: string
  readonly role: Role
  readonly manifest: Manifest
}

const groups: Readonly<Record<string, Role>> = {
  packages: "package",
  sources: "source",
  destinations: "destination",
  transformers: "transformer",
  test: "private",
}

function foldersOf(group: string): string[] {
  const path = join(root, group)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")))
}

function readPackage(folder: string, role: Role): WorkspacePackage {
  return { folder, role, manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }
}

/** Every package of the workspace. */
export function allPackages(): WorkspacePackage[] {
  const grouped = Object.entries(groups).flatMap(([group, role]) => foldersOf(group).map((folder) => readPackage(folder, role)))
  const single = ["examples", "bench"].filter((folder) => existsSync(join(root, folder, "package.json")))
  return [...grouped, ...single.map((folder) => readPackage(folder, "private"))]
}

/** The packages that are published. */
export function publishedPackages(): WorkspacePackage[] {
  return allPackages().filter(({ role }) => role !== "private")
}

/** The packages that users plug in: sources, destinations and transformers. */
export function plugins(): WorkspacePackage[] {
  return publishedPackages().filter(({ role }) => role !== "package")
}

/** Paths, relative to the repository, of all files that are tracked or would be: everything git does not ignore. */
export function repositoryFiles(): string[] {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  })
  return [...new Set(list.split("\n"))].filter((path) => path !== "" && existsSync(join(root, path)))
}

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8")
}

/** Source files of the repository (TypeScript and JavaScript), without generated and recorded ones. */
export function codeFiles(): string[] {
  return repositoryFiles().filter((path) => /\.(ts|mts|mjs|js)$/.test(path) && !/(^|\/)(fixtures|inputs|dist|templates)\//.test(path))
}

/** Whether a file is a test, or only serves tests (a folder `src/testing`). */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/src/testing/") || path.startsWith("test/")
}

/** The module names that a file imports or re-exports, statically or by a dynamic import of a literal; type imports included. */
export function importsOf(text: string): string[] {
  const statements =
    /^\s*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm
  return [...text.matchAll(statements)].map((match) => match[1] ?? match[2] ?? match[3] ?? "")
}
