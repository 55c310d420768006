import { resource } from "@lading/engine"
import { describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import { anyRejects, createTarget } from "../support/target.ts"

const Player = z.object({
  id: z.int(),
  username: z.string().describe("how the player signs in"),
  rating: z.number().nullable(),
  joined: z.iso.datetime(),
  tags: z.array(z.string()).optional(),
})

const good = { id: 1, username: "ada", rating: 1700, joined: "2024-01-01T00:00:00Z", tags: ["blitz"], extra: "left out" }
const bad = { id: "2", username: "bo", rating: null, joined: "yesterday" }

const create = () => createTarget(anyRejects).pipeline

describe("a row schema on a resource", () => {
  it("types the table's columns, whatever the first rows hold", async () => {
    const players = create()
    await players.run(resource("players", { schema: Player }, [[{ ...good, rating: null }]]))
    const types = Object.fromEntries((await players.dataset().table("players").columns()).map(({ name, type }) => [name, type]))
    expect(types).toMatchObject({ id: "BIGINT", username: "VARCHAR", rating: "DOUBLE", joined: "TIMESTAMP WITH TIME ZONE" })
    expect(types).not.toHaveProperty("extra")
    expect((await players.dataset().sql("select value from players__tags")).rows).toEqual([{ value: "blitz" }])
  })

  it("rejects the rows that fail it, naming each field, and loads the others", async () => {
    const players = create()
    const receipt = await players.run(resource("players", { schema: Player }, [[good, bad]]))
    expect(receipt.tables["players"]).toMatchObject({ extracted: 2, loaded: 1, rejected: 1 })
    expect(receipt.rejects.samples[0]).toMatchObject({ code: "schema-mismatch", message: expect.stringMatching(/\/id: .*\/joined: /) })
  })

  it("fails the run on the first bad row when types are frozen, and commits nothing", async () => {
    const players = create()
    const run = players.run(resource("players", { schema: Player, contract: { dataType: "freeze" } }, [[good, bad]]))
    await expect(run).rejects.toMatchObject({ code: "contract-violation", message: expect.stringContaining("/id") })
    await expect(players.dataset().sql("select * from players")).rejects.toThrow()
  })

  it("loads what the schema makes of a row", async () => {
    const trimmed = z.object({ id: z.string().transform(Number), name: z.string().trim() })
    const target = create()
    const rows = resource("t", { schema: trimmed }, [[{ id: "7", name: " x " }]]).map((row) => ({ ...row, next: row.id + 1 }))
    await target.run(rows)
    expect((await target.dataset().sql("select id, name, next from t")).rows).toEqual([{ id: 7, name: "x", next: 8 }])
  })

  it("types the rows of the program", () => {
    const players = resource("players", { schema: Player }, [])
    players.map((row) => {
      expectTypeOf(row).toEqualTypeOf<z.output<typeof Player>>()
      return row
    })
  })
})
