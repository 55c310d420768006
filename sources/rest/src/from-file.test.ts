import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { secret } from "@lading/core"
import { startRestFaults } from "@lading/testkit"
import { afterAll, describe, expect, it } from "vitest"
import { restFromFile } from "./from-file.ts"
import { readAll, resourceOf } from "./testing/read-all.ts"

const folder = mkdtempSync(join(tmpdir(), "lading-rest-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string, name = "api.yaml"): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe("a source that a file declares", () => {
  it("is JSON, with a client's secrets from elsewhere", () => {
    const text =
      '{\n\t"name": "api", "client": { "baseUrl": "https://api.example.com" },\n\t"resources": ["posts", { "name": "users", "primaryKey": "id" }] }'
    const source = restFromFile(file(text, "api.json"), { auth: { type: "bearer", token: "t" } })
    expect(source).toMatchObject({ name: "api", resources: [{ name: "posts" }, { name: "users", hints: { primaryKey: "id" } }] })
  })

  it.each([
    [
      "ours",
      `
name: api
client:
  baseUrl: URL
  allowPrivateAddresses: true
  auth: { type: apiKey, name: x-key, key: { secret: shop-key } }
  paginator: { type: cursor, cursorPath: next, cursorParam: after }
resourceDefaults:
  primaryKey: id
  writeDisposition: { disposition: merge, strategy: upsert }
resources:
  - name: users
    table: people
    contract: { dataType: freeze }
    columns: { born_on: { dataType: date } }
    endpoint:
      path: v1/users
      dataSelector: data
      params: { created_by: me }
      incremental: { cursor: updated_at, initialValue: "2024-01-01", startParam: since }
      responseActions: [{ status: 404, action: ignore }]
  - name: notes
    includeFromParent: [id]
    endpoint: { path: "v1/users/{resources.users.id}/notes", params: { since: "{incremental.start}" }, incremental: { cursor: at, initialValue: 7 } }
`,
    ],
    [
      "dlt's",
      `
name: api
client:
  base_url: URL
  allow_private_addresses: true
  auth: { type: api_key, name: x-key, api_key: { secret: shop-key } }
  paginator: { type: cursor, cursor_path: next, cursor_param: after }
resource_defaults:
  primary_key: id
  write_disposition: { disposition: merge, strategy: upsert }
resources:
  - name: users
    table_name: people
    schema_contract: { data_type: freeze }
    columns: { born_on: { data_type: date } }
    endpoint:
      path: v1/users
      data_selector: data
      params: { created_by: me }
      incremental: { cursor_path: updated_at, initial_value: "2024-01-01", start_param: since }
      response_actions: [{ status_code: 404, action: ignore }]
  - name: notes
    include_from_parent: [id]
    endpoint: { path: "v1/users/{resources.users.id}/notes", params: { since: "{incremental.start_value}" }, incremental: { cursor_path: at, initial_value: 7 } }
`,
    ],
  ])("is YAML in %s spelling, and reads the same", async (_, text) => {
    const server = await startRestFaults()
    try {
      server.script(
        "/v1/users",
        { kind: "json", body: { data: [{ id: 1 }], next: "b" } },
        { kind: "json", body: { data: [{ id: 2 }], next: null } },
      )
      server.script("/v1/users/1/notes", { kind: "json", body: [{ text: "n", at: 8 }] })
      server.script("/v1/users/2/notes", { kind: "json", body: [] })
      const source = restFromFile(file(text.replace("URL", server.url)), {}, { secrets: { "shop-key": secret("canary") } })
      expect(resourceOf(source, "users").hints).toEqual({
        table: "people",
        primaryKey: "id",
        writeDisposition: { disposition: "merge", strategy: "upsert" },
        contract: { dataType: "freeze" },
        columns: { born_on: { dataType: "date" } },
        incremental: { cursor: "updated_at", initialValue: "2024-01-01" },
      })
      expect((await readAll(source, "users")).rows).toEqual([{ id: 1 }, { id: 2 }])
      expect(server.requests.map(({ url }) => url)).toEqual([
        "/v1/users?created_by=me&since=2024-01-01",
        "/v1/users?created_by=me&since=2024-01-01&after=b",
      ])
      expect(server.requests[0]?.headers["x-key"]).toBe("canary")
      server.script("/v1/users", { kind: "json", body: { data: [{ id: 1 }] } })
      expect((await readAll(source, "notes")).rows).toEqual([{ text: "n", at: 8, _users_id: 1 }])
      expect(server.requests.at(-1)?.url).toBe("/v1/users/1/notes?since=7")
    } finally {
      await server.close()
    }
  })
})

const client = "client: { baseUrl: https://api.example.com }\n"

describe("what is wrong in a file is told without what is in it", () => {
  it.each<[string, () => string, string, RegExp]>([
    ["is not there", () => join(folder, "nothing.yaml"), "file-unreadable", /nothing\.yaml/],
    ["is no YAML", () => file("client:\n  a: [canary"), "invalid-yaml", /api\.yaml:2:\d+: /],
    ["is no JSON", () => file('{ "canary": ', "api.json"), "invalid-json", /api\.json:1:\d+: /],
    ["has a key twice", () => file("client: 1\nclient: canary"), "invalid-yaml", /api\.yaml:2:1: duplicate key/],
    ["is no object", () => file("1"), "invalid-yaml", /holds no object/],
    ["follows nothing", () => file("client: *canary"), "invalid-yaml", /./],
    ["lacks keys", () => file("{}"), "invalid-options", /api\.yaml:1: client is missing\n.*api\.yaml:1: resources is missing/],
  ])("when it %s", (_, path, code, message) => {
    const made = () => restFromFile(path())
    expect(made).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
    expect(made).toThrow(expect.objectContaining({ message: expect.not.stringContaining("canary") }))
  })

  it.each([
    [
      "a misspelt key",
      `${client}resources:\n  - name: a\n    endpoint:\n      pathh: x\n`,
      "api.yaml:5: resources[0].endpoint.pathh is no option here",
    ],
    [
      "a key of dlt's that has no counterpart",
      `${client}resources:\n  - name: a\n    endpoint:\n      incremental:\n        cursor_path: x\n        row_order: asc\n`,
      "api.yaml:7: resources[0].endpoint.incremental.rowOrder is no option here",
    ],
    [
      "both spellings at once",
      `client: { baseUrl: https://a.example.com, base_url: https://b.example.com }\nresources: [a]`,
      "client.baseUrl is there twice",
    ],
    [
      "a wrong value",
      `resources:\n- a\n- name: b\n  endpoint: { method: PATCH }\n${client}`,
      "api.yaml:4: resources[1].endpoint.method must be GET or POST",
    ],
    ["a missing key, where it belongs", `${client}resources:\n\n  - endpoint: a\n`, "api.yaml:4: resources[0].name is missing"],
    [
      "what does not fit together",
      `${client}resources:\n  - name: a\n    endpoint: "x/{resources.b.id}"\n`,
      "api.yaml:3: resources[0] depends on b",
    ],
    [
      "a secret of the file itself",
      "client:\n  baseUrl: https://a.example.com\n  auth:\n    type: bearer\n    token: canary\nresources: [a]\n",
      "api.yaml:5: client.auth.token does not belong into a file",
    ],
    [
      "a secret that nobody gave",
      "client:\n  baseUrl: https://a.example.com\n  headers: { x-key: { secret: other } }\nresources: [a]\n",
      "api.yaml:3: client.headers.x-key names the secret other, which was not given in `secrets`; there are shop-key",
    ],
  ])("%s has its line", (_, text, message) => {
    const made = () => restFromFile(file(text), {}, { secrets: { "shop-key": "canary" } })
    expect(made).toThrow(expect.objectContaining({ code: "invalid-options", message: expect.stringContaining(message) }))
    expect(made).toThrow(expect.objectContaining({ message: expect.not.stringContaining("canary") }))
  })
})
