import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { findPackageJson } from "./manifest.ts"

/** Conditions of `exports` that hold for an import in Node, besides those of the file's own order. */
const conditions: readonly string[] = ["node", "import", "module-sync", "default"]

/**
 * Path of the module that importing an installed package runs, seen from the user's project. `createRequire` answers for packages that
 * can be required; one that can only be imported is answered from its `exports` (Node's package entry points).
 */
export function resolveEntry(packageName: string, baseDirectory: string): string {
  try {
    return createRequire(join(baseDirectory, "package.json")).resolve(packageName)
  } catch (error) {
    const path = findPackageJson(packageName, baseDirectory)
    const target = path === undefined ? undefined : mainExport(JSON.parse(readFileSync(path, "utf8")) as { exports?: unknown })
    if (path === undefined || target === undefined) throw error
    return join(dirname(path), target)
  }
}

function mainExport({ exports }: { readonly exports?: unknown }): string | undefined {
  const isSubpaths = typeof exports === "object" && exports !== null && "." in exports
  return pick(isSubpaths ? (exports as Readonly<Record<string, unknown>>)["."] : exports)
}

function pick(target: unknown): string | undefined {
  if (typeof target === "string") return target
  if (typeof target !== "object" || target === null) return undefined
  for (const [condition, inner] of Object.entries(target)) {
    const found = conditions.includes(condition) ? pick(inner) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
