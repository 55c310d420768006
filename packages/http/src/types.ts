import type { Log, Secret } from "@lading/core"
import type { Auth } from "./auth/auth.ts"

/** A value of a query: lists repeat the name; null and undefined leave it out. */
export type QueryValue = string | number | bigint | boolean | null | undefined | readonly (string | number | bigint | boolean)[]

/** The names and values behind the question mark. */
export type Query = Readonly<Record<string, QueryValue>>

/** What one run lends to the client: everything ambient comes in here. */
export interface HttpContext {
  readonly signal: AbortSignal
  readonly log: Pick<Log, "warn">
  now(): Date
  /** A fetch other than the platform's own takes the place of the client's pool. */
  readonly fetch?: typeof fetch
  /** Waits; default: a timer that ends with the signal. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** A number from 0 up to 1 for jitter; default: `Math.random`. */
  readonly random?: () => number
}

/** One request. */
export interface HttpRequest {
  /** Default `GET`. */
  readonly method?: string
  /** Absolute, or below the client's base address. */
  readonly url: string
  /** Set over whatever query the address has. */
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string | Secret>>
  /** Body as JSON; bigints are written as integers. */
  readonly json?: unknown
  /** Body as a form. */
  readonly form?: Readonly<Record<string, string | Secret>>
  /** Instead of the client's; null: none. */
  readonly auth?: Auth | null
  /** Whether the request may be sent again; default: by its method (GET, HEAD, OPTIONS, PUT, DELETE). */
  readonly isRepeatable?: boolean
  /** True for an answer that is to be given back as it is, whatever its status; asked before anything is tried again. */
  readonly accepts?: (response: HttpResponse) => boolean
  /** Credentials and headers go to this origin only; default: the origin of the base address, or of `url` where there is none. */
  readonly credentialsOrigin?: string
}

/** A whole answer: never a part of one. */
export interface HttpResponse {
  readonly status: number
  /** Address after redirects, with credentials masked. */
  readonly address: string
  /** Address after redirects, as it was requested; may hold credentials. */
  readonly url: string
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** Decompressed. */
  readonly body: Uint8Array
}

/** Milliseconds after which an attempt is given up. */
export interface HttpTimeouts {
  /** Default 10 s. */
  readonly connectMs?: number
  /** From the end of the request to the end of the headers; default 60 s. */
  readonly headersMs?: number
  /** Between two pieces of the body; default 60 s. */
  readonly bodyMs?: number
}

/** How often and how soon a request is sent again. */
export interface HttpRetry {
  /** Attempts in total; default 5. */
  readonly maxAttempts?: number
  /** Wait before the second attempt, doubled with each further one; default 1 s. */
  readonly baseDelayMs?: number
  /** No wait is longer, whatever the server asks for; default 300 s. */
  readonly maxDelayMs?: number
  /** Default 408, 425, 429 and 500 to 599. */
  readonly statuses?: readonly number[]
}

/** A token bucket for each host. */
export interface HttpRateLimit {
  readonly requestsPerSecond: number
  /** Requests that may go out at once after a pause; default 1. */
  readonly burst?: number
}

/** How large an answer may be. */
export interface HttpLimits {
  /** Bytes as they come; default 256 MiB. */
  readonly maxResponseBytes?: number
  /** Bytes after decompression; default 256 MiB. */
  readonly maxDecodedBytes?: number
  /** Default 10. */
  readonly maxRedirects?: number
}

/** What all requests of a client have in common. */
export interface HttpClientOptions {
  readonly baseUrl?: string
  /** Sent to the origin of the base address only. */
  readonly headers?: Readonly<Record<string, string | Secret>>
  readonly auth?: Auth
  readonly timeouts?: HttpTimeouts
  readonly retry?: HttpRetry
  readonly rateLimit?: HttpRateLimit
  readonly limits?: HttpLimits
  /** Connections to one host; default 8. */
  readonly maxConnections?: number
  /** Default false: loopback, private, link-local and metadata addresses are refused, also where a name leads to them. */
  readonly allowPrivateAddresses?: boolean
}

/** Sends requests and gives back whole answers. */
export interface HttpClient {
  /**
   * Sends a request until there is a whole answer. `read` makes something of it; a retryable LadingError that it throws counts as a
   * failed attempt, so that a page that cannot be read is asked for again.
   * @throws LadingError `http-status`, `http-timeout`, `http-unreachable`, `http-cut`, `http-too-large`, `http-redirect`,
   * `http-address-refused`, `http-bad-address`, `auth-failed`
   */
  send<Result>(request: HttpRequest, context: HttpContext, read: (response: HttpResponse) => Result): Promise<Result>
  /** Closes the pool. Idle connections do not keep a process alive, so this is needed only to end them sooner. */
  close(): Promise<void>
}
