import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import type { Resource, WriteDispositionHint } from "@lading/core"
import type { Pipeline } from "@lading/engine"
import { rest } from "@lading/source-rest"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createPostgresTarget } from "./support/postgres-target.ts"
import { createTarget, input, inputFile } from "./support/target.ts"

const scd2: WriteDispositionHint = { disposition: "merge", strategy: "scd2" }

interface Place {
  readonly pipeline: Pipeline
  /** Rows of one statement, values as text where they are not null. */
  read(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

const places: readonly (readonly [string, () => Place | Promise<Place>])[] = [
  ["DuckDB", createTarget],
  ["PostgreSQL", createPostgresTarget],
]

describe.each(places)("scd2-compound-key (dlt-hub/dlt#4244) on %s", (_, createPlace) => {
  const dim = (file: string): Resource =>
    inputFile(file, { name: "dim", table: "dim", writeDisposition: scd2, mergeKey: ["k1", "k2"], columns: { k1: { nullable: true } } })

  it("keys whose parts join to the same text are different keys, and a key with a null closes nothing", async () => {
    const { pipeline, read } = await createPlace()
    const open = async () => (await read("select v from dim where _dlt_valid_to is null order by v")).map(({ v }) => Number(v))
    await pipeline.run(dim("scd2-compound-key.1.ndjson"))
    await pipeline.run(dim("scd2-compound-key.2.ndjson"))
    expect(await open()).toEqual([1, 2, 3, 4, 5])
    const before = await read("select v, _dlt_id, _dlt_valid_from from dim order by v")
    const schemas = await read("select version from _dlt_version")
    const again = await pipeline.run(dim("scd2-compound-key.2.ndjson"))
    expect(await read("select v, _dlt_id, _dlt_valid_from from dim order by v")).toEqual(before)
    expect(again.tables["dim"]).toMatchObject({ loaded: 2, rejected: 0 })
    expect(await read("select version from _dlt_version")).toEqual(schemas)
  })
})

describe("scd2-broken-snapshot (NangoHQ/nango#1132)", () => {
  let server: ChildProcess
  let address = ""
  beforeAll(async () => {
    server = spawn(process.execPath, [input("rest-server.mjs"), "0"], { stdio: ["ignore", "pipe", "inherit"] })
    const [chunk] = await once(server.stdout ?? server, "data")
    address = `${String(chunk).trim()}/scd2-broken-snapshot`
  })
  afterAll(() => {
    server.kill()
  })

  it.each<readonly [string, string, WriteDispositionHint]>([
    ["versions", "_dlt_valid_to is null", scd2],
    ["replaced rows", "true", "replace"],
  ])("a source that breaks half way fails the run, and no row is closed, replaced or deleted (%s)", async (_, isOpen, writeDisposition) => {
    await fetch(`${address}/_reset`)
    const { pipeline, read } = createTarget()
    const source = rest({
      client: { baseUrl: address, allowPrivateAddresses: true, retry: { baseDelayMs: 5, maxAttempts: 2 } },
      resources: [
        {
          name: "dim",
          writeDisposition,
          endpoint: {
            path: "items",
            dataSelector: "items",
            paginator: { type: "cursor", cursorPath: "next_page", cursorParam: "page" },
          },
        },
      ],
    })
    const rows = () => read("select * from dim order by id")
    const count = () => read(`select count(*) as n from dim where ${isOpen}`)
    await pipeline.run(source)
    expect(await count()).toEqual([{ n: 4 }])
    const before = await rows()
    await fetch(`${address}/_break`)
    const failed = await pipeline.run(source).catch((error: unknown) => error)
    expect(String(failed)).toContain("500")
    expect(String(failed)).toContain(address.replace(/^http:\/\//, ""))
    expect(await rows()).toEqual(before)
    await fetch(`${address}/_mend`)
    await pipeline.run(source)
    expect(await count()).toEqual([{ n: 4 }])
    expect(await read("select count(*) as n from dim")).toEqual([{ n: 4 }])
  })
})
