import { Agent, request } from "undici"

const [baseUrl, count] = process.argv.slice(2)
const dispatcher = new Agent()
let rows = 0
// Each page names the next one, so there is one request at a time, as for a loader that follows links.
for (let url = `${baseUrl}events`; url !== null; ) {
  const { body } = await request(url, { dispatcher })
  const page = JSON.parse(await body.text())
  rows += page.data.length
  url = page.next
}
await dispatcher.close()
if (rows !== Number(count)) throw new Error(`${rows} rows, expected ${count}`)
