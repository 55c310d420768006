import { LadingError, reveal, type Secret } from "@lading/core"
import type { Auth, AuthContext, Credentials } from "./auth.ts"

/** `Authorization: Bearer <token>`. */
export function bearer(token: string | Secret): Auth {
  return { credentials: () => ({ headers: { authorization: `Bearer ${headerText(token, "token")}` } }) }
}

/** Where an API key goes. */
export interface ApiKeyOptions {
  /** Name of the header, query value or cookie; default `Authorization`. */
  readonly name?: string
  readonly key: string | Secret
  /** Default `header`. */
  readonly location?: "header" | "query" | "cookie"
}

/** A key in a header, the query or a cookie. */
export function apiKey({ name = "Authorization", key, location = "header" }: ApiKeyOptions): Auth {
  if (location === "query") return { credentials: () => ({ query: { [name]: reveal(key) } }), secretNames: [name] }
  if (location === "cookie") return { credentials: () => ({ cookies: { [name]: reveal(key) } }) }
  return { credentials: () => ({ headers: { [name.toLowerCase()]: headerText(key, name) } }) }
}

/** HTTP Basic (RFC 7617) in UTF-8. */
export function basic({ username, password }: { readonly username: string | Secret; readonly password: string | Secret }): Auth {
  return { credentials: () => ({ headers: { authorization: basicHeader(reveal(username), reveal(password)) } }) }
}

/** The value of the header for HTTP Basic. */
export function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`
}

/** Credentials from a function, called anew for each attempt. */
export function customAuth(credentials: (context: AuthContext) => Credentials | Promise<Credentials>): Auth {
  return { credentials }
}

/** The text of a secret, which must fit into a header: a line break in it is the most common mistake of all. */
function headerText(value: string | Secret, name: string): string {
  const text = reveal(value)
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) return text
  throw new LadingError({
    code: "auth-failed",
    message: `the value of ${name} holds a line break or another control character`,
    hint: "a secret that was read from a file often ends with a line break: cut it off",
    details: { name },
  })
}
