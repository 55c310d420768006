import { LadingError } from "../errors.ts"
import { fromBase64, toBase64 } from "../hash/base64.ts"
import { sha3of256 } from "../hash/keccak.ts"
import { decodeUtf8, encodeUtf8 } from "../hash/utf8.ts"
import { hashText, typedJsonText } from "../types/json-text.ts"
import { parseJsonText } from "../types/parse-json.ts"

/** A row of `_dlt_pipeline_state` (reference: schema 8.4), less the load's own columns. */
export interface StateRow {
  readonly version: number
  readonly engine_version: number
  readonly pipeline_name: string
  /** zlib-compressed JSON in base64, or plain JSON. */
  readonly state: string
  readonly created_at: Date
  readonly version_hash: string
}

/** Version of the state document that Lading writes, as dlt counts. */
export const stateEngineVersion = 4

/** State of one source, under its schema's name: keys of its own, and those of its resources. */
export interface SourceState {
  resources?: Record<string, Record<string, unknown>>
  [key: string]: unknown
}

/**
 * The state of a pipeline in dlt's layout (reference: extract 3.1), less what dlt keeps only on the machine (`_local`). Values are
 * plain JSON; those of other types carry dlt's private-use prefixes (see `fromStateValue`).
 */
export interface StateDocument {
  _state_version: number
  _state_engine_version: number
  dataset_name?: string | null
  pipeline_name: string
  default_schema_name?: string | null
  schema_names?: string[]
  destination_type?: string | null
  destination_name?: string | null
  staging_type?: string | null
  staging_name?: string | null
  _version_hash: string
  sources?: Record<string, SourceState>
}

/** Names that a new state records. */
export interface StateOptions {
  readonly pipeline: string
  readonly dataset: string
  readonly schema: string
  /** As dlt writes it, such as `dlt.destinations.duckdb`. */
  readonly destinationType?: string
}

/** The state of a pipeline that has not run. */
export function createState(options: StateOptions): StateDocument {
  return bumpState({
    _state_version: 1,
    _state_engine_version: stateEngineVersion,
    dataset_name: options.dataset,
    pipeline_name: options.pipeline,
    default_schema_name: options.schema,
    schema_names: [options.schema],
    destination_type: options.destinationType ?? null,
    destination_name: null,
    _version_hash: "",
  })
}

/** The content hash as dlt computes it: base64 of SHA3-256 over the sorted typed JSON without versions, hash and `_local`. */
export function stateHash(document: StateDocument): string {
  const { _state_version: _, _state_engine_version: _engine, _version_hash: _hash, ...content } = withoutLocal(document)
  return toBase64(sha3of256(encodeUtf8(hashText(content))), { padding: true })
}

/** The document with its hash; the version rises by one when the content differs from what the stored hash stands for. */
export function bumpState(document: StateDocument): StateDocument {
  const hash = stateHash(document)
  if (hash === document._version_hash) return document
  return { ...document, _state_version: document._state_version + (document._version_hash === "" ? 0 : 1), _version_hash: hash }
}

/** The text of `_dlt_pipeline_state.state`; `deflate` is zlib at level 9. */
export function encodeState(document: StateDocument, deflate: (bytes: Uint8Array) => Uint8Array): string {
  return toBase64(deflate(encodeUtf8(typedJsonText(withoutLocal(document)))), { padding: true })
}

/**
 * Reads `_dlt_pipeline_state.state`, compressed or plain. Engine versions 2 and 3 are taken as they are, apart from the names of
 * destinations.
 * @throws LadingError `state-unreadable`, `state-engine-unsupported`
 */
export function decodeState(text: string, inflate: (bytes: Uint8Array) => Uint8Array): StateDocument {
  const parsed = parseJsonText(text.startsWith("{") ? text : inflated(text, inflate))
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw unreadable("it is not a JSON object")
  const document = withoutLocal(parsed as StateDocument)
  const engine = document._state_engine_version
  if (typeof engine !== "number" || typeof document.pipeline_name !== "string")
    throw unreadable("it names no engine version or no pipeline")
  if (engine > stateEngineVersion || engine < 2) throw unsupportedEngine(engine)
  return migrated(document)
}

function migrated(document: StateDocument): StateDocument {
  if (document._state_engine_version === stateEngineVersion) return document
  const { destination, staging, ...rest } = document as StateDocument & { destination?: string; staging?: string }
  return {
    ...rest,
    _state_engine_version: stateEngineVersion,
    ...(destination === undefined ? {} : { destination_type: destination, destination_name: null }),
    ...(staging === undefined ? {} : { staging_type: staging, staging_name: null }),
  }
}

function withoutLocal(document: StateDocument): StateDocument {
  const { _local: _, ...rest } = document as StateDocument & { _local?: unknown }
  return rest
}

function inflated(text: string, inflate: (bytes: Uint8Array) => Uint8Array): string {
  const compressed = fromBase64(text)
  if (compressed === undefined) throw unreadable("it is neither JSON nor base64")
  let bytes: Uint8Array
  try {
    bytes = inflate(compressed)
  } catch (cause) {
    throw unreadable("it cannot be decompressed", cause)
  }
  const json = decodeUtf8(bytes, 0, bytes.length)
  if (json === undefined) throw unreadable("it is not UTF-8")
  return json
}

function unreadable(why: string, cause?: unknown): LadingError {
  return new LadingError({
    code: "state-unreadable",
    message: `A stored state cannot be read: ${why}`,
    hint: "Restore the newest good row of _dlt_pipeline_state, or delete the broken one",
    cause,
  })
}

function unsupportedEngine(engine: number): LadingError {
  return new LadingError({
    code: "state-engine-unsupported",
    message: `A stored state has engine version ${engine}; versions 2 to ${stateEngineVersion} can be read`,
    hint: engine > stateEngineVersion ? "Use a newer Lading" : "Run once with a current dlt, which migrates the state",
  })
}
