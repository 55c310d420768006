import { createRequire } from "node:module"

/**
 * DuckDB's client. It is a CommonJS package of more than a hundred files; `require` loads it in about half the time that `import`
 * takes, which analyses each file for its exports first.
 */
export const driver = createRequire(import.meta.url)("@duckdb/node-api") as typeof import("@duckdb/node-api")
