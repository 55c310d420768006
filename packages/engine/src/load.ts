import { constants, deflateSync, inflateSync } from "node:zlib"
import {
  bumpState,
  createLedger,
  createNaming,
  createSchema,
  createState,
  type DatasetSnapshot,
  type Destination,
  decodeState,
  encodeState,
  isNamingName,
  LadingError,
  type Ledger,
  type NamingConvention,
  type SchemaDocument,
  type StateDocument,
  type StateRow,
} from "@lading/core"
import type { PipelineOptions } from "./options.ts"
import { baseOf } from "./schema-files/base-of.ts"
import type { ImportedSchema } from "./schema-files/parse-schema-file.ts"
import { withSettings } from "./with-settings.ts"

/** What a load starts from: the destination's truth, and the names that follow from it. */
export interface LoadBase {
  /** What the load starts from: the stored schema, with what an import file says. */
  readonly schema: SchemaDocument
  /** The schema as the destination holds it; without data before the first commit. */
  readonly stored: SchemaDocument
  /** Undefined before the first commit of this pipeline. */
  readonly stateHash: string | undefined
  readonly state: StateDocument
  readonly naming: NamingConvention
  readonly ledger: Ledger
}

/**
 * Builds the base of a load from what the destination holds and from an import file, if there is one; nothing else that is local is consulted.
 * @throws LadingError `naming-changed`, `unknown-naming`, `type-conflict` for an import file that contradicts the type of stored data
 */
export function createBase(
  options: PipelineOptions,
  dataset: string,
  schemaName: string,
  snapshot: DatasetSnapshot,
  destination: Destination,
  imported?: ImportedSchema,
): LoadBase {
  const known = snapshot.schemas.find((schema) => schema.name === schemaName)
  const stored = known ?? withSettings(createSchema(schemaName, { naming: options.naming ?? "snake_case" }), options)
  const schema = imported === undefined ? stored : baseOf(known, imported, options)
  const naming = namingOf(schema, options, destination)
  const state =
    snapshot.state === undefined
      ? createState({ pipeline: options.name, dataset, schema: schemaName, destinationType: `dlt.destinations.${destination.name}` })
      : decodeState(snapshot.state.state, (bytes) => inflateSync(bytes))
  return { schema, stored, stateHash: snapshot.state?.version_hash, state, naming, ledger: ledgerOf(snapshot, schema, naming) }
}

/**
 * The naming convention that the schema was made with.
 * @throws LadingError `naming-changed` when the options name another one, `unknown-naming` for a convention of somebody else's
 */
function namingOf({ normalizers }: SchemaDocument, options: PipelineOptions, destination: Destination): NamingConvention {
  const { names } = normalizers
  if (!isNamingName(names)) {
    throw new LadingError({
      code: "unknown-naming",
      message: `the dataset's names were made by the convention ${JSON.stringify(names)}, which is not one of Lading's`,
      hint: "load into another dataset",
    })
  }
  if (options.naming !== undefined && options.naming !== names) {
    throw new LadingError({
      code: "naming-changed",
      message: `the dataset's names were made by ${names}, and the pipeline asks for ${options.naming}`,
      hint: `keep naming: "${names}", or load into another dataset`,
    })
  }
  const contractsSeparators = normalizers.use_break_path_on_normalize === false
  const { maxIdentifierLength, identifierUnit: unit = "code-points" } = destination.capabilities
  return createNaming(names, maxIdentifierLength, { contractsSeparators, unit })
}

/** The names of the dataset: those in the ledger, and those that the schema holds without an entry. */
function ledgerOf(snapshot: DatasetSnapshot, schema: SchemaDocument, naming: NamingConvention): Ledger {
  const ledger = createLedger(snapshot.names, naming)
  for (const table of Object.values(schema.tables)) {
    ledger.reserve(table.name)
    for (const column of Object.values(table.columns)) ledger.reserve(table.name, column.name)
  }
  return ledger
}

/** The row that stores a state, or undefined when it is the state that is stored already. */
export function stateRow(state: StateDocument, storedHash: string | undefined, now: Date): StateRow | undefined {
  const bumped = bumpState(state)
  if (bumped._version_hash === storedHash) return undefined
  return {
    version: bumped._state_version,
    engine_version: bumped._state_engine_version,
    pipeline_name: bumped.pipeline_name,
    state: encodeState(bumped, (bytes) => deflateSync(bytes, { level: constants.Z_BEST_COMPRESSION })),
    created_at: now,
    version_hash: bumped._version_hash,
  }
}
