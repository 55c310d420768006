import { isSecret, type Secret, type StandardResult, type StandardSchema } from "@lading/core"
import { type ReplaceStrategy, replaceStrategies } from "@lading/sql"
import { parseConnectionString } from "./connection-string.ts"
import { type TlsMode, type TlsOptions, tlsModes } from "./tls.ts"

/** Options of the PostgreSQL destination. What is given one by one goes before the same thing in the connection string. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full`, as libpq has it. */
  readonly connectionString?: string | Secret
  /** Host name, address, or the folder of a Unix socket. Default localhost. */
  readonly host?: string
  /** Default 5432. */
  readonly port?: number
  /** Default: the name of the user. */
  readonly database?: string
  readonly user?: string
  readonly password?: string | Secret
  /** Default `prefer`. */
  readonly tls?: TlsMode | TlsOptions
  /** Shown in pg_stat_activity. Default `lading`. */
  readonly applicationName?: string
  /** Default 15,000. */
  readonly connectTimeoutMs?: number
  /** Longest wait for a lock that somebody else holds. Default 60,000; 0: no limit. */
  readonly lockTimeoutMs?: number
  /** Longest time of one statement of a load. Default 0: no limit. */
  readonly statementTimeoutMs?: number
  /** The server ends a transaction of ours that says nothing for so long. Default 300,000; 0: no limit. */
  readonly idleTimeoutMs?: number
  /**
   * How replaced tables change, under dlt's names, always in the transaction of the load. `insert-from-staging` (default) deletes the old rows: readers see
   * them until the commit. `truncate-and-insert` is faster and gives the space back at once, but makes readers wait, and a transaction that began before
   * may then see an empty table. `staging-optimized` drops the table and puts the staging table in its place: the fastest; grants, indexes and
   * columns that only the old table had are gone, and a view on it makes the load fail.
   */
  readonly replaceStrategy?: ReplaceStrategy
}

type Check = (value: unknown) => string | undefined

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "expected a text that is not empty")
const secretText: Check = (value) => (isSecret(value) ? undefined : text(value))
const milliseconds: Check = (value) => (isWhole(value, 0) ? undefined : "expected a whole number of milliseconds, at least 0")

const checks: Readonly<Record<keyof PostgresOptions, Check>> = {
  connectionString: secretText,
  host: text,
  port: (value) => (isWhole(value, 1) && value <= 65_535 ? undefined : "expected a port, 1 to 65535"),
  database: text,
  user: text,
  password: secretText,
  tls: checkTls,
  applicationName: text,
  connectTimeoutMs: milliseconds,
  lockTimeoutMs: milliseconds,
  statementTimeoutMs: milliseconds,
  idleTimeoutMs: milliseconds,
  replaceStrategy: (value) =>
    replaceStrategies.some((name) => name === value) ? undefined : `expected one of ${replaceStrategies.join(", ")}`,
}

/** Validates options that come from a configuration; a text or a secret is a connection string. */
export const optionsSchema: StandardSchema<PostgresOptions> = {
  "~standard": { version: 1, vendor: "lading", validate },
}

function validate(value: unknown): StandardResult<PostgresOptions> {
  if (typeof value === "string" || isSecret(value)) return validate({ connectionString: value })
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return issue("expected a connection string, or an object with `connectionString` or `host`, `database`, `user`")
  const options = withOwnNames({ ...value })
  const given = Object.keys(options).filter((key) => options[key] !== undefined)
  for (const key of given) {
    const problem = isOption(key) ? checks[key](options[key]) : `unknown option; known are ${Object.keys(checks).join(", ")}`
    if (problem !== undefined) return issue(problem, key)
  }
  const clean: PostgresOptions = Object.fromEntries(given.map((key) => [key, options[key]]))
  return checkTogether(clean)
}

/** dlt's names in its section `credentials`: `username`, `connect_timeout` in seconds, and `drivername`, which says nothing here. */
function withOwnNames(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { username, connectTimeout, drivername: _, ...own } = options
  return {
    ...(username === undefined ? {} : { user: username }),
    ...(typeof connectTimeout === "number" ? { connectTimeoutMs: connectTimeout * 1000 } : {}),
    ...own,
  }
}

/** What can only be said of the options together. */
function checkTogether(options: PostgresOptions): StandardResult<PostgresOptions> {
  if (isSecret(options.connectionString)) return { value: options }
  const parsed = options.connectionString === undefined ? {} : parseConnectionString(options.connectionString)
  if (typeof parsed === "string") return issue(parsed, "connectionString")
  if ((options.user ?? parsed.user) === undefined) return issue("expected the name of a database user", "user")
  return { value: options }
}

function checkTls(value: unknown): string | undefined {
  if (isMode(value)) return undefined
  if (typeof value !== "object" || value === null) return `expected one of ${tlsModes.join(", ")}, or an object with \`mode\``
  const { mode, ...files }: Readonly<Record<string, unknown>> = { ...value }
  if (!isMode(mode)) return `mode: expected one of ${tlsModes.join(", ")}`
  const known = ["caFile", "certificateFile", "keyFile"]
  for (const [name, file] of Object.entries(files)) {
    if (!known.includes(name)) return `${name}: unknown; known are mode, ${known.join(", ")}`
    if (typeof file !== "string" || file === "") return `${name}: expected a path`
  }
  return undefined
}

function isMode(value: unknown): value is TlsMode {
  return tlsModes.some((mode) => mode === value)
}

function isOption(key: string): key is keyof PostgresOptions {
  return Object.hasOwn(checks, key)
}

function isWhole(value: unknown, minimum: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= minimum
}

function issue(message: string, path?: string): StandardResult<PostgresOptions> {
  return { issues: [{ message, path: path === undefined ? [] : [path] }] }
}
