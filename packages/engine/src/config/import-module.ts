import { pathToFileURL } from "node:url"

/** How a module is imported. */
export interface ImportOptions {
  /** Keep the translated text of a TypeScript module in a cache folder, for a quicker start; default true. */
  readonly cache?: boolean
}

/** Imports a module of the user's, TypeScript or JavaScript, by absolute path. */
export async function importUserModule(
  path: string,
  { cache = true }: ImportOptions = {},
): Promise<{ default?: unknown } & Record<string, unknown>> {
  if (/\.m?js$/.test(path)) return import(pathToFileURL(path).href)
  const { createJiti } = await import("jiti")
  return createJiti(import.meta.url, { interopDefault: false, ...(cache ? {} : { fsCache: false }) }).import(path)
}
