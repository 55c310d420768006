import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { type Destination, LadingError } from "@lading/core"
import { capabilities } from "./capabilities.ts"
import { checkFileAccess } from "./check-access.ts"
import { acquireDatabase, lendDatabase } from "./database.ts"
import { type DuckDBOptions, optionsSchema } from "./options.ts"
import { openSession } from "./session.ts"

/**
 * A DuckDB file as a destination (guarantee class A: a load is visible wholly or not at all).
 * @param options path of the file, or an object with `path`, `memoryLimitMb` and `threads`
 * @throws LadingError `invalid-options`; opening throws `database-locked`, `database-too-new`, `database-unreadable`
 * @example
 * pipeline({ name: "chess", destination: duckdb("chess.duckdb"), dataset: "player_data" })
 */
export function duckdb(options: string | DuckDBOptions): Destination {
  const checked = check(options)
  return {
    kind: "destination",
    name: "duckdb",
    location: checked.path,
    capabilities,
    async open(request, context) {
      const path = resolve(context.baseDirectory, checked.path)
      if (request.mustExist === true && !existsSync(path)) throw missing(checked.path)
      const database = await acquireDatabase({ ...checked, path })
      try {
        return await openSession(database, request, context, checked.replaceStrategy)
      } catch (error) {
        await database.release()
        throw error
      }
    },
    async checkAccess(_request, context) {
      return checkFileAccess(resolve(context.baseDirectory, checked.path), checked.path)
    },
    dbtProfile({ dataset, baseDirectory }) {
      const path = resolve(baseDirectory, checked.path)
      return { type: "duckdb", settings: { path, schema: dataset }, release: () => lendDatabase({ ...checked, path }) }
    },
  }
}

function missing(path: string): LadingError {
  return new LadingError({
    code: "dataset-missing",
    message: `There is no database file ${path} to read`,
    hint: "Run the pipeline first, or correct the path.",
  })
}

function check(options: string | DuckDBOptions): DuckDBOptions {
  const result = optionsSchema["~standard"].validate(options)
  if (result instanceof Promise || result.issues !== undefined) {
    const [first] = result instanceof Promise ? [] : result.issues
    throw new LadingError({
      code: "invalid-options",
      message: `The DuckDB destination cannot take its options: ${[...(first?.path ?? []), first?.message ?? "invalid"].join(": ")}`,
      hint: 'Example: duckdb("data.duckdb") or duckdb({ path: "data.duckdb", memoryLimitMb: 512 })',
    })
  }
  return result.value
}
