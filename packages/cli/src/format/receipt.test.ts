import type { SchemaChange, TableCounters } from "@lading/core"
import type { Receipt } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { formatRun } from "./receipt.ts"

const counters = (given: Partial<TableCounters>): TableCounters => ({
  ...{ extracted: 0, filtered: 0, deduplicated: 0, rejected: 0, normalized: 0, loaded: 0 },
  ...given,
})

const base: Receipt = {
  pipeline: "chess",
  destination: "duckdb chess.duckdb",
  dataset: "player_data",
  loadId: "1700000000.5",
  loadIds: ["1700000000.5"],
  wasStopped: false,
  status: "committed",
  tables: {
    players: counters({ extracted: 20_000, filtered: 3, deduplicated: 4, rejected: 2, normalized: 19_991, loaded: 19_991 }),
    players__games: counters({ normalized: 1, loaded: 1 }),
  },
  schemaChanges: [],
  rejects: { count: 0, byCode: {}, samples: [] },
  recovered: [],
  cursors: {},
  warnings: [],
  bytes: 12_400_000,
  durationMs: 1_312,
}

const show = (given: Partial<Receipt>): string[] => formatRun({ ...base, ...given }, false).split("\n")

describe("a receipt on the screen", () => {
  it("lines up the tables and accounts for every extracted row", () => {
    expect(show({})).toEqual([
      "chess → duckdb chess.duckdb · dataset player_data",
      "",
      "  players         19,991 rows   20,000 extracted = 19,991 loaded + 3 filtered + 4 seen before + 2 rejected",
      "  players__games       1 row",
      "",
      "  load    1700000000.5 in 1.3 s, 12.4 MB",
      "",
      '  lading inspect     lading query "select * from players limit 5"',
    ])
  })

  it("sums up a new table and lists at most eight changes", () => {
    const wider = Array.from(
      { length: 9 },
      (_, i): SchemaChange => ({ kind: "column-widened", table: "t", column: `c${i}`, before: "bigint", after: "double" }),
    )
    const lines = show({ schemaChanges: [{ kind: "table-added", table: "players", columns: { a: "text", b: "text" } }, ...wider] })
    const at = lines.findIndex((line) => line.includes("schema"))
    expect(lines.slice(at, at + 2)).toEqual(["  schema  + players (new table, 2 columns)", "          ~ t.c0 bigint → double"])
    expect(lines[at + 8]).toBe("          … 2 more: lading inspect")
  })

  it("shows the first rejects and how to see them all", () => {
    const sample = { table: "players", ordinal: 3, code: "missing-key", pointer: "/id", message: "no key", origin: "p.ndjson", line: 4 }
    expect(
      show({ rejects: { count: 5, byCode: { "missing-key": 4, "too-deep": 1 }, samples: Array(5).fill(sample) } }).slice(6, 11),
    ).toEqual([
      "  rejects 5   missing-key ×4, too-deep ×1",
      ...Array(3).fill("          players p.ndjson line 4 /id: missing-key, no key"),
      "          lading rejects list --load 1700000000.5",
    ])
  })

  it("tells of what was recovered, set aside, and where it goes on", () => {
    const lines = show({
      status: "nothing-to-load",
      cursors: { players: "2024-01-02" },
      warnings: ["look"],
      recovered: [{ loadId: "1.5", outcome: "committed", rows: 1 }],
    })
    expect(lines.slice(1)).toEqual([
      "  recovered 1.5: committed, 1 row",
      "  nothing new, 7 rows seen before; players continues from 2024-01-02",
      "  warning look",
    ])
  })
})
