import { pathToFileURL } from "node:url"
import { input } from "./target.ts"

/** The rows that the input `js-values.mjs` yields. */
export async function jsValues(): Promise<() => AsyncIterable<unknown>> {
  const module: { rows(): AsyncIterable<unknown> } = await import(pathToFileURL(input("js-values.mjs")).href)
  return module.rows
}
