import { secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { apiKey, basic, bearer, customAuth } from "./auth/static-auth.ts"
import { createHttpClient } from "./client.ts"
import { jsonOf } from "./json.ts"
import { type Answer, createFakeNetwork, type Sent } from "./testing/fake-network.ts"
import type { HttpClientOptions, HttpRequest } from "./types.ts"

const base = { baseUrl: "https://api.example.com/v1" }

function run(
  answer: (sent: Sent, index: number) => Answer | Error,
  options: Partial<HttpClientOptions> = {},
  request: Partial<HttpRequest> = {},
) {
  const network = createFakeNetwork(answer)
  const client = createHttpClient({ ...base, ...options })
  return { ...network, result: client.send({ url: "items", ...request }, network.context, jsonOf) }
}

const failing = (count: number, answer: Answer | Error): ((sent: Sent, index: number) => Answer | Error) => {
  return (_, index) => (index < count ? answer : { body: [1] })
}
const coded = (code: string): Error => Object.assign(new Error("the platform's own words with a secret"), { code })

describe("retries", () => {
  it.each([
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["429 without Retry-After", { status: 429 }],
    ["408", { status: 408 }],
    ["a refused connection", coded("ECONNREFUSED")],
    ["a time-out", coded("UND_ERR_HEADERS_TIMEOUT")],
    ["a page that is cut", { body: '[1,{"a":' }],
    ["an HTML page", { body: "<html>", headers: { "content-type": "text/html" } }],
    ["an empty body", { body: "" }],
  ])("a GET is sent again after %s, with growing waits", async (_, answer) => {
    const { result, waits, sent } = run(failing(3, answer))
    expect(await result).toEqual([1])
    expect(sent).toHaveLength(4)
    expect(waits).toEqual([500, 1_000, 2_000])
  })

  it.each([400, 401, 403, 404, 422])("%i is told at once", async (status) => {
    const { result, sent } = run(failing(9, { status }))
    await expect(result).rejects.toMatchObject({ code: "http-status", details: { status, address: "https://api.example.com/v1/items" } })
    expect(sent).toHaveLength(1)
  })

  it("the last failure is told, with the address, the status and the number of attempts", async () => {
    const { result, sent } = run(failing(9, { status: 502 }), { retry: { maxAttempts: 3 } })
    await expect(result).rejects.toThrow("https://api.example.com/v1/items answered 502, the last of 3 attempts")
    expect(sent).toHaveLength(3)
  })

  it.each([
    ["UND_ERR_CONNECT_TIMEOUT", "http-timeout", true],
    ["UND_ERR_HEADERS_TIMEOUT", "http-timeout", true],
    ["ENOTFOUND", "http-unreachable", true],
    ["ECONNRESET", "http-unreachable", true],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "http-unreachable", false],
  ])("%s is told as %s, in our words", async (code, expected, retryable) => {
    const { result, sent } = run(() => coded(code), { retry: { maxAttempts: 2 } })
    await expect(result).rejects.toMatchObject({ code: expected, retryable, message: expect.not.stringContaining("secret") })
    expect(sent).toHaveLength(retryable ? 2 : 1)
  })

  it("a POST is sent once, unless it is said to be repeatable", async () => {
    const post = { method: "POST", json: { a: 1 } }
    const once = run(failing(1, { status: 503 }), {}, post)
    await expect(once.result).rejects.toMatchObject({ code: "http-status", retryable: true })
    expect(once.sent).toHaveLength(1)
    expect(await run(failing(1, { status: 503 }), {}, { ...post, isRepeatable: true }).result).toEqual([1])
  })

  it.each([
    ["seconds", "7", 7_000],
    ["a date", "Wed, 01 May 2024 00:00:30 GMT", 30_000],
    ["a date in the past", "Wed, 01 May 2019 00:00:30 GMT", 0],
    ["an absurd number", "999999999", 300_000],
    ["an absurd date", "Wed, 01 May 2199 00:00:30 GMT", 300_000],
    ["a number below zero", "-5", 500],
    ["nonsense", "soon", 500],
  ])("Retry-After as %s waits as long as it says, up to the cap", async (_, header, expected) => {
    const { result, waits } = run(failing(1, { status: 429, headers: { "retry-after": header } }))
    expect(await result).toEqual([1])
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(expected)
  })

  it("jitter never shortens what the server asks for", async () => {
    const network = createFakeNetwork(failing(1, { status: 429, headers: { "retry-after": "10" } }))
    await createHttpClient(base).send({ url: "a" }, { ...network.context, random: () => 0.5 }, jsonOf)
    expect(network.waits).toEqual([10_500])
  })

  it("an abort ends it without a further attempt", async () => {
    const network = createFakeNetwork(() => {
      network.abort()
      return { status: 503 }
    })
    await expect(createHttpClient(base).send({ url: "a" }, network.context, jsonOf)).rejects.toMatchObject({ name: "AbortError" })
    expect(network.sent).toHaveLength(1)
  })

  it("an answer that the caller accepts is neither an error nor tried again", async () => {
    const network = createFakeNetwork(() => ({ status: 500, body: { a: 1 } }))
    const answer = await createHttpClient(base).send(
      { url: "a", accepts: ({ status }) => status === 500 },
      network.context,
      ({ status }) => status,
    )
    expect(answer).toBe(500)
    expect(network.sent).toHaveLength(1)
  })
})

describe("rate limits", () => {
  it("a bucket lets a burst through and then keeps the rate", async () => {
    const network = createFakeNetwork(() => ({}))
    const client = createHttpClient({ ...base, rateLimit: { requestsPerSecond: 4, burst: 2 } })
    for (let i = 0; i < 5; i++) await client.send({ url: "a" }, network.context, jsonOf)
    expect(network.waits).toEqual([250, 250, 250])
  })

  it.each([
    ["X-RateLimit-Reset in seconds from now", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "20" }, [20_000]],
    ["X-RateLimit-Reset as a point in time", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1714521620" }, [20_000]],
    ["RateLimit-Reset", { "ratelimit-remaining": "0", "ratelimit-reset": "3" }, [3_000]],
    ["RateLimit of the draft standard", { ratelimit: '"default";r=0;t=5' }, [5_000]],
    ["a quota that is not used up", { "x-ratelimit-remaining": "1", "x-ratelimit-reset": "20" }, []],
    ["an absurd reset", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999" }, [300_000]],
  ])("%s makes the next request wait", async (_, headers, waits) => {
    const network = createFakeNetwork((__, index) => (index === 0 ? { headers: headers as Record<string, string> } : {}))
    const client = createHttpClient(base)
    await client.send({ url: "a" }, network.context, jsonOf)
    await client.send({ url: "b" }, network.context, jsonOf)
    expect(network.waits).toEqual(waits)
  })
})

describe("authorization", () => {
  it.each([
    ["bearer", bearer(secret("t")), { authorization: "Bearer t" }],
    ["an API key in a header", apiKey({ name: "X-Api-Key", key: "k" }), { "x-api-key": "k" }],
    ["an API key without a name", apiKey({ key: "k" }), { authorization: "k" }],
    ["an API key in a cookie", apiKey({ name: "sid", key: "k k", location: "cookie" }), { cookie: "sid=k%20k" }],
    ["basic in UTF-8", basic({ username: "ü", password: "p:w" }), { authorization: "Basic w7w6cDp3" }],
    ["a function", customAuth(async () => ({ headers: { "x-signed": "yes" } })), { "x-signed": "yes" }],
  ])("%s", async (_, auth, headers) => {
    const { result, sent } = run(() => ({}), { auth })
    await result
    expect(sent[0]?.headers).toMatchObject(headers)
  })

  it("an API key in the query is sent, and masked in every message", async () => {
    const { result, sent } = run(() => ({ status: 404 }), { auth: apiKey({ name: "appid", key: "canary", location: "query" }) })
    await expect(result).rejects.toThrow("https://api.example.com/v1/items?appid=*** answered 404")
    expect(sent[0]?.url).toBe("https://api.example.com/v1/items?appid=canary")
  })

  it("a token with a line break at its end is refused in words", async () => {
    await expect(run(() => ({}), { auth: bearer("t\n") }).result).rejects.toMatchObject({ code: "auth-failed" })
  })

  it("user and password in an address are used for it, and masked", async () => {
    const { result, sent } = run(() => ({ status: 404 }), { baseUrl: "https://ann:canary@api.example.com" })
    await expect(result).rejects.toThrow("https://***:***@api.example.com/items answered 404")
    expect(sent[0]).toMatchObject({ url: "https://api.example.com/items", headers: { authorization: "Basic YW5uOmNhbmFyeQ==" } })
  })

  it("null sends none", async () => {
    const { result, sent } = run(() => ({}), { auth: bearer("t") }, { auth: null })
    await result
    expect(sent[0]?.headers["authorization"]).toBeUndefined()
  })
})

describe("redirects", () => {
  const to =
    (location: string, status = 302) =>
    (_: Sent, index: number): Answer =>
      index === 0 ? { status, headers: { location } } : { body: [1] }
  const secrets = { auth: bearer("t"), headers: { "x-tenant": "h" } }

  it("credentials and headers stay within their origin", async () => {
    const inside = run(to("/v2/items"), secrets)
    expect(await inside.result).toEqual([1])
    expect(inside.sent[1]).toMatchObject({
      url: "https://api.example.com/v2/items",
      headers: { authorization: "Bearer t", "x-tenant": "h" },
    })
    for (const elsewhere of ["https://evil.example.net/x", "http://api.example.com/items", "https://api.example.com:444/"]) {
      const outside = run(to(elsewhere), secrets)
      await outside.result
      expect(Object.keys(outside.sent[1]?.headers ?? {}).sort()).toEqual(["accept", "accept-encoding", "user-agent"])
    }
  })

  it("a page elsewhere gets no credentials either", async () => {
    const { result, sent } = run(() => ({}), secrets, { url: "https://cdn.example.net/items?page=2" })
    await result
    expect(sent[0]?.headers["authorization"]).toBeUndefined()
  })

  it("a page elsewhere gets none of a request's own either, unless it is named as their origin", async () => {
    const request = { url: "https://cdn.example.net/items", auth: bearer("own") }
    const link = run(() => ({}), secrets, request)
    await link.result
    expect(link.sent[0]?.headers["authorization"]).toBeUndefined()
    const named = run(() => ({}), secrets, { ...request, credentialsOrigin: "https://cdn.example.net" })
    await named.result
    expect(named.sent[0]?.headers).toMatchObject({ authorization: "Bearer own" })
    expect(named.sent[0]?.headers["x-tenant"]).toBeUndefined()
  })

  it("user and password of the base address serve its whole origin", async () => {
    const { result, sent } = run(
      to("/other"),
      { baseUrl: "https://u:p@api.example.com/v1" },
      { url: "https://api.example.com/v1/items?page=2" },
    )
    await result
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(["Basic dTpw", "Basic dTpw"])
  })

  it.each([
    [301, "GET", ""],
    [302, "GET", ""],
    [303, "GET", ""],
    [307, "POST", '{"a":1}'],
    [308, "POST", '{"a":1}'],
  ])("a POST that is answered with %i goes on as %s", async (status, method, body) => {
    const { result, sent } = run(to("/other", status), {}, { method: "POST", json: { a: 1 } })
    await result
    expect(sent[1]).toMatchObject({ method, body })
  })

  it.each([
    ["a circle", "/v1/items"],
    ["another scheme", "file:///etc/passwd"],
    ["no address", "http://"],
  ])("%s is an error that is not tried again", async (_, location) => {
    const { result } = run(() => ({ status: 302, headers: { location } }), { limits: { maxRedirects: 3 } })
    await expect(result).rejects.toMatchObject({ code: "http-redirect", retryable: false })
  })

  it("into a private network they are refused", async () => {
    const { result, sent } = run(to("http://169.254.169.254/latest/meta-data"))
    await expect(result).rejects.toMatchObject({ code: "http-address-refused" })
    expect(sent).toHaveLength(1)
  })
})

describe("requests", () => {
  it.each([
    ["items", "https://api.example.com/v1", "https://api.example.com/v1/items"],
    ["/items", "https://api.example.com/v1/", "https://api.example.com/v1/items"],
    ["", "https://api.example.com/v1", "https://api.example.com/v1"],
    ["items?b=2", "https://api.example.com/v1?a=1", "https://api.example.com/v1/items?b=2&a=1"],
    ["https://other.example.com/x", "https://api.example.com", "https://other.example.com/x"],
  ])("%s below %s is %s", async (url, baseUrl, expected) => {
    const { result, sent } = run(() => ({}), { baseUrl }, { url })
    await result
    expect(sent[0]?.url).toBe(expected)
  })

  it("query values replace those of the address; lists repeat the name, nothing leaves it out", async () => {
    const { result, sent } = run(() => ({}), {}, { url: "items?a=0", query: { a: [1, 2], b: null, c: undefined, d: true, e: 2n ** 60n } })
    await result
    expect(sent[0]?.url).toBe("https://api.example.com/v1/items?a=1&a=2&d=true&e=1152921504606846976")
  })

  it("a body in JSON keeps big integers", async () => {
    const { result, sent } = run(() => ({}), {}, { method: "POST", json: { id: 2n ** 60n, text: "1n" } })
    await result
    expect(sent[0]).toMatchObject({ body: '{"id":1152921504606846976,"text":"1n"}', headers: { "content-type": "application/json" } })
  })

  it("an address of another scheme is refused", async () => {
    await expect(run(() => ({}), { baseUrl: "ftp://u:canary@example.com" }).result).rejects.toMatchObject({
      code: "http-bad-address",
      message: expect.not.stringContaining("canary"),
    })
  })
})
