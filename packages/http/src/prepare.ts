import { LadingError, reveal, type Secret } from "@lading/core"
import type { Auth } from "./auth/auth.ts"
import { stringifyJson } from "./json.ts"
import { maskAddress } from "./mask.ts"
import { isIdempotent } from "./retry.ts"
import type { HttpClientOptions, HttpRequest, Query } from "./types.ts"

/** A request with everything that does not change from one attempt to the next. */
export interface PreparedRequest {
  readonly method: string
  readonly url: URL
  /** Headers that any origin may see. */
  readonly headers: Readonly<Record<string, string>>
  /** Headers for the credentials' origin only. */
  readonly privateHeaders: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly auth: Auth | undefined
  readonly credentialsOrigin: string
  /** Forms carry the secrets of a login. */
  readonly hasForm: boolean
  readonly isRepeatable: boolean
  readonly secretNames: ReadonlySet<string>
}

/** The address for messages. */
export function addressOf({ url, secretNames }: PreparedRequest): string {
  return maskAddress(url, secretNames)
}

/**
 * Completes a request with what the client says.
 * @throws LadingError `http-bad-address`
 */
export function prepare(request: HttpRequest, options: HttpClientOptions): PreparedRequest {
  const method = (request.method ?? "GET").toUpperCase()
  const url = withUserOf(options.baseUrl, resolveUrl(request.url, options.baseUrl))
  setQuery(url, request.query ?? {})
  const auth = request.auth === null ? undefined : (request.auth ?? options.auth)
  const { body, type } = bodyOf(request)
  const base = baseOrigin(options) ?? url.origin
  const credentialsOrigin = request.credentialsOrigin ?? base
  return {
    method,
    url,
    headers: {
      accept: "application/json",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "lading",
      ...(type === undefined ? {} : { "content-type": type }),
    },
    privateHeaders: revealAll({ ...(credentialsOrigin === base ? options.headers : {}), ...request.headers }),
    body,
    auth,
    credentialsOrigin,
    hasForm: request.form !== undefined,
    isRepeatable: request.isRepeatable ?? isIdempotent(method),
    secretNames: new Set(auth?.secretNames),
  }
}

/**
 * An address as it stands when it is absolute, else below the base with exactly one slash between.
 * @throws LadingError `http-bad-address`
 */
export function resolveUrl(path: string, baseUrl: string | undefined): URL {
  const joined = /^https?:\/\//i.test(path) || baseUrl === undefined ? path : join(baseUrl, path)
  if (URL.canParse(joined) && /^https?:$/.test(new URL(joined).protocol)) return new URL(joined)
  throw new LadingError({
    code: "http-bad-address",
    message: `${maskAddress(joined)} is not an address of http or https`,
    hint: "set baseUrl to something like https://api.example.com/v1",
  })
}

/** User and password of the base address are meant for every address of its origin, such as a link to a next page. */
function withUserOf(baseUrl: string | undefined, url: URL): URL {
  const base = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (base === undefined || base.origin !== url.origin || url.username !== "" || url.password !== "") return url
  url.username = base.username
  url.password = base.password
  return url
}

function join(base: string, path: string): string {
  if (path === "") return base
  const [before = "", ...query] = base.split("?")
  const rest = query.length === 0 ? "" : `${path.includes("?") ? "&" : "?"}${query.join("?")}`
  return `${before.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}${rest}`
}

/** Sets query values; a name that is there already is replaced. */
export function setQuery(url: URL, query: Query): void {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    url.searchParams.delete(name)
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(item))
  }
}

/** The origin of the base address, if there is one. */
function baseOrigin({ baseUrl }: HttpClientOptions): string | undefined {
  return baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined
}

function bodyOf({ json, form }: HttpRequest): { body: string | undefined; type: string | undefined } {
  if (json !== undefined) return { body: stringifyJson(json), type: "application/json" }
  if (form === undefined) return { body: undefined, type: undefined }
  const fields = Object.entries(form).map(([name, value]): [string, string] => [name, reveal(value)])
  return { body: new URLSearchParams(fields).toString(), type: "application/x-www-form-urlencoded" }
}

function revealAll(values: Readonly<Record<string, string | Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), reveal(value)]))
}
