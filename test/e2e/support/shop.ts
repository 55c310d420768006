import { readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { isLadingError, type LadingError, type Pipeline, pipeline, type Receipt, resource } from "lading"
import { readDatabase } from "../../cases/support/read-database.ts"
import { makeFolder } from "../../cases/support/target.ts"
import { copyProject } from "./dbt.ts"

/** A row of `orders`. */
export const order = (id: number, country = "fr") => ({ id, country })

/** A pipeline into a DuckDB file, and a copy of the project `shop` beside it. */
export interface Shop {
  readonly folder: string
  readonly database: string
  readonly pipeline: Pipeline
  readonly project: string
  load(orders: readonly object[], city?: string): Promise<Receipt>
  read(sql: string): ReturnType<typeof readDatabase>
}

/** Makes a shop, with more files in its project where given. */
export function openShop(more: Readonly<Record<string, string>> = {}): Shop {
  const folder = makeFolder()
  const project = join(folder, "dbt")
  copyProject("shop", project, more)
  const database = join(folder, "target.duckdb")
  const shop = pipeline({ name: "shop", destination: duckdb("target.duckdb"), dataset: "data", baseDirectory: folder })
  return {
    ...{ folder, database, project, pipeline: shop },
    load: (orders, city = "Lyon") =>
      shop.run([
        resource("orders", { writeDisposition: "append" }, orders),
        resource("customers", { writeDisposition: "merge", primaryKey: "id" }, [{ id: 1, city }]),
      ]),
    read: (sql) => readDatabase(database, sql),
  }
}

/** The LadingError with which a promise rejects. */
export async function failureOf(promise: Promise<unknown>): Promise<LadingError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!isLadingError(error)) throw new Error(`expected a LadingError, got ${String(error)}`)
  return error
}

/** Private folders of dbt that were not removed. */
export function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("lading-dbt-"))
}
