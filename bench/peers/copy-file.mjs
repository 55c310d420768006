import { createReadStream } from "node:fs"
import { pipeline } from "node:stream/promises"
import { from } from "pg-copy-streams"

/**
 * Sends a file to a `COPY ... FROM STDIN` in blocks of 1 MiB.
 * @param {import("pg").Client} client
 * @param {string} sql
 * @param {string} path
 */
export function copyFile(client, sql, path) {
  return pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), client.query(from(sql)))
}
