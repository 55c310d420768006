import { describe, expect, it } from "vitest"
import { codeFiles, isTest, readText } from "./support/workspace.ts"

const kebab = /(?<![=!]== )"([a-z]+(?:-[a-z0-9]+)*)"/g
/** Product code; the testkit makes rejects up. */
const sources = codeFiles().filter(
  (path) => /^(packages|sources|destinations|transformers)\/(?!testkit\/)[^/]+\/src\//.test(path) && !isTest(path),
)
const texts = sources.map(readText)

/** Functions and error classes that take a code as an argument. */
function raisers(): string[] {
  return texts.flatMap((text) => {
    const functions = [...text.matchAll(/(?:function\s+|private\s+)(\w+)\([^)]*\bcode: [^)]*\)/g)].map((match) => match[1] ?? "")
    const classes = [...text.matchAll(/class\s+(\w+)\s+extends\s+Error[\s\S]*?constructor\(code: /g)].map((match) => match[1] ?? "")
    return [...functions, ...classes]
  })
}

function literals(text: string): string[] {
  return [...text.matchAll(kebab)].map((match) => match[1] ?? "")
}

/** Codes in the code base: after `code:` up to the end of the line, and in the arguments of whatever takes a code. */
function codesInUse(): Set<string> {
  const calls = new RegExp(`\\b(?:${raisers().join("|")})\\(([^()]*)`, "g")
  const found = texts.flatMap((text) => {
    const members = [...text.matchAll(/\bcode(?:\??: (?!string\b))([^,;]*)/g)].flatMap((match) => literals(match[1] ?? ""))
    const given = [...text.matchAll(calls)].flatMap((match) => literals(match[1] ?? "")).filter((word) => word.includes("-"))
    return [...members, ...given]
  })
  return new Set(found.filter((word) => word !== "code"))
}

interface Row {
  readonly codes: readonly string[]
  readonly meaning: string
  readonly remedy: string
}

/** Rows of the two tables whose first column is a code. */
function documented(): Row[] {
  return readText("docs/errors.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => {
      const [codes = "", meaning = "", remedy = ""] = line.split("|").slice(1, -1)
      return { codes: [...codes.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""), meaning: meaning.trim(), remedy: remedy.trim() }
    })
}

describe("docs/errors.md", () => {
  const rows = documented()
  const known = new Set(rows.flatMap(({ codes }) => codes))

  it("finds the codes that it shall check, whichever way they are written", () => {
    const codes = codesInUse()
    for (const one of ["fenced", "bad-row", "too-deep", "out-of-memory", "destination-error", "truncated-json", "usage"])
      expect(codes).toContain(one)
  })

  it("explains every code of the code base", () => {
    expect([...codesInUse()].filter((code) => !known.has(code)).sort()).toEqual([])
  })

  it("explains no code that does not exist", () => {
    const all = new Set(texts.flatMap(literals))
    expect([...known].filter((code) => !all.has(code))).toEqual([])
  })

  it("says of each what it means and what to do", () => {
    expect(rows.filter(({ meaning, remedy }) => meaning === "" || remedy === "")).toEqual([])
  })

  it("lists the codes of each table in alphabetical order, each once", () => {
    const [errors, rejects] = readText("docs/errors.md")
      .split("## Codes of rejected rows")
      .map((part) => [...part.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? ""))
    for (const list of [errors, rejects]) expect(list).toEqual([...new Set(list)].sort())
  })
})
