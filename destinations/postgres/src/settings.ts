import { LadingError, reveal } from "@lading/core"
import type { ReplaceStrategy } from "@lading/sql"
import { type ParsedConnection, parseConnectionString } from "./connection-string.ts"
import type { PostgresOptions } from "./options.ts"
import type { TlsOptions } from "./tls.ts"

/** Options with every default filled in. */
export interface Settings {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  /** Read when it is needed. */
  readonly password: () => string
  readonly tls: TlsOptions
  readonly baseDirectory: string
  readonly applicationName: string
  readonly connectTimeoutMs: number
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly replaceStrategy: ReplaceStrategy
}

/**
 * Joins connection string, single options and defaults.
 * @throws LadingError `invalid-options` when a secret connection string cannot be read
 */
export function resolveSettings(options: PostgresOptions, baseDirectory: string): Settings {
  const parsed = parse(options)
  const user = options.user ?? parsed.user
  if (user === undefined) throw invalid("it names no user")
  const tls = options.tls ?? parsed.tls ?? "prefer"
  return {
    host: options.host ?? parsed.host ?? "localhost",
    port: options.port ?? parsed.port ?? 5432,
    database: options.database ?? parsed.database ?? user,
    user,
    password: () => (options.password === undefined ? (parsed.password ?? "") : reveal(options.password)),
    tls: typeof tls === "string" ? { mode: tls } : tls,
    baseDirectory,
    applicationName: options.applicationName ?? parsed.applicationName ?? "lading",
    connectTimeoutMs: options.connectTimeoutMs ?? parsed.connectTimeoutMs ?? 15_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 60_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 0,
    idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
    replaceStrategy: options.replaceStrategy ?? "insert-from-staging",
  }
}

function parse({ connectionString }: PostgresOptions): ParsedConnection {
  if (connectionString === undefined) return {}
  const parsed = parseConnectionString(reveal(connectionString))
  if (typeof parsed === "string") throw invalid(parsed)
  return parsed
}

function invalid(problem: string): LadingError {
  return new LadingError({
    code: "invalid-options",
    message: `The connection string of the PostgreSQL destination cannot be used: ${problem}`,
    hint: "Example: postgres://loader:secret@localhost:5432/shop",
  })
}
