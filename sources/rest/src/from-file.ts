import { readFileSync } from "node:fs"
import { LadingError, type Secret, type Source } from "@lading/core"
import { respell } from "./dlt-spelling.ts"
import { type Fault, placeOf } from "./faults.ts"
import { fillSecrets } from "./file-secrets.ts"
import { parseFile } from "./located-file.ts"
import type { RestOptions } from "./options.ts"
import { optionFaults, rest } from "./rest.ts"

/** What belongs to a configuration and stands in no file. */
export interface FileOptions {
  /** By the names that the file gives them: `token: { secret: api-token }`. */
  readonly secrets?: Readonly<Record<string, string | Secret>>
}

/**
 * The source that a YAML or JSON file declares, with the keys of `rest()` or those of dlt's `rest_api`. Secrets stand elsewhere: the file names them,
 * `{ secret: name }`, and `secrets` has them, or `client` replaces keys of the file's `client`.
 *
 * @throws LadingError `file-unreadable`, `invalid-json` or `invalid-yaml` with the line, `invalid-options` with the line of each key
 * @example
 * restFromFile("github.yaml", {}, { secrets: { "api-token": fromEnvironment("GITHUB_TOKEN") } })
 */
export function restFromFile(path: string | URL, client: Partial<RestOptions["client"]> = {}, { secrets = {} }: FileOptions = {}): Source {
  const { value, lineOf } = parseFile(read(path), String(path))
  const respelled = respell(value)
  const filled = fillSecrets(respelled.value, secrets)
  const options = withClient(filled.value, client)
  const faults = [...respelled.faults, ...filled.faults]
  const found = faults.length > 0 ? faults : optionFaults(options)
  if (found.length > 0) throw invalid(found, path, (fault) => lineOf(respelled.givenPath(fault)))
  return rest(options as RestOptions)
}

function withClient(value: unknown, client: Partial<RestOptions["client"]>): unknown {
  if (Object.keys(client).length === 0 || typeof value !== "object" || value === null || !("client" in value)) return value
  return { ...value, client: typeof value.client === "object" ? { ...value.client, ...client } : value.client }
}

function invalid(faults: readonly Fault[], path: string | URL, lineOf: (path: Fault["path"]) => number): LadingError {
  return new LadingError({
    code: "invalid-options",
    message: faults.map((fault) => `${path}:${lineOf(fault.path)}: ${placeOf(fault.path)} ${fault.message}`.trim()).join("\n"),
    hint: "the keys are described in the README of @lading/source-rest; dlt's spelling of them is understood, too",
    details: { options: faults.map((fault) => placeOf(fault.path)) },
  })
}

function read(path: string | URL): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new LadingError({
      code: "file-unreadable",
      message: `${path} cannot be read`,
      hint: "check that the file exists and may be read",
      cause: error,
    })
  }
}
