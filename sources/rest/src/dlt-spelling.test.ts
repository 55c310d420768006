import { describe, expect, it } from "vitest"
import { fromDlt, respell } from "./dlt-spelling.ts"

const endpoint = (value: object) => ({ client: { baseUrl: "https://a.example.com" }, resources: [{ name: "a", endpoint: value }] })

describe("a configuration in dlt's spelling", () => {
  it.each([
    ["a paginator by name", { paginator: "page_number" }, { paginator: "pageNumber" }],
    [
      "a paginator by an old name",
      { paginator: { type: "json_response", next_url_path: "n" } },
      { paginator: { type: "jsonLink", nextUrlPath: "n" } },
    ],
    [
      "a link in the header",
      { paginator: { type: "header_link", links_next_key: "n" } },
      { paginator: { type: "headerLink", relation: "n" } },
    ],
    [
      "a cursor in the header",
      { paginator: { type: "header_cursor", cursor_key: "x" } },
      { paginator: { type: "headerCursor", cursorHeader: "x" } },
    ],
    ["an auth without a type", { auth: { token: "t" } }, { auth: { type: "bearer", token: "t" } }],
    ["no auth", { auth: null }, { auth: null }],
    [
      "OAuth, whose further fields keep their names",
      { auth: { type: "oauth2_client_credentials", access_token_url: "u", access_token_request_data: { grant_audience: "x" } } },
      { auth: { type: "oauth2ClientCredentials", tokenUrl: "u", parameters: { grant_audience: "x" } } },
    ],
    [
      "a cursor",
      { incremental: { cursor_path: "at", on_cursor_value_missing: "include", last_value_func: "min", primary_key: "id" } },
      { incremental: { cursor: "at", onMissing: "include", direction: "min", boundaryKey: "id" } },
    ],
    [
      "a cursor as a parameter",
      { params: { s: { type: "incremental", cursor_path: "a" } } },
      { params: { s: { type: "incremental", cursor: "a" } } },
    ],
    [
      "placeholders, wherever they stand",
      { path: "a/{incremental.last_value}", json: { a_b: ["{incremental.end_value}"] }, headers: { x_y: "{incremental.initial_value}" } },
      { path: "a/{incremental.start}", json: { a_b: ["{incremental.end}"] }, headers: { x_y: "{incremental.initial}" } },
    ],
    ["names of parameters as they are", { params: { page_size: 1, per_page: 2 } }, { params: { page_size: 1, per_page: 2 } }],
  ])("%s", (_, given, expected) => {
    expect(fromDlt(endpoint(given))).toEqual(endpoint(expected))
  })

  it("keeps functions of processing steps, and ours as they are", () => {
    const [filter, yieldMap] = [() => true, () => []]
    const steps = (value: object[]) => ({ resources: [{ name: "a", processing_steps: value }] })
    expect(fromDlt(steps([{ filter }, { yield_map: yieldMap }]))).toEqual({
      resources: [{ name: "a", processingSteps: [{ filter }, { flatMap: yieldMap }] }],
    })
    expect(fromDlt(endpoint({ dataSelector: "x", paginator: "singlePage" }))).toEqual(
      endpoint({ dataSelector: "x", paginator: "singlePage" }),
    )
  })

  it("knows where each key stood", () => {
    const { givenPath, faults } = respell({ resource_defaults: { table_name: "x" }, client: { base_url: "a", baseUrl: "b" } })
    expect(givenPath(["resourceDefaults", "table", "below"])).toEqual(["resource_defaults", "table_name"])
    expect(givenPath(["nothing"])).toEqual([])
    expect(faults).toEqual([{ path: ["client", "baseUrl"], message: "is there twice, in two spellings" }])
  })

  it("gives no prototype to a key of that name", () => {
    const respelled = fromDlt(JSON.parse('{ "__proto__": { "polluted": true } }'))
    expect(Object.getPrototypeOf(respelled)).toBe(Object.prototype)
    expect(Object.keys(respelled)).toEqual(["__proto__"])
  })
})
