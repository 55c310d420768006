import { createRequire } from "node:module"

/** The YAML library, loaded when a schema file is read or written and not before: that takes longer than loading a row. */
export function yaml(): typeof import("yaml") {
  return createRequire(import.meta.url)("yaml") as typeof import("yaml")
}
