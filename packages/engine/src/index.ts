export { describeNotice, type OwnedChange, type SchemaChangeNotice, type SchemaChangeSink } from "./alerts/notice.ts"
export { changeLog, slack, webhook } from "./alerts/sinks.ts"
export { defineConfig, type LadingConfig, type PipelineSettings, type PluginSettings } from "./config/config-file.ts"
export { type Configuration, readConfiguration } from "./config/configuration.ts"
export type { Environment } from "./config/environment.ts"
export { faultPoints } from "./config/faults.ts"
export { fromEnvironment } from "./config/from-environment.ts"
export { type ImportOptions, importUserModule } from "./config/import-module.ts"
export { createDataset, type Dataset, type DatasetRow, type DatasetTable, type SqlResult } from "./dataset.ts"
export { describeChange } from "./describe-change.ts"
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
export type { BadRowRule, PipelineOptions, RejectCeiling, RunOptions } from "./options.ts"
export { type Pipeline, pipeline } from "./pipeline.ts"
export type { OnProgress, ProgressEvent } from "./progress.ts"
export { formatReceipt, type Receipt, type RecoveredLoad, type RejectSample } from "./receipt.ts"
export { listPlugins, type PluginManifest } from "./registry/manifest.ts"
export { createRegistry, type Instances, type Registry, type RegistryOptions } from "./registry/registry.ts"
export { describeReject } from "./rejects.ts"
export { type PipeResource, pipe, type ResourceData, type RunData, resource, source } from "./resource.ts"
