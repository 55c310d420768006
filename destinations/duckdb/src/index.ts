export { duckdb } from "./destination.ts"
export type { DuckDBOptions } from "./options.ts"
export { default } from "./plugin.ts"
