import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

/**
 * Whether a package of this workspace can be imported as it is published; says so in the log where it cannot.
 * @param {string} name
 * @param {(line: string) => void} log
 */
export function isBuilt(name, log) {
  const found = resolve(name)
  if (found !== undefined && existsSync(found)) return true
  log(`  left out: ${name} is not built here; run the build first`)
  return false
}

function resolve(name) {
  try {
    return fileURLToPath(import.meta.resolve(name))
  } catch {
    return undefined
  }
}
