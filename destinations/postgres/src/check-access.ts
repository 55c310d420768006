import type { WriteAccess } from "@lading/core"
import { readRows } from "./connection.ts"
import type { Server } from "./server.ts"

/** Whether this user may create the dataset, or tables in it when it is there. @throws LadingError `connection-failed`, `login-refused` */
export async function checkServerAccess(server: Server, dataset: string): Promise<WriteAccess> {
  const { client } = await server.connect()
  try {
    const [row] = await readRows(client, sql, "look at the rights of this user", [dataset])
    const { login, is_standby, is_read_only, schema_exists, may_create_schema, may_create_tables } = row ?? {}
    const user = `user ${String(login)}`
    if (is_standby === true) return refused("The server is a standby, which takes no writes", "Connect to its primary.")
    if (is_read_only === true)
      return refused(`Transactions of ${user} are read-only by default`, `ALTER ROLE ... SET default_transaction_read_only = off`)
    if (schema_exists === true)
      return may_create_tables === true
        ? { isGranted: true, message: `${user} may create tables in schema ${dataset}` }
        : refused(`${user} may not create tables in schema ${dataset}`, `GRANT USAGE, CREATE ON SCHEMA ${dataset} TO ${String(login)}`)
    return may_create_schema === true
      ? { isGranted: true, message: `schema ${dataset} does not exist yet; ${user} may create it` }
      : refused(`${user} may not create schema ${dataset}`, `GRANT CREATE ON DATABASE ${server.settings.database} TO ${String(login)}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const sql = `SELECT quote_ident(current_user) AS login, pg_is_in_recovery() AS is_standby,
  current_setting('default_transaction_read_only')::boolean AS is_read_only,
  EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text) AS schema_exists,
  has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
  (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1::text) AS may_create_tables`

function refused(message: string, remedy: string): WriteAccess {
  return { isGranted: false, message, remedy }
}
