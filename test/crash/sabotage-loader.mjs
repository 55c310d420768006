// `node --import sabotage-loader.mjs`: loads modules with the bug that the environment names.
import { register } from "node:module"
import { isMainThread } from "node:worker_threads"
import { sabotaged } from "./sabotage.mjs"

if (isMainThread) register(import.meta.url)

export async function load(url, context, next) {
  const loaded = await next(url, context)
  if (loaded.format !== "module" || !url.includes("/dist/index.js")) return loaded
  return { ...loaded, source: sabotaged(url, String(loaded.source), process.env) }
}
