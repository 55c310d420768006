import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Absolute path of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")

/** Folders whose direct children are published packages, by kind. */
export const packageFolders = ["packages", "sources", "destinations", "transformers"]

/** Parses the JSON file at `path`. */
export function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"))
}

function childFolders(folder) {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`)
      .sort()
  } catch (error) {
    if (error.code === "ENOENT") return []
    throw error
  }
}

function readManifest(folder) {
  try {
    return readJson(join(root, folder, "package.json"))
  } catch (error) {
    if (error.code === "ENOENT") return undefined
    throw error
  }
}

/**
 * The packages below `folders` (paths relative to the repository, whose direct children are packages), sorted by path.
 * Each is `{ folder, manifest }`; a child folder without a package.json is left out.
 */
export function listPackages(folders = packageFolders) {
  return folders
    .flatMap(childFolders)
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter((found) => found.manifest !== undefined)
}
