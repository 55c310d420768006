import { createServer } from "node:http"

/** Rows of `/items` and what follows it, in two rounds: in the second one two rows changed and two are new. */
const items = {
  1: [1, 2, 3, 4, 5].map((id) => item(id, id)),
  2: [...[1, 2, 3].map((id) => item(id, id)), ...[4, 5].map((id) => item(id, id + 4)), ...[6, 7].map((id) => item(id, id + 4))],
}

function item(id, second) {
  const tags = id % 2 === 0 ? [`t${id}`, "even"] : []
  return {
    id,
    name: `item ${id}`,
    price: id / 4,
    updated_at: `2024-05-01T00:00:${String(second).padStart(2, "0")}Z`,
    size: { w: id, h: null },
    tags,
  }
}

const numberOf = (query, name, otherwise) => Number(query.get(name) ?? otherwise)
const parse = (body) => (body === "" ? {} : JSON.parse(body))

/** A page of rows and whether there is more. */
function slice(rows, from, limit) {
  return { page: rows.slice(from, from + limit), next: from + limit < rows.length ? from + limit : null }
}

/** Answers by path: `({ query, rows, url, body, headers })` gives `{ body, headers?, status? }`. */
const routes = {
  "/plain": ({ rows }) => ({ body: rows }),
  "/json-link": ({ query, rows, url }) => {
    const { page, next } = slice(rows, numberOf(query, "from", 0), 2)
    return { body: { data: page, paging: { next: next === null ? null : `${url}?from=${next}` } } }
  },
  "/relative-link": ({ query, rows, path }) => {
    const { page, next } = slice(rows, numberOf(query, "from", 0), 2)
    return { body: { results: page, next: next === null ? null : `${path}?from=${next}` } }
  },
  "/header-link": ({ query, rows, url }) => {
    const { page, next } = slice(rows, numberOf(query, "from", 0), 2)
    return { body: page, headers: next === null ? {} : { link: `<${url}?from=0>; rel="first", <${url}?from=${next}>; rel="next"` } }
  },
  "/header-cursor": ({ query, rows }) => {
    const { page, next } = slice(rows, numberOf(query, "after", 0), 2)
    return { body: { items: page }, headers: next === null ? {} : { "x-next": String(next) } }
  },
  "/cursor": ({ query, rows }) => {
    const { page, next } = slice(rows, numberOf(query, "cursor", 0), 2)
    return { body: { items: page, cursors: { next } } }
  },
  "/search": ({ body, rows }) => {
    const { filter, page: asked = {} } = parse(body)
    const { page, next } = slice(rows, Number(asked.after ?? 0), 2)
    return { body: { hits: page.map((row) => ({ ...row, filter })), next } }
  },
  "/offset": ({ query, rows }) => {
    const { page } = slice(rows, numberOf(query, "offset", 0), numberOf(query, "limit", 100))
    return { body: { data: page, total: rows.length } }
  },
  "/pages": ({ query, rows }) => {
    const { page } = slice(rows, (numberOf(query, "page", 1) - 1) * 2, 2)
    return { body: { data: page, meta: { pages: Math.ceil(rows.length / 2) } } }
  },
  "/nested": ({ rows }) => ({ body: { status: "ok", errors: [], response: { count: rows.length, products: rows } } }),
  "/details": ({ rows }) => ({ body: { list: rows.map(({ id }) => ({ detail: { id, text: `d${id}` } })) } }),
  "/since": ({ query, rows }) => {
    const since = query.get("since") ?? ""
    const until = query.get("until") ?? "9"
    return { body: { data: rows.filter(({ updated_at }) => updated_at >= since && updated_at < until).map((row) => ({ ...row, since })) } }
  },
  "/numbers": () => ({ body: '[{"id":1,"a":1.0,"b":9007199254740993,"c":1e3,"d":-0.5},{"id":2,"a":2.5,"b":2,"c":7,"d":3}]' }),
  "/users": ({ rows }) => ({ body: rows.slice(0, 3).map(({ id }) => ({ id, org: { slug: `o${id}` }, kind: id === 2 ? "bot" : "human" })) }),
  "/broken": () => ({ status: 500, body: { error: "maintenance window" } }),
  "/secure": ({ headers, query, rows }) => {
    const keys = [headers.authorization, headers["x-key"], query.get("key")].filter(Boolean)
    return ["Bearer right", "Basic dTpw", "right"].includes(keys.join()) ? { body: rows } : { status: 403, body: { error: "who is that?" } }
  },
}

/** `/users/<id>`, `/users/<id>/posts`, `/users/<id>/posts/<post>/likes`; user 2 has no posts, and says so with a 404. */
function userRoute(path) {
  const [, id, , post] = /^\/users\/(\d+)(\/posts(?:\/(\d+)\/likes)?)?$/.exec(path) ?? []
  if (id === undefined) return undefined
  if (path === `/users/${id}`) return { body: { id: Number(id), name: `user ${id}`, roles: [{ name: "a" }, { name: "b" }] } }
  if (post !== undefined) return { body: [{ by: `fan of ${post}` }] }
  if (id === "2") return { status: 404, body: { error: "no posts here" } }
  return { body: { posts: [1, 2].map((n) => ({ post: Number(id) * 10 + n, title: `p${n}` })), total: 2 } }
}

/**
 * Starts the API that both sides read: `<url>/<round>/<path>`. The same answers for the same requests, whoever asks, whenever.
 * Resolves to `{ url, close }`.
 */
export async function startRestServer() {
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += String(chunk)
    const asked = new URL(request.url, `http://${request.headers.host}`)
    const [, round, path] = /^\/(\d)(\/.*)$/.exec(asked.pathname) ?? []
    const facts = { query: asked.searchParams, rows: items[round], url: `${asked.origin}${asked.pathname}`, path: asked.pathname, body }
    const route = Object.hasOwn(routes, path ?? "") ? routes[path] : () => userRoute(path ?? "")
    const answer = route({ ...facts, headers: request.headers }) ?? { status: 404, body: { error: "no such thing" } }
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body)
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers }).end(text)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
