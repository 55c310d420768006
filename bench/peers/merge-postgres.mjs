import pg from "pg"
import { accountColumns } from "../data/accounts.mjs"
import { copyFile } from "./copy-file.mjs"

const [step, input, database] = process.argv.slice(2)
const names = Object.keys(accountColumns)
const columns = names.map((name) => `${name} ${accountColumns[name].replace("DOUBLE", "DOUBLE PRECISION")}`).join(", ")
const merge = `
  MERGE INTO bench.accounts USING staged ON accounts.id = staged.id
  WHEN MATCHED THEN UPDATE SET ${names.map((name) => `${name} = staged.${name}`).join(", ")}
  WHEN NOT MATCHED THEN INSERT (${names.join(", ")}) VALUES (${names.map((name) => `staged.${name}`).join(", ")})`
const fill = (client, table) => copyFile(client, `COPY ${table} FROM STDIN (FORMAT csv)`, input)
/** `whole` is the job by hand, in one transaction; `stage` and `merge` are its two halves. The key has no index, as loaders make none on it. */
const steps = {
  async base(client) {
    await client.query(`CREATE SCHEMA bench; CREATE TABLE bench.accounts (${columns})`)
    await fill(client, "bench.accounts")
  },
  async stage(client) {
    await client.query(`CREATE TABLE staged (${columns})`)
    await fill(client, "staged")
  },
  merge: (client) => client.query(merge),
  async whole(client) {
    await client.query(`BEGIN; CREATE TEMP TABLE staged (${columns}) ON COMMIT DROP`)
    await fill(client, "staged")
    await client.query(merge)
    await client.query("COMMIT")
  },
}

const client = new pg.Client({ connectionString: database })
await client.connect()
await steps[step](client)
await client.end()
