import { secret } from "@lading/core"
import { type RestFaultServer, startRestFaults } from "@lading/testkit"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { RestEndpoint, RestOptions } from "./options.ts"
import { rest } from "./rest.ts"
import { createRun, readAll, resourceOf } from "./testing/read-all.ts"

let server: RestFaultServer
beforeEach(async () => {
  server = await startRestFaults()
})
afterEach(() => server.close())

function api(resources: RestOptions["resources"], more: Partial<RestOptions> = {}) {
  const client = { baseUrl: server.url, allowPrivateAddresses: true, retry: { maxAttempts: 2, baseDelayMs: 1 }, ...more.client }
  return rest({ ...more, client, resources })
}

const serve = (path: string, body: unknown): void => server.script(path, { kind: "json", body })
const urls = (): readonly string[] => server.requests.map(({ url }) => url)

describe("an endpoint", () => {
  it("is the resource's name, and rows and pages are found without a word", async () => {
    serve("/posts", { results: [{ id: 1 }], next: "/posts?page=2" })
    serve("/posts?page=2", { results: [{ id: 2 }], next: null })
    expect((await readAll(api(["posts"]), "posts")).rows).toEqual([{ id: 1 }, { id: 2 }])
  })

  it("takes params, headers, a path of its own, and a path parameter that is no query value", async () => {
    serve("/v2/repos/a%2Fb/issues", [{ id: 1 }])
    const endpoint = {
      path: "v2/repos/{repo}/issues",
      params: { repo: "a/b", state: "open", labels: ["x", "y"], none: null },
      headers: { "x-a": secret("s") },
    }
    await readAll(api([{ name: "issues", endpoint }]), "issues")
    expect(urls()).toEqual(["/v2/repos/a%2Fb/issues?state=open&labels=x&labels=y"])
    expect(server.requests[0]?.headers["x-a"]).toBe("s")
  })

  it("can be a POST whose body carries the cursor", async () => {
    server.script("/search", ({ body }) => {
      const { after = 0 } = JSON.parse(body).page ?? {}
      return { kind: "json", body: { hits: [{ id: after }], cursor: after < 2 ? after + 1 : null } }
    })
    const paginator = { type: "cursor", cursorPath: "cursor", cursorBodyPath: "page.after" } as const
    const source = api([{ name: "search", endpoint: { method: "POST", json: { q: "x" }, paginator } }])
    expect((await readAll(source, "search")).rows).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }])
    expect(server.requests.map(({ body }) => body)).toEqual(['{"q":"x"}', '{"q":"x","page":{"after":1}}', '{"q":"x","page":{"after":2}}'])
  })

  it("whose last piece names one thing is one page with one row", async () => {
    serve("/users/7", { id: 7, posts: [{ id: 1 }], next: "/x" })
    expect((await readAll(api([{ name: "user", endpoint: { path: "users/{id}", params: { id: 7 } } }]), "user")).rows).toHaveLength(1)
  })

  it.each([
    ["a list of lists", "[*]", [[{ a: 1 }], [{ a: 2 }]], [[{ a: 1 }], [{ a: 2 }]]],
    ["objects in a list", "items[*].detail", { items: [{ detail: { a: 1 } }, { detail: { a: 2 } }] }, [{ a: 1 }, { a: 2 }]],
    ["one object", "data", { data: { a: 1 } }, [{ a: 1 }]],
    ["null", "data", { data: null }, []],
    ["nothing", "data", { other: [1] }, []],
    ["scalars", "$", [1, "x"], [1, "x"]],
  ])("selects %s", async (_, dataSelector, body, rows) => {
    serve("/x", body)
    expect((await readAll(api([{ name: "x", endpoint: { dataSelector } }]), "x")).rows).toEqual(rows)
  })

  it("gives rows as the bytes that came, with every digit", async () => {
    server.script("/x", { kind: "json", body: '{"items":[{"id":9007199254740993,"a":1.0}]}' })
    const { batches } = await readAll(api([{ name: "x", endpoint: { dataSelector: "items" } }]), "x")
    expect(batches).toMatchObject([{ kind: "json-lines", origin: { name: `${server.url}/x` } }])
    expect(Buffer.from((batches[0] as { bytes: Uint8Array }).bytes).toString()).toBe('{"id":9007199254740993,"a":1.0}\n')
  })

  it("sends no credentials where a link leads elsewhere", async () => {
    const other = await startRestFaults()
    try {
      serve("/x", { items: [{ id: 1 }], next: `${other.url}/x` })
      other.script("/x", { kind: "json", body: { items: [{ id: 2 }] } })
      const resources = [{ name: "x", endpoint: { auth: { type: "bearer", token: "canary" } } }] as const
      expect((await readAll(api(resources), "x")).rows).toEqual([{ id: 1 }, { id: 2 }])
      expect(server.requests[0]?.headers.authorization).toBe("Bearer canary")
      expect(JSON.stringify(other.requests)).not.toContain("canary")
    } finally {
      await other.close()
    }
  })

  it("auth of its own, or null, replaces the client's", async () => {
    for (const path of ["/a", "/b", "/c"]) serve(path, [{ id: 1 }])
    const auth = { type: "bearer", token: "t" } as const
    const resources = [
      "a",
      { name: "b", endpoint: { auth: null } },
      { name: "c", endpoint: { auth: { type: "basic", username: "u", password: "p" } } },
    ] as const
    const source = api(resources, { client: { baseUrl: server.url, auth } })
    for (const name of ["a", "b", "c"]) await readAll(source, name)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer t", undefined, "Basic dTpw"])
  })
})

describe("defaults", () => {
  it("are merged: params key by key, hints as they are, a paginator as a whole", async () => {
    serve("/a", [{ id: 1 }])
    const defaults = {
      primaryKey: "id",
      columns: { x: { dataType: "text" } },
      endpoint: { params: { limit: 5, sort: "a" }, paginator: "singlePage" },
    } as const
    const resources = [{ name: "a", columns: { x: { nullable: false } }, endpoint: { params: { sort: "b" } } }]
    const source = api(resources, { resourceDefaults: defaults })
    expect(resourceOf(source, "a").hints).toEqual({ primaryKey: "id", columns: { x: { dataType: "text", nullable: false } } })
    await readAll(source, "a")
    expect(urls()).toEqual(["/a?limit=5&sort=b"])
  })
})

describe("incremental", () => {
  const read = (endpoint: object, cursor: { start?: unknown; end?: unknown }) => readAll(api([{ name: "x", endpoint }]), "x", { cursor })
  beforeEach(() => serve("/x", []))

  it("a block sends where the run starts and ends, as the API wants it", async () => {
    const incremental = {
      cursor: "at",
      initialValue: 10,
      endValue: 90,
      startParam: "from",
      endParam: "to",
      convert: (value: unknown) => Number(value) * 2,
    }
    await read({ incremental }, { start: 20, end: 90 })
    expect(urls()).toEqual(["/x?from=40&to=180"])
    expect(resourceOf(api([{ name: "x", endpoint: { incremental } }]), "x").hints).toEqual({
      incremental: { cursor: "at", initialValue: 10, endValue: 90 },
    })
  })

  it("a parameter of its own type is left out while there is no start", async () => {
    const params = { since: { type: "incremental", cursor: "at" } }
    await read({ params }, {})
    await read({ params }, { start: "2024-01-01" })
    expect(urls()).toEqual(["/x", "/x?since=2024-01-01"])
  })

  it("placeholders stand in texts, bodies and headers", async () => {
    const incremental = { cursor: "at", initialValue: "a" }
    const endpoint = {
      method: "POST",
      incremental,
      params: { q: "at>{incremental.start}" },
      json: { since: "{incremental.start}", n: [1, "{incremental.initial}"] },
      headers: { "x-since": "{incremental.start}" },
    }
    await read(endpoint, { start: "b" })
    expect(server.requests[0]).toMatchObject({ url: "/x?q=at%3Eb", body: '{"since":"b","n":[1,"a"]}', headers: { "x-since": "b" } })
  })
})

describe("resources that depend on others", () => {
  beforeEach(() => {
    serve("/users", [
      { id: 1, org: { slug: "o/1" } },
      { id: 2, org: { slug: "o2" } },
    ])
    server.script("/notes", ({ query, body, headers }) => ({
      kind: "json",
      body: [{ user: query.get("user"), body, header: headers["x-user"] }],
    }))
  })

  it("are filled in path, query, body and headers, and get fields of the parent", async () => {
    const endpoint = {
      path: "notes",
      method: "POST",
      params: { user: { type: "resolve", resource: "users", field: "id" } },
      json: { id: "{resources.users.id}", text: "user {resources.users.id}" },
      headers: { "x-user": "{resources.users.org.slug}" },
    } as const
    const { rows } = await readAll(api(["users", { name: "notes", endpoint, includeFromParent: ["id", "org.slug"] }]), "notes")
    expect(rows).toEqual([
      { user: "1", body: '{"id":1,"text":"user 1"}', header: "o/1", _users_id: 1, _users_org_slug: "o/1" },
      { user: "2", body: '{"id":2,"text":"user 2"}', header: "o2", _users_id: 2, _users_org_slug: "o2" },
    ])
  })

  it("share the parent's rows within one run, and read the parent when it was not read", async () => {
    const source = api(["users", { name: "notes", endpoint: { path: "notes", params: { user: "{resources.users.id}" } } }])
    const parents = (): number => urls().filter((url) => url === "/users").length
    const run = createRun()
    await readAll(source, "users", {}, run)
    await readAll(source, "notes", {}, run)
    expect(parents()).toBe(1)
    await readAll(source, "notes", {}, createRun())
    expect(parents()).toBe(2)
    await readAll(source, "notes", {}, run)
    expect(parents()).toBe(3)
  })

  it("see the parent's rows after its processing steps; a parent that is not selected is no resource", async () => {
    const users = {
      name: "users",
      selected: false,
      processingSteps: [{ filter: (row: { id: number }) => row.id > 1 }, { map: (row: { id: number }) => ({ id: row.id * 10 }) }],
    }
    const source = api([users, { name: "notes", endpoint: { path: "notes", params: { user: "{resources.users.id}" } } }])
    expect(source.resources.map(({ name }) => name)).toEqual(["notes"])
    expect((await readAll(source, "notes")).rows).toMatchObject([{ user: "20" }])
  })

  it("may stand at an address that the parent's row holds", async () => {
    serve("/users", [{ url: `${server.url}/users/1?full=true` }, { url: "/users/2" }])
    serve("/users/1", { id: 1 })
    serve("/users/2", { id: 2 })
    expect((await readAll(api(["users", { name: "details", endpoint: "{resources.users.url}" }]), "details")).rows).toEqual([
      { id: 1 },
      { id: 2 },
    ])
  })

  it("may depend on one that depends itself", async () => {
    serve("/users/1/posts", [{ id: 11 }])
    serve("/users/2/posts", [{ id: 21 }, { id: 22 }])
    for (const id of [11, 21, 22]) serve(`/posts/${id}/likes`, [{ like: id }])
    const resources = [
      { name: "likes", endpoint: "posts/{resources.posts.id}/likes" },
      { name: "posts", endpoint: "users/{resources.users.id}/posts" },
      "users",
    ]
    expect((await readAll(api(resources), "likes")).rows).toEqual([{ like: 11 }, { like: 21 }, { like: 22 }])
  })

  it("come in the order of the parents, with so many at a time", async () => {
    const ids = Array.from({ length: 12 }, (_, i) => i)
    serve(
      "/users",
      ids.map((id) => ({ id })),
    )
    for (const id of ids) serve(`/slow/${id}/x`, [{ id }])
    const source = api(["users", { name: "x", endpoint: "slow/{resources.users.id}/x" }], { concurrency: 3 })
    expect((await readAll(source, "x")).rows).toEqual(ids.map((id) => ({ id })))
  })

  it.each([
    ["is missing", { name: "a" }, /a row of users has no field id; it has name/],
    ["is null", { id: null }, /is null/],
    ["is two dots", { id: ".." }, /would lead to another address/],
  ])("fail where the field %s", async (_, row, message) => {
    serve("/users", [row])
    const reading = readAll(api(["users", { name: "x", endpoint: "users/{resources.users.id}/x" }]), "x")
    await expect(reading).rejects.toMatchObject({ code: "parent-field-missing", message: expect.stringMatching(message) })
  })
})

describe("response actions", () => {
  const read = (responseActions: readonly unknown[]) => {
    const endpoint = { responseActions } as RestEndpoint
    return readAll(api([{ name: "x", endpoint }]), "x")
  }
  beforeEach(() => server.script("/x", { kind: "json", status: 404, body: { error: "no such thing" } }))

  it.each([
    ["a status", { status: 404, action: "ignore" }],
    ["a text", { content: "no such", action: "ignore" }],
    ["both", { status: 404, content: "no such", action: "ignore" }],
    ["a function", (response: { status: number }) => (response.status === 404 ? "ignore" : undefined)],
  ])("ignore by %s", async (_, action) => {
    expect((await read([action])).rows).toEqual([])
  })

  it.each([
    ["another status", { status: 403, action: "ignore" }],
    ["the status with another text", { status: 404, content: "else", action: "ignore" }],
  ])("do not ignore by %s", async (_, action) => {
    await expect(read([action])).rejects.toMatchObject({ code: "http-status" })
  })

  it("accept reads the answer as a page; retry asks again, also for what is otherwise final", async () => {
    expect((await read([{ status: 404, action: "accept" }])).rows).toEqual([{ error: "no such thing" }])
    server.script("/x", { kind: "status", status: 403, text: "secondary rate limit" }, { kind: "json", body: [{ id: 1 }] })
    expect((await read([{ status: 403, content: "rate limit", action: "retry" }])).rows).toEqual([{ id: 1 }])
  })

  it("an ignored 500 is not tried again", async () => {
    server.script("/x", { kind: "status", status: 500 })
    const before = server.requests.length
    await read([{ status: 500, action: "ignore" }])
    expect(server.requests.length - before).toBe(1)
  })
})

describe("a configuration that does not fit", () => {
  const client = { baseUrl: "https://api.example.com" }
  it.each([
    [
      "a misspelt key",
      { client: { base_url: "https://x.example.com" }, resources: ["a"] },
      "client.base_url is no option here: write baseUrl",
    ],
    [
      "a wrong kind",
      { client, resources: [{ name: "a", endpoint: { method: "PATCH" } }] },
      "resources[0].endpoint.method must be GET or POST",
    ],
    [
      "an unknown paginator",
      { client, resources: [{ name: "a", endpoint: { paginator: "pages" } }] },
      "resources[0].endpoint.paginator must be auto",
    ],
    ["an offset without limit", { client: { ...client, paginator: "offset" }, resources: ["a"] }, "client.paginator needs a limit"],
    [
      "half an auth",
      { client: { ...client, auth: { type: "basic", username: "u" } }, resources: ["a"] },
      "client.auth.password is missing",
    ],
    ["a name that is taken", { client, resources: ["a", "a"] }, "resources[1].name a is there already"],
    ["an unknown parent", { client, resources: [{ name: "a", endpoint: "b/{resources.c.id}" }] }, "resources[0] depends on c"],
    [
      "two parents",
      { client, resources: ["a", "b", { name: "c", endpoint: "{resources.a.x}/{resources.b.y}/z" }] },
      "resources[2].endpoint depends on several",
    ],
    [
      "a circle",
      {
        client,
        resources: [
          { name: "a", endpoint: "{resources.b.x}/a" },
          { name: "b", endpoint: "{resources.a.x}/b" },
        ],
      },
      "in a circle",
    ],
    [
      "an unfilled path",
      { client, resources: [{ name: "a", endpoint: "a/{id}" }] },
      "resources[0].endpoint.path {id} is filled by nothing",
    ],
    [
      "a placeholder without a cursor",
      { client, resources: [{ name: "a", endpoint: { params: { q: "{incremental.start}" } } }] },
      "needs an incremental block",
    ],
    [
      "a mistaken placeholder",
      { client, resources: [{ name: "a", endpoint: { json: { q: "{resource.b.id}" } } }] },
      "resources[0].endpoint.json {resource.b.id} must be",
    ],
    [
      "a parent's field without parent",
      { client, resources: [{ name: "a", includeFromParent: ["id"] }] },
      "resources[0].includeFromParent needs a parent",
    ],
    [
      "an action without a condition",
      { client, resources: [{ name: "a", endpoint: { responseActions: [{ action: "ignore" }] } }] },
      "responseActions[0] needs a status",
    ],
    [
      "a path that is none",
      { client, resources: [{ name: "a", endpoint: { dataSelector: "a..b" } }] },
      'resources[0].endpoint.dataSelector "a..b" is no path',
    ],
  ])("%s is told with its key", (_, options, message) => {
    expect(() => rest(options as RestOptions)).toThrow(message)
  })

  it("GraphQL in a body is no placeholder", () => {
    expect(() =>
      rest({ client, resources: [{ name: "a", endpoint: { method: "POST", json: { query: "{ users { id } } {a{b}}" } } }] }),
    ).not.toThrow()
  })

  it("shows no secret", () => {
    const options = {
      client: { ...client, auth: { type: "bearer", token: "canary", more: "canary" } },
      resources: ["a"],
    } as unknown as RestOptions
    expect(() => rest(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining("canary") }))
  })
})
