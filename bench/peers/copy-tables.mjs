import { readFileSync } from "node:fs"
import { join } from "node:path"
import pg from "pg"
import { copyFile } from "./copy-file.mjs"

const [folder, database] = process.argv.slice(2)
const { definitions, tables } = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"))
const client = new pg.Client({ connectionString: database })
await client.connect()
await client.query(`BEGIN; ${definitions.join("; ")}`)
for (const { name, file } of tables) await copyFile(client, `COPY bench."${name}" FROM STDIN`, join(folder, file))
await client.query("COMMIT")
await client.end()
