import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../data/page-server.mjs", import.meta.url))

/**
 * Serves the rows of an NDJSON file as pages `{ data, next }` from memory, in a process of its own that ends with the job or with this process.
 * @template T
 * @param {{ path: string, rowsPerPage: number }} pages
 * @param {(baseUrl: string) => Promise<T>} job is given the address below which `events` is the first page
 * @returns {Promise<T>}
 */
export async function withPageServer({ path, rowsPerPage }, job) {
  const server = spawn(process.execPath, [script, path, String(rowsPerPage)], { stdio: ["pipe", "pipe", "inherit"] })
  try {
    const started = await Promise.race([once(server.stdout, "data"), once(server, "exit").then(() => undefined)])
    if (started === undefined) throw new Error("the server of pages did not start")
    return await job(`http://127.0.0.1:${String(started[0]).trim()}/`)
  } finally {
    server.kill()
  }
}
