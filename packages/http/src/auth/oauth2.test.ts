import { isLadingError } from "@lading/core"
import { describe, expect, it } from "vitest"
import { createHttpClient } from "../client.ts"
import { jsonOf } from "../json.ts"
import { type Answer, createFakeNetwork, type Sent } from "../testing/fake-network.ts"
import { type OAuth2Options, oauth2 } from "./oauth2.ts"

const options: OAuth2Options = { tokenUrl: "https://login.example.com/token", clientId: "me", clientSecret: "canary" }

/** An API that wants the newest token, and a login that gives `token-1`, `token-2`, ... */
function api(
  given: Partial<OAuth2Options>,
  token: (count: number) => Answer,
  items: (sent: Sent, index: number) => Answer = () => ({ body: [1] }),
) {
  let tokens = 0
  let requests = 0
  const network = createFakeNetwork((sent) => (sent.url.includes("/token") ? token(++tokens) : items(sent, requests++)))
  const client = createHttpClient({ baseUrl: "https://api.example.com", auth: oauth2({ ...options, ...given }) })
  const tokenRequests = () => network.sent.filter(({ url }) => url.includes("/token"))
  return { ...network, tokenRequests, get: () => client.send({ url: "items" }, network.context, jsonOf), sleep: network.context.sleep }
}

const lives =
  (seconds: number) =>
  (count: number): Answer => ({ body: { access_token: `token-${count}`, expires_in: seconds } })

describe("OAuth 2", () => {
  it("one token serves many requests, and is replaced before it dies", async () => {
    const { get, sleep, tokenRequests, sent, context } = api({}, lives(100))
    await Promise.all([get(), get(), get()])
    expect(tokenRequests()).toHaveLength(1)
    expect(tokenRequests()[0]?.body).toBe("grant_type=client_credentials&client_id=me&client_secret=canary")
    await sleep?.(79_000, context.signal)
    await get()
    expect(tokenRequests()).toHaveLength(1)
    await sleep?.(2_000, context.signal)
    await get()
    expect(tokenRequests()).toHaveLength(2)
    expect(sent.at(-1)?.headers["authorization"]).toBe("Bearer token-2")
  })

  it("a token that dies during a wait is replaced before the request goes out again", async () => {
    const waiting = (_: Sent, index: number): Answer => (index === 0 ? { status: 429, headers: { "retry-after": "30" } } : { body: [1] })
    const { get, sent } = api({}, lives(10), waiting)
    expect(await get()).toEqual([1])
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual([undefined, "Bearer token-1", undefined, "Bearer token-2"])
  })

  it("a 401 makes one new token and one more request; a second 401 is told", async () => {
    const once = api({}, lives(1_000), (_, index) => (index === 0 ? { status: 401 } : { body: [1] }))
    expect(await once.get()).toEqual([1])
    expect(once.tokenRequests()).toHaveLength(2)
    const always = api({}, lives(1_000), () => ({ status: 401 }))
    await expect(always.get()).rejects.toMatchObject({ code: "http-status", details: { status: 401 } })
    expect(always.tokenRequests()).toHaveLength(2)
  })

  it("a refresh token is used, and the new one that comes with the answer after it", async () => {
    const rotating = (count: number): Answer => ({ body: { access_token: `t${count}`, expires_in: "0", refresh_token: `r${count}` } })
    const { get, tokenRequests } = api({ refreshToken: "r0", scope: "read" }, rotating)
    await get()
    await get()
    expect(tokenRequests().map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual(["r0", "r1"])
    expect(new URLSearchParams(tokenRequests()[0]?.body).get("scope")).toBe("read")
  })

  it("id and secret can go into a header", async () => {
    const { get, tokenRequests } = api({ clientAuthentication: "header" }, lives(100))
    await get()
    expect(tokenRequests()[0]).toMatchObject({ body: "grant_type=client_credentials", headers: { authorization: "Basic bWU6Y2FuYXJ5" } })
  })

  it("the secrets of a login follow no redirect to another origin, and the API's headers do not go to the login", async () => {
    const { get, sent } = api({}, () => ({ status: 307, headers: { location: "https://evil.example.net/token" } }))
    await expect(get()).rejects.toMatchObject({ code: "http-redirect" })
    expect(sent).toHaveLength(1)
  })

  it("a login that fails for a moment is asked again", async () => {
    const { get, tokenRequests } = api({}, (count) => (count === 1 ? { status: 503 } : lives(100)(count)))
    expect(await get()).toEqual([1])
    expect(tokenRequests()).toHaveLength(2)
  })

  it.each([
    [
      "an error",
      { status: 400, body: { error: "invalid_client", error_description: "secret canary is wrong" } },
      /answered 400 \(invalid_client\)/,
    ],
    ["no token", { body: { token: "canary" } }, /answered 200 and gave no access token/],
    ["a page", { body: "<html>canary" }, /gave no access token/],
  ])("%s is told without any secret", async (_, answer, message) => {
    const error: unknown = await api({}, () => answer)
      .get()
      .catch((thrown: unknown) => thrown)
    expect(isLadingError(error) && error.code).toBe("auth-failed")
    expect(String(error)).toMatch(message)
    expect(JSON.stringify(error) + String(error)).not.toContain("canary")
  })
})
