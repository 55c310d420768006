import { mkdirSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { duckdb } from "../../../destinations/duckdb/src/index.ts"
import { type Pipeline, type PipelineOptions, pipeline, type RunData, resource } from "../../../packages/cli/src/index.ts"
import { type Answer, type Circumstances, lading } from "./harness.ts"

/** A project with a pipeline file whose default export is a pipeline into a DuckDB file. */
export interface Shop {
  readonly cwd: string
  readonly pipeline: Pipeline
  /** Runs the command there. */
  lading(...argv: readonly string[]): Promise<Answer>
  /** Loads other data than the pipeline's own, and gives the load id. */
  load(data: RunData, options?: Partial<PipelineOptions>): Promise<string>
}

/** Orders with items: two of each, and a cursor. */
export const orders = resource("orders", { primaryKey: "id", writeDisposition: "merge", incremental: { cursor: "at" } }, [
  [
    { id: 1, at: "2026-01-01T00:00:00Z", items: [{ sku: "tea" }, { sku: "cup" }] },
    { id: 2, at: "2026-01-02T00:00:00Z", items: [] },
  ],
])

/** Makes a shop in a new folder below `root`. */
export function openShop(root: string, name: string, options: Partial<PipelineOptions> = {}): Shop {
  const cwd = join(root, name)
  mkdirSync(cwd)
  writeFileSync(join(cwd, "pipeline.ts"), "")
  writeFileSync(join(cwd, "package.json"), "{}")
  const destination = duckdb("shop.duckdb")
  const shop = pipeline({ name: "shop", destination, dataset: "shop_data", durability: "process", baseDirectory: cwd, ...options })
  const circumstances: Circumstances = { cwd, module: () => Promise.resolve({ default: shop.with(orders) }) }
  return {
    cwd,
    pipeline: shop,
    lading: (...argv) => lading(argv, circumstances),
    async load(data, changes = {}) {
      const { loadId = "" } = await shop.configure(changes).run(data)
      return loadId
    },
  }
}

/** Changes the database of a shop with DuckDB's own client. */
export async function tamper({ cwd }: Shop, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(cwd, "shop.duckdb"))
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}

/** Lets another process that is alive hold the lease of a shop's pipeline, last heard of some seconds ago. */
export async function holdLease(shop: Shop, secondsAgo = 0): Promise<string> {
  const owner = `${hostname()}::${process.ppid}`
  await tamper(shop, `UPDATE shop_data._lading_lease SET "owner" = '${owner}', heartbeat = now() - INTERVAL '${secondsAgo} seconds'`)
  return owner
}
