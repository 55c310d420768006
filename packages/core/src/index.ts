export { accountingFault, noRows, type TableCounters } from "./accounting.ts"
export type { ColumnVector, TableBatch, Vector } from "./columns/batch.ts"
export { type ContractEntity, type ResolvedContract, resolveContract } from "./contract/contract.ts"
export { contractCodes, type Violation, violationFault } from "./contract/violation.ts"
export { isLadingError, LadingError, type LadingErrorOptions } from "./errors.ts"
export { type FaultHook, fault, onFault } from "./faults.ts"
export { JsonObject } from "./json/json-object.ts"
export { JsonFault, JsonParser, parseJsonExact } from "./json/parse.ts"
export { createNaming, isNamingName, type NamingConvention, type NamingName } from "./naming/convention.ts"
export { createLedger, type Ledger, type LedgerEntry, type LedgerName } from "./naming/ledger.ts"
export type { IdentifierUnit } from "./naming/shorten.ts"
export { Normalizer, type NormalizeTarget, type TargetOptions } from "./normalize/normalizer.ts"
export type { Reject } from "./normalize/reject.ts"
export { rejectBatch, rejectsTable } from "./normalize/reject-batch.ts"
export {
  defaultLimits,
  type EvolutionOptions,
  type NonFiniteRule,
  type NormalizerLimits,
  type RunOptions,
  structuredCopy,
} from "./normalize/run.ts"
export type {
  CommitResult,
  DatasetSnapshot,
  DbtProfile,
  DbtProfileRequest,
  Destination,
  DestinationCapabilities,
  DestinationPlugin,
  DestinationSession,
  GuaranteeClass,
  Lease,
  LeaseRequest,
  LoadHeader,
  LoadSeal,
  LoadWriter,
  OpenRequest,
  PartFormat,
  QueryBatch,
  QueryColumn,
  SealedPart,
  TableCommit,
  WriteAccess,
} from "./plugin/destination.ts"
export type { Log, Plugin, PluginContext, PluginKind, StandardResult, StandardSchema } from "./plugin/plugin.ts"
export type {
  Batch,
  ColumnHints,
  ContractHints,
  CursorView,
  ExtractContext,
  IncrementalHints,
  JsonLinesBatch,
  Origin,
  PipeStep,
  RejectBatch,
  Resource,
  ResourceHints,
  RowBatch,
  RowStream,
  Scd2Hint,
  Source,
  SourcePlugin,
  TableHints,
  WriteDispositionHint,
  Yield,
} from "./plugin/source.ts"
export { checkSchemaFile, type SchemaFileFault } from "./schema/check-schema-file.ts"
export { createSchema, schemaEngineVersion } from "./schema/create.ts"
export { diffSchemas, type SchemaChange, type SchemaChangeKind } from "./schema/diff.ts"
export { bumpVersion, schemaHash } from "./schema/hash.ts"
export { applyResourceHints, type HintContext, type RootTable, toContract } from "./schema/hints.ts"
export type {
  Column,
  ContractMode,
  DataType,
  ExtensionHints,
  JsonNormalizerConfig,
  MergeStrategy,
  NormalizersConfig,
  SchemaContract,
  SchemaDocument,
  SchemaSettings,
  Table,
  WriteDisposition,
} from "./schema/model.ts"
export type { NestedTable } from "./schema/nested-hints.ts"
export { fromSchemaFile, importSchema, type SchemaFileOptions, toSchemaFile } from "./schema/schema-file.ts"
export { isSystemName, loadsTable, pipelineStateTable, systemTableNames, versionTable } from "./schema/system-tables.ts"
export { isSecret, reveal, type Secret, secret } from "./secret.ts"
export { compareCursors, cursorLag, hashRow } from "./state/cursor.ts"
export { type IncrementalState, incrementalState, resourceState, withIncrementalState, withResourceState } from "./state/slots.ts"
export {
  bumpState,
  createState,
  decodeState,
  encodeState,
  type SourceState,
  type StateDocument,
  type StateOptions,
  type StateRow,
  stateHash,
} from "./state/state.ts"
export { civilFromDays } from "./types/calendar.ts"
export { inferValue, type TypedValue } from "./types/infer.ts"
export { formatDate, formatTimestamp, microsToTimestamp, parseIso } from "./types/iso.ts"
export { type DecimalValue, decimal, type WeiValue, wei } from "./types/values.ts"
