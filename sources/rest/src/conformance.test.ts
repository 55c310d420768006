import { type SourceScenario, startRestFaults, testSource } from "@lading/testkit"
import type { RestOptions } from "./options.ts"
import { plugin } from "./plugin.ts"

const packageJson = new URL("../package.json", import.meta.url)
const client = { baseUrl: "https://api.example.com" }
const invalidOptions = [
  ...[{}, "https://api.example.com", { client }, { client, resources: [] }, { client: { baseUrl: "ftp://x" }, resources: ["a"] }],
  ...[
    { client, resources: ["a", "a"] },
    { client, resources: [{ name: "a", endpoint: "b/{id}" }] },
  ],
]
const retry = { maxAttempts: 2, baseDelayMs: 1 }

testSource(
  plugin,
  async (): Promise<SourceScenario<RestOptions>> => {
    const server = await startRestFaults()
    const posts = [1, 2, 3, 4, 5].map((id) => ({ id, at: `2024-01-0${id}T00:00:00Z`, tags: [id, { deep: null }] }))
    server.script("/posts", ({ query }) => {
      const since = query.get("since") ?? ""
      const from = Number(query.get("offset"))
      return { kind: "json", body: { data: posts.filter(({ at }) => at >= since).slice(from, from + 2) } }
    })
    server.script("/broken", { kind: "html" })
    server.script("/gone", { kind: "status", status: 404 })
    const base = {
      baseUrl: server.url,
      allowPrivateAddresses: true,
      retry,
      paginator: { type: "offset", limit: 2, totalPath: null },
    } as const
    const endpoint = { dataSelector: "data", incremental: { cursor: "at", startParam: "since" } }
    return {
      options: { client: base, resources: [{ name: "posts", endpoint }] },
      fetch: globalThis.fetch,
      rows: posts,
      async addRows() {
        const added = [
          { id: 6, at: "2024-01-05T00:00:00Z", tags: [] },
          { id: 7, at: "2024-01-06T00:00:00Z", tags: [] },
        ]
        posts.push(...added)
        return added
      },
      failures: [
        { name: "a page for people", options: { client: base, resources: ["broken"] }, code: "http-not-json" },
        { name: "an address that is not there", options: { client: base, resources: ["gone"] }, code: "http-status" },
      ],
      cleanUp: () => server.close(),
    }
  },
  { packageJson, invalidOptions },
)

testSource(plugin, async (): Promise<SourceScenario<RestOptions>> => {
  const server = await startRestFaults()
  const ids = [1, 2, 3, 4, 5, 6, 7]
  server.script("/users", { kind: "json", body: ids.map((id) => ({ id, name: `u${id}` })) })
  for (const id of ids) server.script(`/users/${id}/posts`, { kind: "json", body: [{ title: `a${id}` }, { title: `b${id}` }] })
  const posts = { name: "posts", endpoint: "users/{resources.users.id}/posts", includeFromParent: ["id"] }
  return {
    options: { client: { baseUrl: server.url, allowPrivateAddresses: true, retry }, resources: [posts, { name: "users" }] },
    fetch: globalThis.fetch,
    rows: [
      ...ids.map((id) => ({ id, name: `u${id}` })),
      ...ids.flatMap((id) => [
        { title: `a${id}`, _users_id: id },
        { title: `b${id}`, _users_id: id },
      ]),
    ],
    failures: [
      {
        name: "a parent without the field",
        options: {
          client: { baseUrl: server.url, allowPrivateAddresses: true, retry },
          resources: ["users", { ...posts, endpoint: "users/{resources.users.uuid}/posts" }],
        },
        code: "parent-field-missing",
      },
    ],
    cleanUp: () => server.close(),
  }
})
