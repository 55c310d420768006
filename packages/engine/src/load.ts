import { constants, deflateSync, inflateSync } from "node:zlib"
import {
  bumpState,
  bumpVersion,
  createLedger,
  createNaming,
  createSchema,
  createState,
  type DatasetSnapshot,
  type Destination,
  decodeState,
  encodeState,
  type Ledger,
  type NamingConvention,
  type SchemaDocument,
  type StateDocument,
  type StateRow,
} from "@lading/core"
import type { PipelineOptions } from "./options.ts"

/** What a load starts from: the destination's truth, and the names that follow from it. */
export interface LoadBase {
  readonly schema: SchemaDocument
  /** Undefined before the first commit of this pipeline. */
  readonly stateHash: string | undefined
  readonly state: StateDocument
  readonly naming: NamingConvention
  readonly ledger: Ledger
}

/** Builds the base of a load from what the destination holds; nothing local is consulted. */
export function createBase(
  options: PipelineOptions,
  dataset: string,
  schemaName: string,
  snapshot: DatasetSnapshot,
  destination: Destination,
): LoadBase {
  const stored = snapshot.schemas.find((schema) => schema.name === schemaName)
  const namingName = options.naming ?? "snake_case"
  const schema = stored ?? withSettings(createSchema(schemaName, { naming: namingName }), options)
  const naming = createNaming(namingName, destination.capabilities.maxIdentifierLength)
  const state =
    snapshot.state === undefined
      ? createState({ pipeline: options.name, dataset, schema: schemaName, destinationType: `dlt.destinations.${destination.name}` })
      : decodeState(snapshot.state.state, (bytes) => inflateSync(bytes))
  return { schema, stateHash: snapshot.state?.version_hash, state, naming, ledger: ledgerOf(snapshot, schema, naming) }
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

function withSettings(schema: SchemaDocument, options: PipelineOptions): SchemaDocument {
  const { detections, preferredTypes, maxTableNesting } = options
  const json =
    maxTableNesting === undefined ? schema.normalizers.json : { ...schema.normalizers.json, config: { max_nesting: maxTableNesting } }
  return bumpVersion({
    ...schema,
    settings: {
      ...schema.settings,
      ...(detections === undefined ? {} : { detections: [...detections] }),
      ...(preferredTypes === undefined ? {} : { preferred_types: { ...preferredTypes } }),
    },
    normalizers: { ...schema.normalizers, json },
  })
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
