import { diffSchemas, LadingError, type SchemaChange, type SchemaDocument } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { resolvePipeline, withSession } from "./open-dataset.ts"
import { listSchemaVersions, readStoredSchema, type SchemaVersion } from "./stored-schema.ts"

/** The newest document of each schema of a dataset; none when nothing is loaded. @throws LadingError of the destination */
export async function readSchemas(given: PipelineOptions): Promise<readonly SchemaDocument[]> {
  const resolved = await resolvePipeline(given)
  return withSession(resolved, async (session) => (await session.snapshot()).schemas)
}

/** A stored version of a schema, with its document. */
export interface StoredVersion extends SchemaVersion {
  readonly document: SchemaDocument
}

/**
 * Reads stored versions of one schema: those that are asked for by number, `newest`, or `previous`, the one that the newest replaced.
 * @param name of the schema; needed when the dataset has several
 * @throws LadingError `schema-not-found`
 */
export async function readSchemaVersions(
  given: PipelineOptions,
  wanted: readonly (number | "newest" | "previous")[],
  name?: string,
): Promise<(StoredVersion | undefined)[]> {
  const resolved = await resolvePipeline(given)
  return withSession(resolved, async (session) => {
    const all = await listSchemaVersions(session)
    const names = [...new Set(all.map((one) => one.name))]
    const chosen = name ?? (names.length === 1 ? names[0] : undefined)
    const versions = all.filter((one) => one.name === chosen)
    if (versions.length === 0) throw notFound(`dataset ${resolved.dataset} has ${describeNames(names, name)}`, names)
    const found = wanted.map((one) => {
      const version = one === "newest" ? versions[0] : one === "previous" ? versions[1] : versions.find((known) => known.version === one)
      if (version === undefined && typeof one === "number")
        throw notFound(
          `schema ${chosen} has no stored version ${one}`,
          versions.map((known) => String(known.version)),
        )
      return version
    })
    return Promise.all(
      found.map(async (version) => {
        const document = version === undefined ? undefined : await readStoredSchema(session, version.hash)
        return version === undefined || document === undefined ? undefined : { ...version, document }
      }),
    )
  })
}

/** What changed between two contents of a schema; `before` is undefined where there was none. */
export function schemaChanges(before: SchemaDocument | undefined, after: SchemaDocument): readonly SchemaChange[] {
  return diffSchemas(before, after)
}

function describeNames(names: readonly string[], name: string | undefined): string {
  if (name !== undefined) return `no schema ${name}`
  return names.length === 0 ? "no schema: nothing is loaded yet" : "several schemas"
}

function notFound(message: string, known: readonly string[]): LadingError {
  return new LadingError({
    code: "schema-not-found",
    message,
    hint: known.length === 0 ? "lading run" : `there are ${known.join(", ")}`,
    details: { known },
  })
}
