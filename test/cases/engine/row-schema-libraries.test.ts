import { resource } from "@lading/engine"
import { toStandardJsonSchema } from "@valibot/to-json-schema"
import { type } from "arktype"
import * as v from "valibot"
import { describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import { anyRejects, createTarget } from "../support/target.ts"

/** The same row in the words of each library. */
interface Player {
  id: number
  username: string
  rating: number | null
  joined: string
  tags?: string[] | undefined
}

const inZod = z.object({
  id: z.int(),
  username: z.string().describe("how the player signs in"),
  rating: z.number().nullable(),
  joined: z.iso.datetime(),
  tags: z.array(z.string()).optional(),
})

const inValibot = v.object({
  id: v.pipe(v.number(), v.integer()),
  username: v.pipe(v.string(), v.description("how the player signs in")),
  rating: v.nullable(v.number()),
  joined: v.pipe(v.string(), v.isoTimestamp()),
  tags: v.optional(v.array(v.string())),
})

const inArktype = type({
  id: "number.integer",
  username: type("string").describe("how the player signs in", "self"),
  rating: "number | null",
  joined: "string.date.iso",
  "tags?": "string[]",
})

const rows = [
  { id: 1, username: "ada", rating: null, joined: "2024-01-01T00:00:00Z", tags: ["blitz"] },
  { id: "2", username: "bo", rating: null, joined: "yesterday" },
]

const byLibrary = {
  zod: resource("players", { schema: inZod }, [rows]),
  valibot: resource("players", { schema: toStandardJsonSchema(inValibot) }, [rows]),
  arktype: resource("players", { schema: inArktype }, [rows]),
} as const

describe.each(Object.entries(byLibrary))("a row schema of %s", (_, players) => {
  it("types the columns, describes them, and rejects the rows that fail it field by field", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(players)
    expect(await target.types("players")).toEqual({
      ...{ id: "BIGINT", username: "VARCHAR", rating: "DOUBLE", joined: "TIMESTAMP WITH TIME ZONE" },
    })
    expect(receipt.tables["players"]).toMatchObject({ extracted: 2, loaded: 1, rejected: 1 })
    expect(receipt.rejects.samples[0]).toMatchObject({ code: "schema-mismatch", message: expect.stringMatching(/\/id: .*\/joined: /s) })
    const [version] = await target.read("select schema from _dlt_version order by version desc limit 1")
    const { columns } = JSON.parse(String(version?.["schema"])).tables.players
    expect(columns).toMatchObject({
      id: { nullable: false },
      rating: { nullable: true },
      username: { description: "how the player signs in" },
    })
  })

  it("is a contract: with frozen types the first row that fails it ends the run", async () => {
    const run = createTarget().pipeline.run(players, { contract: { dataType: "freeze" } })
    await expect(run).rejects.toMatchObject({ code: "contract-violation", message: expect.stringContaining("/id") })
  })
})

describe("a row schema of valibot without a JSON Schema", () => {
  it("still validates, and leaves the types to the data", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(resource("players", { schema: inValibot }, [rows]))
    expect(receipt.tables["players"]).toMatchObject({ loaded: 1, rejected: 1 })
    expect(await target.types("players")).toEqual({ id: "BIGINT", username: "VARCHAR", joined: "TIMESTAMP WITH TIME ZONE" })
  })
})

describe("what a library makes of a row", () => {
  it("is loaded, values that JSON cannot say included", async () => {
    const target = createTarget()
    const born = new Date("1990-05-01T00:00:00Z")
    const schemas = {
      zod: z.object({ id: z.string().transform(Number), born: z.date() }),
      valibot: toStandardJsonSchema(v.object({ id: v.pipe(v.string(), v.transform(Number)), born: v.date() })),
      arktype: type({ id: "string.integer.parse", born: "Date" }),
    }
    for (const [table, schema] of Object.entries(schemas)) await target.pipeline.run(resource(table, { schema }, [[{ id: "7", born }]]))
    for (const table of Object.keys(schemas)) {
      expect(await target.types(table), table).toEqual({ id: "BIGINT", born: "TIMESTAMP WITH TIME ZONE" })
    }
  })
})

describe("the type of the rows", () => {
  it("is that of the schema's output, for every library", () => {
    byLibrary.zod.map((row) => {
      expectTypeOf(row).toExtend<Player>()
      expectTypeOf(row.rating).toEqualTypeOf<number | null>()
      return row
    })
    byLibrary.valibot.map((row) => {
      expectTypeOf(row).toExtend<Player>()
      expectTypeOf(row.rating).toEqualTypeOf<number | null>()
      return row
    })
    byLibrary.arktype.map((row) => {
      expectTypeOf(row).toExtend<Player>()
      expectTypeOf(row.rating).toEqualTypeOf<number | null>()
      return row
    })
    // @ts-expect-error the schema has no such key
    byLibrary.arktype.filter((row) => row.name === "ada")
    // @ts-expect-error the schema has no such key
    byLibrary.valibot.filter((row) => row.name === "ada")
  })

  it("reaches the functions of hints", () => {
    byLibrary.arktype.withHints({ table: (row) => row.username })
    // @ts-expect-error a number names no table
    byLibrary.arktype.withHints({ table: (row) => row.id })
    expect(resource("events", { table: (row) => row.type }, [[{ type: "push" }]]).hints.table).toBeTypeOf("function")
  })
})
