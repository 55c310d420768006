import { createReadStream } from "node:fs"
import { access } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import { LadingError, type SealedPart, type Table } from "@lading/core"
import { from as copyFrom } from "pg-copy-streams"
import { postgresDialect } from "./dialect.ts"
import type { Load, StagingTable } from "./load.ts"
import { toLadingError } from "./postgres-error.ts"
import { ensureStaging } from "./staging-table.ts"
import { isSystemTable } from "./system-tables.ts"

/** Brings a part into the staging table of its table, unless it is in already. */
export async function stagePart(load: Load, part: SealedPart): Promise<void> {
  if (load.staged.has(part.path)) return
  if (part.format !== "copy-text")
    throw new LadingError({
      code: "unsupported-part-format",
      message: `PostgreSQL loads copy-text parts, not ${part.format}`,
      details: { table: part.table },
    })
  const staging = await ensureStaging(load, tableOf(load, part))
  const rowCount = await copyPart(load, part, staging)
  staging.rowCount += rowCount
  load.staged.set(part.path, { part, rowCount })
}

/** The schema's table; for one of Lading's own, what the part itself says. */
function tableOf(load: Load, part: SealedPart): Table {
  if (isSystemTable(part.table)) {
    const columns = part.columns.map(({ name, dataType, timezone }) => [name, { name, data_type: dataType, timezone }] as const)
    return { name: part.table, columns: Object.fromEntries(columns) }
  }
  const table = Object.hasOwn(load.tables, part.table) ? load.tables[part.table] : undefined
  if (table !== undefined) return table
  throw new LadingError({
    code: "unknown-table",
    message: `Part ${part.path} belongs to table "${part.table}", which the schema does not have`,
    details: { table: part.table },
  })
}

async function copyPart(load: Load, part: SealedPart, staging: StagingTable): Promise<number> {
  for (const { name } of part.columns)
    if (!staging.types.has(name))
      throw new LadingError({
        code: "unknown-column",
        message: `Part ${part.path} holds column "${name}", which table "${part.table}" does not have`,
        details: { table: part.table, column: name },
      })
  await requireFile(part)
  const columns = part.columns.map(({ name }) => postgresDialect.quote(name))
  try {
    const copy = load.connection.client.query(copyFrom(`COPY ${staging.name} (${columns.join(", ")}) FROM STDIN`))
    await pipeline(createReadStream(part.path, { highWaterMark: 1 << 18 }), copy)
    return copy.rowCount
  } catch (error) {
    throw toLadingError(error, `load part ${part.path} into table "${part.table}"`)
  }
}

async function requireFile({ path, table }: SealedPart): Promise<void> {
  try {
    await access(path)
  } catch (error) {
    throw new LadingError({
      code: "damaged-package",
      message: `Part ${path} of table "${table}" cannot be read`,
      hint: "Nothing of this load was committed. Delete the folder of its package: its rows are extracted again.",
      cause: error,
    })
  }
}
