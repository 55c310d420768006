import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { ConnectionOptions } from "node:tls"
import { LadingError } from "@lading/core"

/**
 * How the connection is encrypted, with libpq's meaning: `prefer` takes TLS where the server offers it, `require` insists but checks no certificate,
 * `verify-ca` checks who signed it, `verify-full` also the host name.
 */
export type TlsMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full"

/** Every mode, for validation. */
export const tlsModes: readonly TlsMode[] = ["disable", "prefer", "require", "verify-ca", "verify-full"]

/** TLS mode with the files it needs, in PEM form; relative paths start at the folder of the pipeline. */
export interface TlsOptions {
  readonly mode: TlsMode
  /** Certificates that are trusted; default: those of Node. */
  readonly caFile?: string
  /** Client certificate and its key. */
  readonly certificateFile?: string
  readonly keyFile?: string
}

/**
 * TLS options of Node for a mode; undefined for `disable`.
 * @throws LadingError `invalid-options` when a file cannot be read
 */
export function toTlsConnection(
  { mode, caFile, certificateFile, keyFile }: TlsOptions,
  baseDirectory: string,
): ConnectionOptions | undefined {
  if (mode === "disable") return undefined
  return {
    ...readPem("ca", caFile, baseDirectory),
    ...readPem("cert", certificateFile, baseDirectory),
    ...readPem("key", keyFile, baseDirectory),
    rejectUnauthorized: mode === "verify-ca" || mode === "verify-full",
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  }
}

function readPem(name: "ca" | "cert" | "key", file: string | undefined, baseDirectory: string): ConnectionOptions {
  if (file === undefined) return {}
  try {
    return { [name]: readFileSync(resolve(baseDirectory, file), "utf8") }
  } catch (error) {
    throw new LadingError({
      code: "invalid-options",
      message: `The TLS file ${file} of the PostgreSQL destination cannot be read`,
      hint: "Check path and permissions; the file must be in PEM form.",
      cause: error,
    })
  }
}
