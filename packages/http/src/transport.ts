import { Agent, request } from "undici"
import { publicLookup } from "./addresses.ts"
import type { HttpClientOptions } from "./types.ts"

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
}

/** An answer as it comes in. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  /** True when the body is decompressed already. */
  readonly isDecoded: boolean
}

/** Sends one request, follows no redirect, tries nothing again. */
export type Transport = (wire: WireRequest) => Promise<WireResponse>

/** A transport over a pool of connections of its own. */
export function createPool({ timeouts = {}, maxConnections = 8, allowPrivateAddresses = false }: HttpClientOptions): {
  readonly send: Transport
  readonly close: () => Promise<void>
} {
  const { connectMs = 10_000, headersMs = 60_000, bodyMs = 60_000 } = timeouts
  const dispatcher = new Agent({
    connections: maxConnections,
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
    connect: { timeout: connectMs, ...(allowPrivateAddresses ? {} : { lookup: publicLookup }) },
  })
  const send: Transport = async ({ method, url, headers, body, signal }) => {
    const answer = await request(url, { dispatcher, method: method as "GET", headers, body: body ?? null, signal })
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")])
    return { status: answer.statusCode, headers: Object.fromEntries(flat), body: answer.body, isDecoded: false }
  }
  return { send, close: () => dispatcher.close() }
}

/** A transport over a fetch that somebody handed in. It decompresses by itself, so a wrong length of a compressed body stays unseen. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const answer = await fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) })
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.body ?? empty(), isDecoded: true }
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}
