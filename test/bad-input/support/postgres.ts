import { randomBytes } from "node:crypto"
import { postgres } from "@lading/destination-postgres"
import { type Pipeline, type PipelineOptions, pipeline } from "@lading/engine"
import type { PostgresServer } from "@lading/testkit"
import pg from "pg"
import { anyRejects, makeFolder } from "../../cases/support/target.ts"
import { shapeOf, statementsOf } from "./statements.ts"

/** A pipeline into a schema of its own, the shapes of what it sent to the server, and the driver's own way to read. */
export interface WatchedTarget {
  readonly pipeline: Pipeline
  readonly schema: string
  /** Rows of one statement on the schema; every value is PostgreSQL's text. */
  read(sql: string): Promise<Record<string, string | null>[]>
  /** Shapes of the statements of this target's loads, by the log of the server, each once. */
  shapes(): string[]
}

/** A target whose statements can be told from those of every other. Any number of rows may be rejected. */
export function watchedTarget(server: PostgresServer, options: Partial<PipelineOptions> = {}): WatchedTarget {
  const schema = `bad_${randomBytes(5).toString("hex")}`
  const { url, host, port, user, password, database } = server
  const destination = postgres({ host, port, user, password, database, applicationName: schema })
  const base = { name: "bad", dataset: schema, workDir: options.workDir ?? makeFolder(), durability: "process", ...anyRejects } as const
  return {
    pipeline: pipeline({ destination, ...base, ...options }),
    schema,
    read: (sql) => ask(url, sql, schema),
    shapes: () => [...new Set(statementsOf(server.log() ?? "", schema).map(shapeOf))].sort(),
  }
}

/** Rows of one statement by the driver, every value as PostgreSQL's text. */
export async function ask(url: string, sql: string, schema = "public"): Promise<Record<string, string | null>[]> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => String } })
  await client.connect()
  try {
    await client.query(`SET TimeZone = 'UTC'; SET search_path = "${schema}"`)
    const { rows } = await client.query(sql)
    return rows
  } finally {
    await client.end()
  }
}
