// Runs the example twice, a day apart: `node examples/rest-to-warehouse/main.mjs`. Where the pipeline goes to PostgreSQL and WAREHOUSE_URL names none,
// a server is started from the programs of this machine and removed afterwards.
import { startPostgres } from "@lading/testkit"
import { createJiti } from "jiti"
import { startApi } from "./api.mjs"

const api = await startApi()
process.env.SHOP_API = api.url
const { default: load, run } = await createJiti(import.meta.url).import("./pipeline.ts")
const isOnServer = load.options.destination.name === "postgres"
const server = isOnServer && !process.env.WAREHOUSE_URL ? await startPostgres({ environment: process.env }) : undefined
if (server) process.env.WAREHOUSE_URL = server.url

const report = "select country, orders, revenue from revenue_by_country order by country"

try {
  for (const day of ["Monday", "Tuesday"]) {
    console.log(`\n${day}`)
    console.log(String(await run()))
    const { columns, rows } = await load.dataset().sql(report)
    console.log([columns.map(({ name }) => name), ...rows.map(Object.values)].map((row) => `  ${row.join("\t")}`).join("\n"))
    api.nextDay()
  }
  console.log(`\nThe API answered ${[...api.seen].map(([status, count]) => `${status} ${count} times`).join(", ")}.`)
} finally {
  await api.close()
  await server?.remove()
}
