export { type Refusal, refused } from "./assert.ts"
export type { Check } from "./check.ts"
export { createTestClock, type TestClock } from "./context/clock.ts"
export {
  createExtractContext,
  createTestContext,
  type ExtractOptions,
  type TestContext,
  type TestContextOptions,
} from "./context/test-context.ts"
export { createTestFolder, type TestFolder } from "./context/test-folder.ts"
export { type ColumnSpecs, defineSchema, defineState, defineTable } from "./data/tables.ts"
export { type Cell, toColumn } from "./data/to-column.ts"
export { type TestRow, writePart } from "./data/write-part.ts"
export { destinationChecks } from "./destination/checks.ts"
export {
  createDestinationFixture,
  type DestinationCheck,
  type DestinationFixture,
  type DestinationPlace,
  type DestinationSettings,
  type DestinationSubject,
} from "./destination/fixture.ts"
export { begin, load, sealOf, type UnfencedSeal } from "./destination/load.ts"
export { assertRows, readAll } from "./destination/read.ts"
export { testDestination } from "./destination/test-destination.ts"
export { checkMerges, checkScd2, type ModelRuns } from "./model/check-merges.ts"
export type { LoadRows, ModelEngine, ModelLoad, TextRow } from "./model/engine.ts"
export { type MergeShape, mergeShapes } from "./model/merge-shapes.ts"
export { type PostgresServer, type PostgresServerOptions, sharedPostgres, startPostgres } from "./servers/postgres.ts"
export { type FaultAnswer, type FaultScript, type RestFaultServer, type SeenRequest, startRestFaults } from "./servers/rest-faults.ts"
export { type ProxyAction, startTcpProxy, type TcpProxy } from "./servers/tcp-proxy.ts"
export { sourceChecks } from "./source/checks.ts"
export {
  createSourceFixture,
  type SourceCheck,
  type SourceFailure,
  type SourceFixture,
  type SourceScenario,
  type SourceSettings,
  type SourceSubject,
} from "./source/fixture.ts"
export { testSource } from "./source/test-source.ts"
export { type TransformerSettings, testTransformer } from "./transformer/test-transformer.ts"
