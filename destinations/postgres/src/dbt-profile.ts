import { resolve } from "node:path"
import { type DbtProfile, type DbtProfileRequest, LadingError, secret } from "@lading/core"
import type { PostgresOptions } from "./options.ts"
import { resolveSettings } from "./settings.ts"
import type { TlsOptions } from "./tls.ts"

/**
 * How dbt-postgres reaches a dataset: under the names of its own profile, with the address and credentials of the destination.
 * Source: docs.getdbt.com, "Postgres setup" (dbt-postgres 1.11).
 * @throws LadingError `invalid-options` when a secret connection string cannot be read; `dbt-profile` for a TLS mode that checks certificates without
 * a file of those that are trusted
 */
export function toDbtProfile(options: PostgresOptions, { dataset, baseDirectory }: DbtProfileRequest): DbtProfile {
  const { host, port, database, user, password, tls, connectTimeoutMs } = resolveSettings(options, baseDirectory)
  return {
    type: "postgres",
    settings: {
      ...{ host, port, user, password: secret(password), dbname: database, schema: dataset },
      ...toTlsSettings(tls, baseDirectory),
      connect_timeout: Math.ceil(connectTimeoutMs / 1000),
    },
  }
}

/** The modes have libpq's names and meaning; files are found from the folder of the pipeline. */
function toTlsSettings({ mode, caFile, certificateFile, keyFile }: TlsOptions, baseDirectory: string): Readonly<Record<string, string>> {
  // dbt's client brings no certificates of its own and cannot see Node's: it would look for a file of the user's and fail, or trust it by accident.
  if (mode.startsWith("verify-") && caFile === undefined)
    throw new LadingError({
      code: "dbt-profile",
      message: `dbt cannot check the certificate of the server (tls: "${mode}"): it does not know which ones this process trusts`,
      hint: `Name a file of trusted certificates: tls: { mode: "${mode}", caFile: "/etc/ssl/certs/ca-certificates.crt" }`,
    })
  const files = { sslrootcert: caFile, sslcert: certificateFile, sslkey: keyFile }
  const named = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, resolve(baseDirectory, file)] as const]))
  return { sslmode: mode, ...Object.fromEntries(named) }
}
