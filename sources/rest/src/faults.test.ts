import { gzipSync } from "node:zlib"
import { type FaultAnswer, type RestFaultServer, startRestFaults } from "@lading/testkit"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { RestClientConfig, RestEndpoint } from "./options.ts"
import { rest } from "./rest.ts"
import { createRun, readAll } from "./testing/read-all.ts"

let server: RestFaultServer
beforeAll(async () => {
  server = await startRestFaults()
})
afterAll(() => server.close())

const page = (number: number) => ({ items: [{ id: number * 2 - 1 }, { id: number * 2 }], next: number < 3 ? number + 1 : null })
const good = (number: number): FaultAnswer => ({ kind: "json", body: page(number) })
const all = [1, 2, 3, 4, 5, 6].map((id) => ({ id }))
const length = JSON.stringify(page(2)).length
const gzipLength = gzipSync(JSON.stringify(page(2))).length

/** Three pages, of which the second one fails as it is told before it comes whole. */
function scriptPages(...faults: readonly FaultAnswer[]): void {
  server.script("/items", good(1))
  server.script("/items?page=2", ...faults, good(2))
  server.script("/items?page=3", good(3))
}

const pages: RestEndpoint = { path: "items", dataSelector: "items", paginator: { type: "cursor", cursorPath: "next", cursorParam: "page" } }
const quick: Partial<RestClientConfig> = {
  retry: { baseDelayMs: 5, maxDelayMs: 20 },
  timeouts: { headersMs: 150, bodyMs: 150 },
  limits: { maxResponseBytes: 1_000_000, maxDecodedBytes: 1_000_000, maxRedirects: 5 },
}

function source(client: Partial<RestClientConfig> = {}, endpoint: RestEndpoint = pages) {
  const options = { baseUrl: server.url, allowPrivateAddresses: true, ...quick, ...client }
  return rest({ client: options, resources: [{ name: "items", endpoint }] })
}

const attemptsOf = (url: string, from: number): number => server.requests.slice(from).filter((request) => request.url === url).length

/** Faults after which a page is asked for again. */
const passing: readonly (readonly [name: string, fault: FaultAnswer, code: string])[] = [
  ["429 with Retry-After", { kind: "status", status: 429, headers: { "retry-after": "0" } }, "http-status"],
  ["429 without Retry-After", { kind: "status", status: 429 }, "http-status"],
  ["429 with an absurd Retry-After", { kind: "status", status: 429, headers: { "retry-after": "31536000" } }, "http-status"],
  ["429 with a date", { kind: "status", status: 429, headers: { "retry-after": "Wed, 01 May 2124 00:00:00 GMT" } }, "http-status"],
  ["500", { kind: "status", status: 500, text: "boom" }, "http-status"],
  ["502", { kind: "status", status: 502 }, "http-status"],
  ["503", { kind: "status", status: 503 }, "http-status"],
  ["silence before the headers", { kind: "silence" }, "http-timeout"],
  ["silence in the middle of the body", { kind: "stall", body: page(2), bytes: 20 }, "http-timeout"],
  ["a cut in the middle of the body", { kind: "cut", body: page(2), bytes: 20 }, "http-cut"],
  ["a cut before the body", { kind: "cut", body: page(2), bytes: 0 }, "http-cut"],
  ["a cut before the last byte", { kind: "cut", body: page(2), bytes: length - 1 }, "http-cut"],
  ["truncated JSON", { kind: "truncated", body: page(2), bytes: 22 }, "http-cut"],
  ["JSON truncated at its last byte", { kind: "truncated", body: page(2), bytes: length - 1 }, "http-cut"],
  ["nothing at all in the body", { kind: "truncated", body: page(2), bytes: 0 }, "http-cut"],
  ["truncated gzip", { kind: "truncated", body: page(2), bytes: 30, gzip: true }, "http-cut"],
  ["gzip without its checksum", { kind: "truncated", body: page(2), bytes: gzipLength - 4, gzip: true }, "http-cut"],
  ["a length that is too large", { kind: "wrong-length", body: page(2), length: length + 10 }, "http-cut"],
  ["a length that is too small", { kind: "wrong-length", body: page(2), length: length - 10 }, "http-cut"],
  ["HTML with status 200", { kind: "html" }, "http-not-json"],
]

const addresses = ["/items", "/items?page=2", "/items?page=3"]

describe.each(passing)("%s", (_, fault, code) => {
  it.each([1, 2, 3])("on page %i costs another attempt, and no row is lost or comes twice", async (number) => {
    scriptPages()
    const address = addresses[number - 1] ?? ""
    server.script(address, fault, fault, good(number))
    const before = server.requests.length
    expect((await readAll(source(), "items")).rows).toEqual(all)
    expect(addresses.map((one) => attemptsOf(one, before))).toEqual(addresses.map((one) => (one === address ? 3 : 1)))
  })

  it("is an error with the address when it stays, and nothing of the page is given, nor of a later one", async () => {
    scriptPages()
    server.script("/items?page=2", fault)
    const run = createRun()
    const reading = readAll(source({ retry: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 2 } }), "items", {}, run)
    await expect(reading).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${server.url}/items?page=2`),
      hint: expect.any(String),
    })
    await expect(reading).rejects.not.toThrow(/page-secret/)
    expect(run.given).toEqual(page(1).items)
  })
})

describe("a compressed page", () => {
  it("is read", async () => {
    server.script("/items", { kind: "json", body: page(3), gzip: true })
    expect((await readAll(source(), "items")).rows).toEqual([{ id: 5 }, { id: 6 }])
  })
})

describe("a huge body", () => {
  it.each([
    ["", { kind: "huge", bytes: 20_000_000 } as const],
    ["in few compressed bytes", { kind: "huge", bytes: 20_000_000, gzip: true } as const],
  ])("%s is refused at the limit, at once", async (_, fault) => {
    const before = server.requests.length
    server.script("/items", fault)
    await expect(readAll(source(), "items")).rejects.toMatchObject({ code: "http-too-large", retryable: false })
    expect(server.requests.length - before).toBe(1)
  })
})

describe("redirects", () => {
  it("in a circle are an error, at once", async () => {
    const before = server.requests.length
    server.script("/items", { kind: "redirect", to: "/elsewhere" })
    server.script("/elsewhere", { kind: "redirect", to: "/items" })
    await expect(readAll(source(), "items")).rejects.toMatchObject({ code: "http-redirect" })
    expect(server.requests.length - before).toBe(6)
  })

  it("to another host carry no credentials", async () => {
    const other = await startRestFaults()
    try {
      other.script("/items", { kind: "json", body: page(3) })
      server.script("/items", { kind: "redirect", to: `${other.url}/items`, status: 307 })
      const auth = { type: "bearer", token: "canary" } as const
      expect((await readAll(source({ auth, headers: { "x-key": "canary" } }), "items")).rows).toHaveLength(2)
      expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer canary")
      expect(JSON.stringify(other.requests)).not.toContain("canary")
    } finally {
      await other.close()
    }
  })
})

describe("pages that lead astray", () => {
  it("a token that is repeated with the same page is the end, with a warning", async () => {
    server.script("/items", good(1))
    server.script("/items?page=2", { kind: "json", body: { ...page(2), next: 2 } })
    const { rows, messages } = await readAll(source(), "items")
    expect(rows).toEqual(all.slice(0, 4))
    expect(messages.join()).toMatch(/warn: items: .*as cursor 2 was named again/)
  })

  it("cursors in a circle are an error", async () => {
    scriptPages()
    server.script("/items?page=3", { kind: "json", body: { ...page(3), next: 2 } })
    await expect(readAll(source(), "items")).rejects.toMatchObject({ code: "pagination-loop" })
  })

  it("an empty page is passed over", async () => {
    scriptPages()
    server.script("/items?page=2", { kind: "json", body: { items: [], next: 3 } })
    expect((await readAll(source(), "items")).rows).toEqual([...all.slice(0, 2), ...all.slice(4)])
  })

  it("a page that comes twice under two tokens is an error, unless that is allowed", async () => {
    scriptPages()
    server.script("/items?page=2", { kind: "json", body: { ...page(1), next: 3 } })
    await expect(readAll(source(), "items")).rejects.toMatchObject({ code: "pagination-loop" })
    expect((await readAll(source({}, { ...pages, allowRepeatedPages: true }), "items")).rows).toHaveLength(6)
  })
})

it("a storm of 5xx on every page is weathered", async () => {
  const storm: FaultAnswer[] = [500, 503, 502].map((status) => ({ kind: "status", status }))
  scriptPages(...storm)
  server.script("/items", ...storm, good(1))
  server.script("/items?page=3", ...storm, good(3))
  expect((await readAll(source(), "items")).rows).toEqual(all)
})
