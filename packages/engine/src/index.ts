export { describeNotice, type OwnedChange, type SchemaChangeNotice, type SchemaChangeSink } from "./alerts/notice.ts"
export { changeLog, slack, webhook } from "./alerts/sinks.ts"
export type { CommitEvery } from "./commit-every.ts"
export { defineConfig, type LadingConfig, type PipelineSettings, type PluginSettings } from "./config/config-file.ts"
export { type Configuration, readConfiguration } from "./config/configuration.ts"
export type { Environment } from "./config/environment.ts"
export { faultPoints } from "./config/faults.ts"
export { type FromConfigurationOptions, fromConfiguration, fromEnvironment } from "./config/from-environment.ts"
export { type ImportOptions, importUserModule } from "./config/import-module.ts"
export { createDataset, type Dataset, type DatasetRow, type DatasetTable, type SqlResult } from "./dataset.ts"
export { describeChange } from "./describe-change.ts"
export type { Made } from "./extract/feed.ts"
export { type ByteChunks, type JsonLinesOptions, jsonLines } from "./extract/json-lines.ts"
export type { HintChanges } from "./hints/merge-hints.ts"
export { toTable } from "./hints/to-table.ts"
export {
  type ColumnReport,
  type DatasetReport,
  type InspectOptions,
  inspectDataset,
  type LoadReport,
  type PendingPackage,
  type RejectReport,
  type TableReport,
} from "./inspect.ts"
export { type AuditFinding, type AuditReport, auditLoad } from "./look/audit.ts"
export type { Check } from "./look/check.ts"
export { checkPipeline } from "./look/check-pipeline.ts"
export { checkProject, type ProjectToCheck } from "./look/check-project.ts"
export {
  type DropOptions,
  type DroppedPackage,
  dropLoadPackage,
  listLoadPackages,
  type PackageDetails,
  type PackageReport,
  type PackageState,
  showLoadPackage,
} from "./look/load-packages.ts"
export { type ResolvedPipeline, resolvePipeline, workDirOf } from "./look/open-dataset.ts"
export { readSchemaFile, type SchemaFormat, schemaFileName, schemaText } from "./look/schema-text.ts"
export { readSchemas, readSchemaVersions, type StoredVersion, schemaChanges } from "./look/schemas.ts"
export { type CursorReport, type ResourceStateReport, readState, type StateReport } from "./look/state.ts"
export type { BadRowRule, PipelineOptions, RejectCeiling, RunOptions } from "./options.ts"
export { type Pipeline, pipeline } from "./pipeline.ts"
export type { OnProgress, ProgressEvent } from "./progress.ts"
export { formatReceipt, type Receipt, type RecoveredLoad, type RejectSample } from "./receipt.ts"
export { listPlugins, type PluginManifest } from "./registry/manifest.ts"
export { createRegistry, type Instances, type Registry, type RegistryOptions } from "./registry/registry.ts"
export { describeReject } from "./rejects.ts"
export {
  type PipeResource,
  pipe,
  type ResourceData,
  type Rows,
  type RunData,
  resource,
  type SelectableSource,
  source,
} from "./resource.ts"
export type { SchemaFileFormat, SchemaFileOptions } from "./schema-files/schema-files.ts"
export { type Transform, type Transformer, type TransformerHints, transformer } from "./transformer.ts"
