import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { resource, toTable } from "@lading/engine"
import { files } from "@lading/source-files"
import { describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted, makeFolder } from "../support/target.ts"

interface Event {
  readonly type: string
  readonly id: number
  readonly actor?: { readonly name: string }
  readonly parts?: readonly number[]
}

const events: readonly Event[] = [
  { type: "push", id: 1, parts: [1, 2] },
  { type: "fork", id: 2, actor: { name: "ada" } },
  { type: "push", id: 3, parts: [3] },
  { type: "fork", id: 3 },
]

describe("a resource whose rows name their tables", () => {
  it("brings each row into its table, and accounts for each of them", async () => {
    const target = createTarget()
    const receipt = await target.pipeline.run(resource("events", { table: (row: Event) => `${row.type} events` }, [events]))
    expectAccounted(receipt)
    expect(receipt.tables).toMatchObject({
      push_events: { extracted: 2, loaded: 2 },
      fork_events: { extracted: 2, loaded: 2 },
      push_events__parts: { extracted: 0, loaded: 3 },
    })
    expect(Object.keys(receipt.tables)).not.toContain("events")
    expect(await target.read("select id, actor__name from fork_events order by id")).toEqual([
      { id: 2, actor__name: "ada" },
      { id: 3, actor__name: null },
    ])
  })

  it("counts what a step or the cursor leaves out under the name of the resource", async () => {
    const target = createTarget()
    const rows = resource("events", { table: (row: Event) => row.type, incremental: { cursor: "id" } }, [events]).filter(({ id }) => id > 1)
    const first = await target.pipeline.run(rows)
    expectAccounted(first)
    expect(first.tables["events"]).toMatchObject({ extracted: 1, filtered: 1, loaded: 0 })
    const second = await target.pipeline.run(rows)
    expect(second.tables["events"]).toMatchObject({ extracted: 4, loaded: 0 })
    expect(second.status).toBe("nothing-to-load")
  })

  it("rejects rows that name no table, and tables of the system, and loads the others", async () => {
    const target = createTarget(anyRejects)
    const rows = [{ type: "push" }, { type: "" }, { type: 7 }, { type: "_dlt_loads" }, { type: "_lading_names" }]
    const receipt = await target.pipeline.run(resource("events", { table: (row: { type: string }) => row.type }, [rows]))
    expectAccounted(receipt)
    expect(receipt.tables).toMatchObject({ push: { loaded: 1 }, events: { extracted: 4, rejected: 4, loaded: 0 } })
    expect(receipt.rejects.byCode).toEqual({ "no-table": 4 })
    expect(await target.read("select table_name, ordinal from _lading_rejects where code = 'no-table' order by ordinal")).toHaveLength(4)
  })

  it("applies the resource's hints to every table, and to each what hintsFor says of it", async () => {
    const target = createTarget()
    const load = (id: number, note: string) =>
      target.pipeline.run(
        resource(
          "events",
          {
            table: (row: { type: string }) => row.type,
            writeDisposition: "merge",
            columns: { note: { dataType: "text" } },
            hintsFor: (table) => ({ primaryKey: table === "push" ? "id" : "other" }),
          },
          [
            [
              { type: "push", id, note },
              { type: "fork", other: id, note: 5 },
            ],
          ],
        ),
      )
    await load(1, "first")
    await load(1, "second")
    expect(await target.read("select id, note from push")).toEqual([{ id: 1, note: "second" }])
    expect(await target.read("select other, note from fork")).toEqual([{ other: 1, note: "5" }])
  })

  it("takes the lines of a file apart in the same way, with their line numbers and bad lines", async () => {
    const path = join(makeFolder(), "events.ndjson")
    writeFileSync(
      path,
      [...events.map((event) => JSON.stringify(event)), "null", "{broken", '{"type":"push","id":9007199254740993}'].join("\n"),
    )
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(files({ path, name: "events", table: (row) => (row as Event).type }))
    expectAccounted(receipt)
    expect(receipt.tables).toMatchObject({ push: { loaded: 3 }, fork: { loaded: 2 }, events: { extracted: 2, filtered: 1, rejected: 1 } })
    expect(receipt.rejects.samples).toMatchObject([{ table: "events", line: 6 }])
    expect(await target.read("select max(id)::varchar as id from push")).toEqual([{ id: "9007199254740993" }])
  })

  it("measures the share of bad lines by all rows of the resource", async () => {
    const path = join(makeFolder(), "events.ndjson")
    writeFileSync(path, `{broken\n${Array.from({ length: 200 }, (_, id) => JSON.stringify({ type: "push", id })).join("\n")}`)
    const target = createTarget()
    const receipt = await target.pipeline.run(files({ path, name: "events", table: (row) => (row as Event).type }))
    expect(receipt.rejects.count).toBe(1)
  })

  it("keeps new tables out under a contract, row by row, without counting them against the ceiling", async () => {
    const target = createTarget()
    const of = (rows: readonly Event[]) => resource("events", { table: (row: Event) => row.type }, [rows])
    await target.pipeline.run(of([{ type: "push", id: 1 }]))
    const receipt = await target.pipeline.run(of(events), { contract: { tables: "discard_row" } })
    expectAccounted(receipt)
    expect(receipt.tables).toMatchObject({ push: { loaded: 2 }, events: { extracted: 2, rejected: 2 } })
    expect(receipt.rejects.byCode).toEqual({ "contract-table": 4 })
    await expect(target.pipeline.run(of(events), { contract: { tables: "freeze" } })).rejects.toMatchObject({ code: "contract-violation" })
    expect(await target.read("select count(*) as n from push")).toEqual([{ n: 3 }])
  })

  it("does not let a double change integers of a table that belongs to another resource", async () => {
    const target = createTarget()
    await target.pipeline.run([{ v: 9007199254740993n }], { table: "push" })
    await target.pipeline.run(resource("events", { table: (row: { type: string }) => row.type }, [[{ type: "push", v: 0.5 }]]))
    const rows = await target.read("select v::varchar as v from push where v is not null and v > 1")
    expect(rows.map(({ v }) => String(v).replace(/\.0+$/, ""))).toEqual(["9007199254740993"])
  })

  it("empties all its tables when a replace yields nothing and was told so", async () => {
    const target = createTarget()
    const of = (rows: readonly Event[]) =>
      resource("events", { table: (row: Event) => row.type, writeDisposition: "replace", replaceWithEmpty: true }, [rows])
    await target.pipeline.run(of(events))
    await target.pipeline.run(of([]))
    expect(await target.read("select (select count(*) from push) + (select count(*) from fork) as n")).toEqual([{ n: 0 }])
  })

  it("fails before anything is read when its hints cannot be followed", async () => {
    const rows = resource("events", { table: () => "t", writeDisposition: { disposition: "merge", strategy: "upsert" } }, () => {
      throw new Error("was read")
    })
    await expect(createTarget().pipeline.run(rows)).rejects.toMatchObject({ code: "missing-key" })
  })

  it("names the resource when the function fails", async () => {
    const rows = resource("events", { table: (row: { type: { name: string } }) => row.type.name }, [[{ id: 1 } as never]])
    await expect(createTarget().pipeline.run(rows)).rejects.toMatchObject({ code: "extract-failed", details: { resource: "events" } })
  })
})

describe("a batch for a table of its own", () => {
  it("goes there, past steps and row schema of its resource, and the other rows to the resource's table", async () => {
    const target = createTarget()
    const rows = resource("events", async function* () {
      yield [{ id: 1 }]
      yield toTable("clicks", [{ id: 2 }, { id: 3 }])
    }).map((row) => ({ ...(row as { id: number }), seen: true }))
    const receipt = await target.pipeline.run(rows)
    expectAccounted(receipt)
    expect(receipt.tables).toMatchObject({ events: { extracted: 1, loaded: 1 }, clicks: { extracted: 2, loaded: 2 } })
    expect(await target.read("select id, seen from clicks order by id")).toEqual([
      { id: 2, seen: true },
      { id: 3, seen: true },
    ])
  })
})
