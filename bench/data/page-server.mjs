import { readFileSync } from "node:fs"
import { createServer } from "node:http"

const newline = 0x0a
const comma = 0x2c

const [path, rowsPerPage] = process.argv.slice(2)
const pages = toPages(readFileSync(path), Number(rowsPerPage))
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1")
  const index = Number(url.searchParams.get("page") ?? 0)
  const rows = url.pathname === "/events" ? pages[index] : undefined
  if (rows === undefined) return response.writeHead(404).end()
  const next = index + 1 < pages.length ? `http://${request.headers.host}/events?page=${index + 1}` : null
  const tail = Buffer.from(`],"next":${JSON.stringify(next)}}`)
  response.writeHead(200, { "content-type": "application/json", "content-length": opening.length + rows.length + tail.length })
  response.write(opening)
  response.write(rows)
  return response.end(tail)
})
const opening = Buffer.from('{"data":[')
server.listen(0, "127.0.0.1", () => console.log(server.address().port))
// The pages are served as long as the harness holds this end open.
process.stdin.on("end", () => process.exit(0)).resume()

/** Lines of NDJSON, so many to a page, joined by commas: their newlines are the only ones, as JSON escapes those in texts. */
function toPages(text, size) {
  const found = []
  let start = 0
  let lines = 0
  for (let end = text.indexOf(newline); end !== -1; end = text.indexOf(newline, end + 1)) {
    lines += 1
    const isFull = lines % size === 0
    if (isFull || end === text.length - 1) {
      found.push(text.subarray(start, end))
      start = end + 1
    } else text[end] = comma
  }
  return found
}
