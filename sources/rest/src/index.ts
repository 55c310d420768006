export { fromDlt } from "./dlt-spelling.ts"
export { type FileOptions, restFromFile } from "./from-file.ts"
export type {
  ActionResponse,
  AuthConfig,
  IncrementalParam,
  PaginatorConfig,
  PaginatorName,
  ParamValue,
  ProcessingStep,
  ResolveParam,
  ResponseAction,
  RestClientConfig,
  RestEndpoint,
  RestIncremental,
  RestOptions,
  RestResource,
  Verdict,
} from "./options.ts"
export { plugin as default } from "./plugin.ts"
export { rest } from "./rest.ts"
