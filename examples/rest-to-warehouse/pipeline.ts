// From a REST API with a contract to tables, a message about what changed in their schema, and models on top, on PostgreSQL or DuckDB.

import { join } from "node:path"
import { duckdb } from "@lading/destination-duckdb"
import { postgres } from "@lading/destination-postgres"
import { rest } from "@lading/source-rest"
import { dbt } from "@lading/transformer-dbt"
import { changeLog, fromEnvironment, pipeline, webhook } from "lading"
import { z } from "zod"

const here = import.meta.dirname
const { SHOP_API = "http://127.0.0.1:8787", SCHEMA_WEBHOOK } = process.env
const warehouses = { postgres: postgres(fromEnvironment("WAREHOUSE_URL")), duckdb: duckdb("shop.duckdb") }

// The one line that changes.
const warehouse = warehouses.postgres

const Customer = z.object({ id: z.int(), name: z.string(), country: z.string().length(2), updated_at: z.iso.datetime() })

// Loose: a field that is not named here comes in as a new column, and somebody is told.
const Order = z.looseObject({
  id: z.int(),
  customer_id: z.int(),
  status: z.enum(["open", "paid"]),
  total: z.number(),
  updated_at: z.iso.datetime(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
})

const shop = rest({
  name: "shop",
  client: {
    baseUrl: SHOP_API,
    allowPrivateAddresses: true, // it runs on this machine
    paginator: { type: "cursor", cursorPath: "next_cursor", cursorParam: "cursor" },
  },
  resourceDefaults: {
    primaryKey: "id",
    writeDisposition: "merge",
    owner: "shop team",
    endpoint: {
      dataSelector: "data",
      incremental: { cursor: "updated_at", initialValue: "2024-01-01T00:00:00Z", startParam: "updated_since" },
    },
  },
  resources: [
    { name: "customers", schema: Customer },
    { name: "orders", schema: Order },
  ],
})

const load = pipeline({
  name: "shop",
  destination: warehouse,
  dataset: "shop",
  baseDirectory: here,
  workDir: join(here, ".lading"),
  onSchemaChange: SCHEMA_WEBHOOK ? webhook(SCHEMA_WEBHOOK) : changeLog(join(here, "schema-changes.ndjson")),
}).with(shop)

/** Loads what is new, then builds and tests the models on it. */
export async function run() {
  return dbt({ project: "dbt" }).runAfter(load, await load.run())
}

export default load
