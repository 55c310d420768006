import { secret } from "@lading/core"
import { toConnection } from "./connection-string.ts"
import type { PostgresOptions } from "./options.ts"

const names: Readonly<Record<string, string>> = {
  PGHOST: "host",
  PGPORT: "port",
  PGDATABASE: "database",
  PGUSER: "user",
  PGAPPNAME: "applicationName",
  PGCONNECT_TIMEOUT: "connectTimeout",
  PGSSLMODE: "mode",
  PGSSLROOTCERT: "caFile",
  PGSSLCERT: "certificateFile",
  PGSSLKEY: "keyFile",
}

/**
 * Options from the environment variables of libpq (`PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD`, `PGSSLMODE`, ...). The destination itself
 * never looks at the environment: hand it over.
 * @example
 * postgres({ ...fromLibpqVariables(process.env), database: "warehouse" })
 */
export function fromLibpqVariables(variables: Readonly<Record<string, string | undefined>>): PostgresOptions {
  const found: Record<string, string> = {}
  for (const [variable, name] of Object.entries(names)) {
    const value = variables[variable]
    if (value !== undefined && value !== "") found[name] = value
  }
  const { PGPASSWORD: password } = variables
  return { ...toConnection(found), ...(password ? { password: secret(password) } : {}) }
}
