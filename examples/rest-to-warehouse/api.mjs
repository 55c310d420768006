// A shop's API as many are: pages behind a cursor, a filter by time, and a limit that answers 429 and says how long to wait.
// `node api.mjs [port]` starts it alone; POST /_next brings the second day.
import { createServer } from "node:http"
import { pathToFileURL } from "node:url"

const pageSize = 2
/** So many requests, then a second's pause. */
const quota = 4
const pauseMs = 1000

const firstDay = {
  customers: [
    { id: 1, name: "Ada", country: "fr", updated_at: "2024-05-01T08:00:00Z" },
    { id: 2, name: "Bo", country: "de", updated_at: "2024-05-01T08:00:00Z" },
    { id: 3, name: "Cleo", country: "fr", updated_at: "2024-05-01T09:00:00Z" },
  ],
  orders: [
    { id: 1, customer_id: 1, status: "paid", total: 20.5, updated_at: "2024-05-01T10:00:00Z", lines: [{ sku: "tea", quantity: 2 }] },
    { id: 2, customer_id: 2, status: "open", total: 10, updated_at: "2024-05-01T11:00:00Z", lines: [{ sku: "cup", quantity: 1 }] },
    { id: 3, customer_id: 1, status: "paid", total: 5.25, updated_at: "2024-05-01T12:00:00Z", lines: [{ sku: "tea", quantity: 1 }] },
    { id: 4, customer_id: 3, status: "paid", total: 7, updated_at: "2024-05-01T12:00:00Z", lines: [] },
  ],
}

/** Bo's order is paid, two are new, one of them with a coupon: a field that nobody has announced. Cleo has moved. */
const secondDay = {
  customers: [{ id: 3, name: "Cleo", country: "de", updated_at: "2024-05-02T07:00:00Z" }],
  orders: [
    { id: 2, customer_id: 2, status: "paid", total: 10, updated_at: "2024-05-02T08:00:00Z", lines: [{ sku: "cup", quantity: 1 }] },
    { id: 5, customer_id: 3, status: "paid", total: 12, updated_at: "2024-05-02T09:00:00Z", coupon: "SPRING", lines: [] },
    { id: 6, customer_id: 2, status: "open", total: 3, updated_at: "2024-05-02T10:00:00Z", lines: [{ sku: "tea", quantity: 1 }] },
  ],
}

/** Starts the API: `{ url, seen, nextDay(), close() }`; `seen` counts answers by status. */
export async function startApi(port = 0) {
  const data = { customers: [...firstDay.customers], orders: [...firstDay.orders] }
  const seen = new Map()
  const isAllowed = createQuota()
  const nextDay = () => {
    for (const name of Object.keys(data)) data[name] = merged(data[name], secondDay[name])
  }
  const server = createServer((request, response) => {
    const answer = (status, body, headers = {}) => {
      seen.set(status, (seen.get(status) ?? 0) + 1)
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
    }
    const url = new URL(request.url, "http://localhost")
    const rows = data[url.pathname.slice(1)]
    if (request.method === "POST" && url.pathname === "/_next") answer(200, nextDay() ?? {})
    else if (!rows) answer(404, { error: "no such thing" })
    else if (!isAllowed()) answer(429, { error: "slow down" }, { "retry-after": "1" })
    else answer(200, pageOf(rows, url.searchParams))
  })
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve))
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections())
  return { url: `http://127.0.0.1:${server.address().port}`, seen, nextDay, close }
}

function pageOf(rows, query) {
  const since = query.get("updated_since") ?? ""
  const wanted = rows.filter(({ updated_at }) => updated_at >= since)
  const from = Number(query.get("cursor") ?? 0)
  const next = from + pageSize
  return { data: wanted.slice(from, next), next_cursor: next < wanted.length ? String(next) : null }
}

function merged(rows, changes) {
  const ids = new Set(changes.map(({ id }) => id))
  return [...rows.filter(({ id }) => !ids.has(id)), ...changes]
}

/** The pause begins with the request that is one too many. */
function createQuota() {
  let left = quota
  let until
  return () => {
    if (left === 0) {
      until ??= Date.now() + pauseMs
      if (Date.now() < until) return false
      left = quota
      until = undefined
    }
    left -= 1
    return true
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(`SHOP_API=${(await startApi(Number(process.argv[2] ?? 8787))).url}`)
