import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatTable } from "./table.ts"
import { displayWidth } from "./text.ts"

const columns = [{ title: "id", align: "right" as const }, { title: "name" }]

describe("a printed table", () => {
  it("lines up its columns, numbers on the right", () => {
    expect(
      formatTable(columns, [
        ["7", "tea"],
        ["1200", "coffee"],
      ]),
    ).toEqual(["  id  name", "   7  tea", "1200  coffee"])
  })

  it("shows its titles when it has no rows", () => {
    expect(formatTable(columns, [])).toEqual(["id  name"])
  })

  it("cuts the widest column first", () => {
    expect(formatTable(columns, [["1", "a very long name"]], { width: 12 })).toEqual(["id  name", " 1  a very …"])
  })

  it("leaves out what does not fit at all, and says so", () => {
    const many = Array.from({ length: 10 }, (_, i) => ({ title: `column_${i}` }))
    const lines = formatTable(many, [many.map(({ title }) => title)], { width: 30, indent: "  " })
    expect(lines.at(-1)).toBe("  … 7 more columns")
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(30)
  })

  it("keeps every line within the window, whatever the cells are", () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 40 })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
        fc.integer({ min: 20, max: 100 }),
        (rows, width) => {
          const lines = formatTable([{ title: "a" }, { title: "bb" }, { title: "ccc" }, { title: "dddd" }], rows, { width })
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
