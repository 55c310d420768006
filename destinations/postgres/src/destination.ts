import { type Destination, LadingError, type Secret } from "@lading/core"
import { capabilities } from "./capabilities.ts"
import { checkServerAccess } from "./check-access.ts"
import { toDbtProfile } from "./dbt-profile.ts"
import { optionsSchema, type PostgresOptions } from "./options.ts"
import { createServer } from "./server.ts"
import { openSession } from "./session.ts"
import { resolveSettings } from "./settings.ts"

/**
 * A PostgreSQL database (14 or newer) as a destination (guarantee class A: a load is visible wholly or not at all).
 * @param options connection string, or an object with `connectionString` or `host`, `port`, `database`, `user`, `password`, and how to connect
 * @throws LadingError `invalid-options`; opening throws `connection-failed`, `login-refused`
 * @example
 * pipeline({ name: "shop", destination: postgres({ host: "db", database: "shop", user: "loader", password: fromEnvironment("DB_PASSWORD") }) })
 */
export function postgres(options: string | Secret | PostgresOptions): Destination {
  const checked = check(options)
  return {
    kind: "destination",
    name: "postgres",
    get location() {
      return locationOf(checked)
    },
    capabilities,
    async open(request, context) {
      const server = createServer(resolveSettings(checked, context.baseDirectory))
      return openSession(server, request, context)
    },
    checkAccess: (request, context) => checkServerAccess(createServer(resolveSettings(checked, context.baseDirectory)), request.dataset),
    dbtProfile: (request) => toDbtProfile(checked, request),
  }
}

/** Host, port and database, which are no secret even where the connection string is one. */
function locationOf(options: PostgresOptions): string {
  const { host, port, database } = resolveSettings(options, ".")
  return `${host}:${port}/${database}`
}

function check(options: unknown): PostgresOptions {
  const result = optionsSchema["~standard"].validate(options)
  if (result instanceof Promise || result.issues !== undefined) {
    const [first] = result instanceof Promise ? [] : result.issues
    throw new LadingError({
      code: "invalid-options",
      message: `The PostgreSQL destination cannot take its options: ${[...(first?.path ?? []), first?.message ?? "invalid"].join(": ")}`,
      hint: 'Example: postgres("postgres://loader@localhost:5432/shop") or postgres({ host: "localhost", database: "shop", user: "loader" })',
    })
  }
  return result.value
}
