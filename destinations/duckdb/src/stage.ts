import { LadingError, type SealedPart } from "@lading/core"
import { textLiteral } from "@lading/sql"
import { execute } from "./connection.ts"
import { duckdbDialect } from "./dialect.ts"
import { type Load, restart } from "./load.ts"
import { memoryFor, setMemoryLimit } from "./memory.ts"
import { mustRestart, prepareTarget, type Target } from "./prepare.ts"

const { fold, quote } = duckdbDialect

/** Brings a part in, unless it is in already. */
export async function stagePart(load: Load, part: SealedPart): Promise<void> {
  if (load.staged.has(part.path)) return
  const target = await prepareTarget(load, part.table)
  if (target === mustRestart) return restage(load, part)
  load.widths.set(part.table, target.types.size)
  await makeRoom(load, memoryFor(widthOf(load)))
  const rowCount = await execute(load.connection, insertStatement(part, target), `load part ${part.path} into table "${part.table}"`)
  load.staged.set(part.path, { part, rowCount })
}

/** Columns of all tables that the load has written to. */
export function widthOf({ widths }: Load): number {
  return [...widths.values()].reduce((sum, width) => sum + width, 0)
}

/** Raises the default memory limit, and only that, where it is too low for what comes. */
export async function makeRoom(load: Load, neededMb: number): Promise<void> {
  if (load.memoryMb === undefined || neededMb <= load.memoryMb) return
  await setMemoryLimit(load.connection, neededMb)
  load.memoryMb = neededMb
}

/** Starts the load again with the schema as it is known by now, and brings in what was in before. */
export async function restage(load: Load, next?: SealedPart): Promise<void> {
  const parts = [...load.staged.values()].map(({ part }) => part)
  await restart(load)
  for (const part of next === undefined ? parts : [...parts, next]) await stagePart(load, part)
}

/** Reads a Parquet file into a table, column by column, each in the type of its target. */
export function insertStatement(part: SealedPart, target: Target): string {
  if (part.format !== "parquet")
    throw new LadingError({
      code: "unsupported-part-format",
      message: `DuckDB loads Parquet parts, not ${part.format}`,
      details: { table: part.table },
    })
  const names = part.columns.map(({ name }) => quote(name))
  const values = part.columns.map((column) => convert(part, column, target))
  return `INSERT INTO ${target.name} (${names.join(", ")}) SELECT ${values.join(", ")} FROM read_parquet(${pathLiteral(part.path)}, hive_partitioning = false)`
}

function convert(part: SealedPart, column: SealedPart["columns"][number], { types }: Target): string {
  const type = types.get(fold(column.name))
  if (type === undefined)
    throw new LadingError({
      code: "unknown-column",
      message: `Part ${part.path} holds column "${column.name}", which table "${part.table}" does not have`,
      details: { table: part.table, column: column.name },
    })
  return duckdbDialect.cast(quote(column.name), typeInPart(column), type)
}

/** Type of a column as `read_parquet` delivers it; decimals and JSON are text in parts. */
function typeInPart({ dataType, timezone }: SealedPart["columns"][number]): string {
  if (dataType === "json" || dataType === "decimal" || dataType === "wei" || dataType === "text") return "VARCHAR"
  return duckdbDialect.columnType({ name: "", data_type: dataType, timezone })
}

/** `read_parquet` expands patterns: a class of one character stands for the character itself. */
function pathLiteral(path: string): string {
  return textLiteral(path.replaceAll(/[*?[]/g, "[$&]"))
}
