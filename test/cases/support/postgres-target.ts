import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { postgres } from "@lading/destination-postgres"
import { type Pipeline, type PipelineOptions, pipeline } from "@lading/engine"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { onTestFinished } from "vitest"
import { makeFolder } from "./target.ts"

/** A row as PostgreSQL's own client gives it, every value as text. */
export type TextRow = Record<string, string | null>

/** A pipeline into a dataset of its own on a real PostgreSQL, and a way to read that without any code of the product. */
export interface PostgresTarget {
  readonly pipeline: Pipeline
  readonly dataset: string
  /** Rows of one statement on the dataset, values as PostgreSQL's text. */
  read(sql: string): Promise<TextRow[]>
  /** The same dataset under other pipeline options, such as another folder. */
  with(options: Partial<PipelineOptions>): PostgresTarget
}

/** A target in a fresh folder and dataset; both go away with the test. `port` leads there through a proxy. */
export async function createPostgresTarget(options: Partial<PipelineOptions> & { readonly port?: number } = {}): Promise<PostgresTarget> {
  const { port, ...rest } = options
  const server = await sharedPostgres(process.env)
  const dataset = `case_${randomBytes(5).toString("hex")}`
  onTestFinished(async () => {
    await ask(server.url, `DROP SCHEMA IF EXISTS ${dataset} CASCADE`, "public")
  })
  const { host, user, password, database } = server
  const destination = postgres({ host, port: port ?? server.port, user, password, database })
  const make = (more: Partial<PipelineOptions>): PostgresTarget => ({
    pipeline: pipeline({ name: "case", destination, dataset, durability: "process", ...more }),
    dataset,
    read: (sql) => ask(server.url, sql, dataset),
    with: (extra) => make({ ...more, ...extra }),
  })
  return make({ workDir: join(makeFolder(), "work"), ...rest })
}

async function ask(url: string, sql: string, schema: string): Promise<TextRow[]> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => String } })
  await client.connect()
  try {
    await client.query(`SET TimeZone = 'UTC'; SET search_path = ${schema}`)
    const { rows } = await client.query(sql)
    return rows
  } finally {
    await client.end()
  }
}
