import { pathToFileURL } from "node:url"
import { createJiti } from "jiti"

/** Imports a module of the user's, TypeScript or JavaScript, by absolute path. */
export async function importUserModule(path: string): Promise<{ default?: unknown } & Record<string, unknown>> {
  if (/\.m?js$/.test(path)) return import(pathToFileURL(path).href)
  return createJiti(import.meta.url, { interopDefault: false }).import(path)
}
