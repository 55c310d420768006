import { LadingError } from "@lading/core"
import { checkHost } from "./addresses.ts"
import type { Credentials } from "./auth/auth.ts"
import { readBody } from "./body.ts"
import { transportError } from "./errors.ts"
import { maskAddress } from "./mask.ts"
import { type PreparedRequest, setQuery } from "./prepare.ts"
import type { Transport, WireResponse } from "./transport.ts"
import type { HttpClientOptions, HttpResponse } from "./types.ts"

/** One attempt: what is sent, with which credentials, over what. */
export interface AttemptTarget {
  readonly prepared: PreparedRequest
  readonly credentials: Credentials
  readonly options: HttpClientOptions
  readonly transport: Transport
  readonly signal: AbortSignal
}

interface Hop {
  readonly method: string
  readonly url: URL
  readonly body: string | undefined
}

/**
 * Sends a request once, follows redirects and reads the whole body. Credentials and the headers that a user set go to the origin they
 * belong to, and nowhere else.
 * @throws LadingError `http-redirect`, `http-address-refused`, and as `HttpClient.send`
 */
export async function attempt({ prepared, credentials, options, transport, signal }: AttemptTarget): Promise<HttpResponse> {
  const { limits = {}, allowPrivateAddresses = false } = options
  const { maxRedirects = 10 } = limits
  let hop: Hop = { method: prepared.method, url: prepared.url, body: prepared.body }
  for (let redirects = 0; ; redirects++) {
    const url = new URL(hop.url)
    const belongs = url.origin === prepared.credentialsOrigin
    if (belongs) setQuery(url, credentials.query ?? {})
    const address = maskAddress(url, prepared.secretNames)
    if (!allowPrivateAddresses) checkHost(url, address)
    // user and password of an address are credentials for it; HTTP clients refuse them as a part of it
    const own = belongs ? { ...fromAddress(prepared.url), ...privateHeaders(prepared, credentials) } : {}
    url.username = ""
    url.password = ""
    url.hash = ""
    const wire = { method: hop.method, url, headers: headersOf(prepared, own, hop), body: hop.body, signal }
    let answer: WireResponse
    try {
      answer = await transport(wire)
    } catch (error) {
      throw transportError(error, address, signal, "request")
    }
    const body = await readBody(answer, { method: hop.method, address, limits, signal })
    const next = redirectOf(hop, url, answer)
    if (next === undefined) return { status: answer.status, address, url: url.href, headers: answer.headers, body }
    if (redirects >= maxRedirects) throw redirectError(maskAddress(prepared.url, prepared.secretNames), maxRedirects)
    if (next.body !== undefined && prepared.hasForm && next.url.origin !== prepared.credentialsOrigin)
      throw badTarget(address, "of another origin, which shall not see what is in the form")
    hop = next
  }
}

function headersOf({ headers }: PreparedRequest, own: Readonly<Record<string, string>>, { body }: Hop): Record<string, string> {
  const { "content-type": type, ...rest } = headers
  return { ...rest, ...(body === undefined || type === undefined ? {} : { "content-type": type }), ...own }
}

function privateHeaders(prepared: PreparedRequest, { headers = {}, cookies = {} }: Credentials): Record<string, string> {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const given = prepared.privateHeaders["cookie"]
  const cookie = [...(given === undefined ? [] : [given]), ...pairs].join("; ")
  return { ...prepared.privateHeaders, ...headers, ...(cookie === "" ? {} : { cookie }) }
}

function fromAddress({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {}
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(text, "utf8").toString("base64")}` }
}

/** Where an answer sends us (RFC 9110, 15.4): a POST becomes a GET but for 307 and 308. */
function redirectOf({ method, body }: Hop, url: URL, { status, headers }: WireResponse): Hop | undefined {
  const location = headers["location"]
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined
  if (!URL.canParse(location, url.href)) throw badTarget(maskAddress(url), "which is no address")
  const target = new URL(location, url.href)
  if (!/^https?:$/.test(target.protocol)) throw badTarget(maskAddress(url), `with the scheme ${target.protocol}`)
  const becomesGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST"
  return { url: target, method: becomesGet ? "GET" : method, body: becomesGet ? undefined : body }
}

function badTarget(address: string, why: string): LadingError {
  return new LadingError({
    code: "http-redirect",
    message: `${address} redirects to a target ${why}`,
    hint: "look at the address in a browser, and set the one it ends at",
    details: { address },
  })
}

function redirectError(address: string, limit: number): LadingError {
  return new LadingError({
    code: "http-redirect",
    message: `${address} redirects more than ${limit} times`,
    hint: "the API sends its readers round in a circle: often a login is missing, or the address lacks a slash at its end",
    details: { address },
  })
}
