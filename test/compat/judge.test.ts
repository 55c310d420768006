import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { judgeCase, type Outcome, type Result } from "./judge.mjs"

const ok: Outcome = { status: "ok", load_ids: ["L"] }
const failed: Outcome = { status: "raises", code: "value-out-of-range", error: "out of range" }
const crashed: Outcome = { status: "raises", code: "ERR_MODULE_NOT_FOUND", error: "no such module" }
const table = "create table compat.t (a bigint, b varchar, _dlt_load_id varchar not null, _dlt_id varchar not null)"
const keepsBoth = { values: [["1", "x"]] }
const losesOne = { values: [["2", "x"]] }

let folder = ""
let files = 0

async function sideOf(row: string, outcomes = [ok]): Promise<Result> {
  const file = join(folder, `${files++}.duckdb`)
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(`create schema compat; ${table}; insert into compat.t values (${row}, 'L', 'AAAAAAAAAAAAAA')`)
  connection.closeSync()
  instance.closeSync()
  return { file, outcomes }
}

function caseWith(deliberate?: readonly object[], hints: object = {}) {
  return { name: "x", loads: [{ rows: [], hints: { table: "t", ...hints } }], ...(deliberate ? { deliberate } : {}) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compat-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("judgeCase", () => {
  it.each([
    ["equal sides without a reason", caseWith(), "2, 'x'", "2, 'x'", "equal"],
    ["other values without a reason", caseWith(), "2, 'x'", "1, 'x'", "different"],
    [
      "what was expected of both sides",
      caseWith([{ rule: "N1", table: "t", columns: ["a"], dlt: losesOne, lading: keepsBoth }]),
      "2, 'x'",
      "1, 'x'",
      "deliberate",
    ],
    [
      "an expectation of dlt that does not hold",
      caseWith([{ rule: "N1", table: "t", dlt: keepsBoth, lading: keepsBoth }]),
      "2, 'x'",
      "1, 'x'",
      "different",
    ],
    [
      "an expectation of Lading that does not hold",
      caseWith([{ rule: "N1", table: "t", dlt: losesOne, lading: losesOne }]),
      "2, 'x'",
      "1, 'x'",
      "different",
    ],
    [
      "a difference outside the covered columns",
      caseWith([{ rule: "N1", table: "t", columns: ["b"], dlt: losesOne, lading: keepsBoth }]),
      "2, 'x'",
      "1, 'x'",
      "different",
    ],
  ])("takes %s into account", async (_what, entry, left, right, verdict) => {
    const found = await judgeCase(entry, await sideOf(left), await sideOf(right))
    expect(found.verdict).toBe(verdict)
    expect(found.differences.length > 0).toBe(verdict === "different")
  })

  it("takes a load that fails on one side only for a difference", async () => {
    const found = await judgeCase(caseWith(), await sideOf("2, 'x'"), await sideOf("2, 'x'", [failed]))
    expect(found.differences.map(({ aspect }) => aspect)).toContain("outcome")
  })

  it("lets a deliberate entry say which side fails, and with what", async () => {
    const sides = [await sideOf("2, 'x'", [failed]), await sideOf("1, 'x'")] as const
    const entry = (pattern: string) => caseWith([{ rule: "T4", load: 1, table: "t", dlt: { raises: pattern }, lading: keepsBoth }])
    expect((await judgeCase(entry("range"), ...sides)).verdict).toBe("deliberate")
    expect((await judgeCase(entry("other"), ...sides)).verdict).toBe("different")
  })

  it("does not take a crash of Lading for a failure that dlt has too", async () => {
    const none = join(folder, "none")
    const found = await judgeCase(caseWith(), { file: none, outcomes: [failed] }, { file: none, outcomes: [crashed] })
    expect(found.verdict).toBe("different")
  })

  it("takes two sides whose only load fails for equal", async () => {
    const found = await judgeCase(
      caseWith(),
      { file: join(folder, "none"), outcomes: [failed] },
      { file: join(folder, "none"), outcomes: [failed] },
    )
    expect(found.verdict).toBe("equal")
  })
})
