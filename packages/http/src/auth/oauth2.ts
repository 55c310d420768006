import { LadingError, reveal, type Secret } from "@lading/core"
import { parseJson } from "../json.ts"
import type { HttpRequest, HttpResponse } from "../types.ts"
import type { Auth, AuthContext, Credentials } from "./auth.ts"
import { basicHeader } from "./static-auth.ts"

/** How tokens are fetched (RFC 6749, 4.4 and 6). */
export interface OAuth2Options {
  readonly tokenUrl: string
  readonly clientId: string | Secret
  readonly clientSecret?: string | Secret
  /** With it the refresh token grant is used, else client credentials. A new refresh token that the server sends is used from then on, but not stored. */
  readonly refreshToken?: string | Secret
  readonly scope?: string
  /** Further fields of the token request, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Where the client's id and secret go; default `body`. */
  readonly clientAuthentication?: "body" | "header"
  /** Where the server does not say how long a token lives; default 3600. */
  readonly defaultLifetimeSeconds?: number
}

interface Token {
  readonly value: string
  /** When it is replaced: before it dies. */
  readonly staleAtMs: number
}

/** A token is replaced when a fifth of its life is left, but not earlier than a minute before its end. */
const marginMs = (lifetimeMs: number): number => Math.min(60_000, lifetimeMs / 5)

/**
 * OAuth 2 with client credentials or a refresh token. One token serves all requests until shortly before it dies; requests that come while it is
 * fetched wait for it. A 401 replaces it once.
 */
export function oauth2(options: OAuth2Options): Auth {
  let token: Token | undefined
  let fetching: Promise<Token> | undefined
  let refreshToken = options.refreshToken

  const fetchToken = async (context: AuthContext): Promise<Token> => {
    const answer = parseToken(await context.send(tokenRequest(options, refreshToken)))
    if (answer.refreshToken !== undefined && refreshToken !== undefined) refreshToken = answer.refreshToken
    const lifetimeMs = 1_000 * (answer.lifetimeSeconds ?? options.defaultLifetimeSeconds ?? 3_600)
    return { value: answer.value, staleAtMs: context.now().getTime() + lifetimeMs - marginMs(lifetimeMs) }
  }

  return {
    async credentials(context) {
      if (token === undefined || context.now().getTime() >= token.staleAtMs) {
        fetching ??= fetchToken(context).finally(() => (fetching = undefined))
        token = await fetching
      }
      return toCredentials(token)
    },
    renew(refused) {
      if (token !== undefined && refused.headers?.["authorization"] === toCredentials(token).headers?.["authorization"]) token = undefined
      return true
    },
  }
}

function toCredentials({ value }: Token): Credentials {
  return { headers: { authorization: `Bearer ${value}` } }
}

function tokenRequest(options: OAuth2Options, refreshToken: string | Secret | undefined): HttpRequest {
  const { tokenUrl, clientId, clientSecret, scope, parameters, clientAuthentication = "body" } = options
  const grant =
    refreshToken === undefined ? { grant_type: "client_credentials" } : { grant_type: "refresh_token", refresh_token: refreshToken }
  const secret = clientSecret === undefined ? {} : { client_secret: clientSecret }
  const client = clientAuthentication === "body" ? { client_id: clientId, ...secret } : {}
  const authorization = basicHeader(encodeURIComponent(reveal(clientId)), encodeURIComponent(reveal(clientSecret ?? "")))
  return {
    method: "POST",
    url: tokenUrl,
    isRepeatable: true,
    form: { ...grant, ...client, ...(scope === undefined ? {} : { scope }), ...parameters },
    headers: { accept: "application/json", ...(clientAuthentication === "header" ? { authorization } : {}) },
  }
}

interface TokenAnswer {
  readonly value: string
  readonly lifetimeSeconds: number | undefined
  readonly refreshToken: string | undefined
}

function parseToken(response: HttpResponse): TokenAnswer {
  const { access_token, expires_in, refresh_token, error } = fieldsOf(response)
  if (response.status >= 400 || typeof access_token !== "string" || !/^[\x21-\x7e]+$/.test(access_token)) {
    // RFC 6749, 5.2: a short code such as invalid_client; anything else may hold a secret
    const code = typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : ""
    throw new LadingError({
      code: "auth-failed",
      message: `${response.address} answered ${response.status}${code} and gave no access token`,
      hint: "check client id, secret or refresh token, and the token address",
      details: { address: response.address, status: response.status },
    })
  }
  const seconds = Number(expires_in)
  return {
    value: access_token,
    lifetimeSeconds: expires_in === undefined || expires_in === null || Number.isNaN(seconds) ? undefined : seconds,
    refreshToken: typeof refresh_token === "string" ? refresh_token : undefined,
  }
}

function fieldsOf(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    const body = parseJson(response.body)
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
