import { describe, expect, it } from "vitest"
import { codeFiles, isTest, readText } from "./support/workspace.ts"

const maxLines = 400
const maxTestLines = 600

/** Files that may hold one long function, each with its reason. */
const longFunctions: Readonly<Record<string, string>> = {
  "packages/core/src/hash/keccak-permutation.ts": "one round of 25 lanes, written out: loops over arrays would slow every row hash down",
}

interface LineRule {
  readonly level?: string
  readonly options?: { readonly maxLines?: number }
}

function lineCount(path: string): number {
  return readText(path).trimEnd().split("\n").length
}

describe("sizes", () => {
  it(`no file of the product has more than ${maxLines} lines, and no test more than ${maxTestLines}`, () => {
    const long = codeFiles()
      .map((path) => ({ path, lines: lineCount(path) }))
      .filter(({ path, lines }) => lines > (isTest(path) || path.startsWith("bench/") ? maxTestLines : maxLines))
    expect(long).toEqual([])
  })

  it("the linter stops a function of more than 80 lines", () => {
    const { linter, overrides } = JSON.parse(readText("biome.json"))
    const rule: LineRule = linter.rules.complexity.noExcessiveLinesPerFunction
    expect(rule).toEqual({ level: "error", options: { maxLines: 80 } })
    for (const { includes, linter: own } of overrides) {
      const exempt = own?.rules?.complexity?.noExcessiveLinesPerFunction === "off"
      const productPatterns = includes.filter((pattern: string) => !/test|bench/.test(pattern))
      if (exempt) expect(productPatterns).toEqual([])
    }
  })

  it("no file switches a size rule off for itself, but those listed here with a reason", () => {
    const ignoring = codeFiles().filter((path) => /biome-ignore(-all)?\s+lint\/\w+\/noExcessiveLines/.test(readText(path)))
    expect(ignoring.filter((path) => !(path in longFunctions))).toEqual([])
  })

  it("the spine fits on one page", () => {
    expect(lineCount("packages/engine/src/pipeline.ts")).toBeLessThanOrEqual(150)
  })
})
