import { type TlsMode, type TlsOptions, tlsModes } from "./tls.ts"

/** What a connection string says. */
export interface ParsedConnection {
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  readonly tls?: TlsOptions
  readonly applicationName?: string
  readonly connectTimeoutMs?: number
}

/** libpq's names of the parameters that are understood, and ours. */
const names: Readonly<Record<string, string>> = {
  host: "host",
  port: "port",
  dbname: "database",
  user: "user",
  password: "password",
  application_name: "applicationName",
  connect_timeout: "connectTimeout",
  sslmode: "mode",
  sslrootcert: "caFile",
  sslcert: "certificateFile",
  sslkey: "keyFile",
}

/**
 * Reads a connection URI as libpq defines it; parameters after `?` go before the same thing in the address. Returns a sentence that says what is wrong
 * with it, and never shows it, because it may hold a password.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseConnectionString(text: string): ParsedConnection | string {
  if (!/^postgres(ql)?:\/\//.test(text)) return "expected a URI that starts with postgres:// or postgresql://"
  let found: Record<string, string>
  try {
    found = readParts(text)
  } catch {
    return "it is no valid URI; special characters of a password must be percent-encoded"
  }
  const unknown = Object.keys(found).find((name) => name.startsWith("?"))
  if (unknown !== undefined) return `unknown parameter ${unknown.slice(1)}; known are ${Object.keys(names).join(", ")}`
  const { port, mode, connectTimeout } = found
  if (found.host?.includes(",")) return "several hosts are not supported"
  if (port !== undefined && !/^\d{1,5}$/.test(port)) return "the port is no number"
  if (connectTimeout !== undefined && !/^\d+$/.test(connectTimeout)) return "connect_timeout is no number of seconds"
  if (mode !== undefined && !tlsModes.some((known) => known === mode)) return `sslmode must be one of ${tlsModes.join(", ")}`
  return toConnection(found)
}

/** Turns named texts, with libpq's values, into a connection. */
export function toConnection(found: Readonly<Record<string, string>>): ParsedConnection {
  const { host, port, database, user, password, applicationName, connectTimeout, mode, caFile, certificateFile, keyFile } = found
  const files = { ...optional({ caFile }), ...optional({ certificateFile }), ...optional({ keyFile }) }
  const tls = mode ?? (Object.keys(files).length > 0 ? "prefer" : undefined)
  return {
    ...optional({ host }),
    ...optional({ database }),
    ...optional({ user }),
    ...optional({ password }),
    ...optional({ applicationName }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(connectTimeout === undefined ? {} : { connectTimeoutMs: Number(connectTimeout) * 1000 }),
    ...(tls === undefined ? {} : { tls: { mode: tls as TlsMode, ...files } }),
  }
}

function readParts(text: string): Record<string, string> {
  // The URL parser insists on a host where there is a user or a port; libpq does not.
  const hasNoHost = /^postgres(ql)?:\/\/([^/@]*@)?(:\d+)?(\/|\?|$)/.test(text)
  const url = new URL(hasNoHost ? text.replace(/^(postgres(?:ql)?:\/\/(?:[^/@]*@)?)/, "$1default.invalid") : text)
  const host = hasNoHost ? "" : decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1")
  const address: Readonly<Record<string, string>> = {
    host,
    port: url.port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  }
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(address)) if (value !== "") found[name] = value
  for (const [name, value] of url.searchParams) found[Object.hasOwn(names, name) ? (names[name] ?? name) : `?${name}`] = value
  return found
}

function optional<Name extends string>(value: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const entries = Object.entries(value).filter(([, text]) => text !== undefined && text !== "")
  return Object.fromEntries(entries) as Partial<Record<Name, string>>
}
