import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { duckdb } from "@lading/destination-duckdb"
import { type Pipeline, type PipelineOptions, pipeline, type Receipt } from "@lading/engine"
import { files } from "@lading/source-files"
import { expect, onTestFinished } from "vitest"
import { type ReadRow, readDatabase } from "./read-database.ts"

/** A pipeline into a DuckDB file of its own, and a way to read that file without any code of the product. */
export interface Target {
  readonly pipeline: Pipeline
  /** Path of the database file. */
  readonly database: string
  /** Rows of one statement; timestamps as text in UTC, integers as numbers where exact. */
  read(sql: string): Promise<ReadRow[]>
  /** Columns of a table in order, without those of the system. */
  columns(table: string): Promise<string[]>
  /** `column: type` pairs of a table, without those of the system. */
  types(table: string): Promise<Record<string, string>>
  /** The same target under other pipeline options. */
  with(options: Partial<PipelineOptions>): Target
}

/** A pipeline option that lets any number of rows be rejected. */
export const anyRejects = { rejects: { maxShare: 1, maxCount: 1_000_000 } } as const

/** A fresh folder that goes away with the test. */
export function makeFolder(): string {
  const { folder, remove } = makeLastingFolder()
  onTestFinished(remove)
  return folder
}

/** A fresh folder for several tests; the caller takes it away. */
export function makeLastingFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "lading-cases-"))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A target in a fresh folder. */
export function createTarget(options: Partial<PipelineOptions> = {}): Target {
  return targetIn(makeFolder(), options)
}

/** A target in a folder that is there. */
export function targetIn(folder: string, options: Partial<PipelineOptions>): Target {
  const database = join(folder, "target.duckdb")
  const read = (sql: string): Promise<ReadRow[]> => readDatabase(database, sql)
  const described = async (table: string): Promise<ReadRow[]> => {
    const rows = await read(
      `select column_name, data_type from information_schema.columns where table_schema = 'data' and table_name = '${table}' order by ordinal_position`,
    )
    return rows.filter(({ column_name }) => !String(column_name).startsWith("_dlt_"))
  }
  return {
    pipeline: pipeline({
      name: "case",
      destination: duckdb(database),
      dataset: "data",
      workDir: join(folder, "work"),
      durability: "process",
      ...options,
    }),
    database,
    read,
    columns: async (table) => (await described(table)).map(({ column_name }) => String(column_name)),
    types: async (table) =>
      Object.fromEntries((await described(table)).map(({ column_name, data_type }) => [String(column_name), String(data_type)])),
    with: (more) => targetIn(folder, { ...options, ...more }),
  }
}

/** Path of one of the inputs. */
export function input(name: string): string {
  return fileURLToPath(new URL(`../inputs/${name}`, import.meta.url))
}

/** A resource that reads one of the inputs. */
export function inputFile(name: string, hints: Omit<Parameters<typeof files>[0], "path"> = {}): ReturnType<typeof files> {
  return files({ path: input(name), ...hints })
}

/** Checks that the receipt accounts for every extracted row of every root table. */
export function expectAccounted(receipt: Receipt): void {
  for (const [name, table] of Object.entries(receipt.tables)) {
    if (table.extracted === 0) continue
    expect(table.extracted, `rows of ${name}`).toBe(table.loaded + table.filtered + table.deduplicated + table.rejected)
  }
}
