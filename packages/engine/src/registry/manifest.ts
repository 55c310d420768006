import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { LadingError, type PluginKind } from "@lading/core"

/** Version of the plugin contract that this engine speaks. */
export const specVersion = 1

/** What a plugin package says of itself in the field `lading` of its package.json. */
export interface PluginManifest {
  /** Package name. */
  readonly package: string
  readonly version: string
  readonly kind: PluginKind
  readonly name: string
  readonly spec: number
}

/**
 * Reads a package's manifest without running its code; undefined when the package is not installed.
 * @throws LadingError `not-a-plugin` when the package has no manifest
 */
export function readManifest(packageName: string, baseDirectory: string): PluginManifest | undefined {
  const path = findPackageJson(packageName, baseDirectory)
  if (path === undefined) return undefined
  const json = JSON.parse(readFileSync(path, "utf8")) as { name?: string; version?: string; lading?: unknown }
  const manifest = parseManifest(json)
  if (manifest === undefined) {
    throw new LadingError({
      code: "not-a-plugin",
      message: `${packageName} is installed, but its package.json has no field "lading" with kind, name and spec`,
      hint: "name a Lading plugin; `lading plugins` lists those that are installed",
    })
  }
  return manifest
}

/** The manifest in a package.json, or undefined when it is no plugin's. */
export function parseManifest(json: { name?: string; version?: string; lading?: unknown }): PluginManifest | undefined {
  const { lading } = json
  if (typeof lading !== "object" || lading === null) return undefined
  const { kind, name, spec } = lading as Record<string, unknown>
  if ((kind !== "source" && kind !== "destination" && kind !== "transformer") || typeof name !== "string" || typeof spec !== "number")
    return undefined
  return { package: json.name ?? "", version: json.version ?? "", kind, name, spec }
}

/** Path of an installed package's package.json, looked for from the user's project upwards as Node does. */
export function findPackageJson(packageName: string, baseDirectory: string): string | undefined {
  const paths = createRequire(join(baseDirectory, "package.json")).resolve.paths(packageName) ?? []
  for (const folder of paths) {
    const candidate = join(folder, packageName, "package.json")
    if (isReadable(candidate)) return candidate
  }
  return undefined
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

/** Plugins among the direct dependencies of the project around `baseDirectory`, from their manifests alone. */
export function listPlugins(baseDirectory: string): PluginManifest[] {
  const project = projectOf(baseDirectory)
  if (project === undefined) return []
  const { dependencies = {}, devDependencies = {} } = project.json
  const names = Object.keys({ ...dependencies, ...devDependencies }).sort()
  return names.flatMap((name) => {
    const path = findPackageJson(name, project.folder)
    const manifest = path === undefined ? undefined : parseManifest(JSON.parse(readFileSync(path, "utf8")) as object)
    return manifest === undefined ? [] : [manifest]
  })
}

interface Project {
  readonly folder: string
  readonly json: { readonly dependencies?: Record<string, string>; readonly devDependencies?: Record<string, string> }
}

function projectOf(directory: string): Project | undefined {
  const path = join(directory, "package.json")
  if (isReadable(path)) return { folder: directory, json: JSON.parse(readFileSync(path, "utf8")) as Project["json"] }
  return dirname(directory) === directory ? undefined : projectOf(dirname(directory))
}
