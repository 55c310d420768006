import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parseLogLine } from "./log-event.ts"

/** Recorded from dbt-core 1.11.16 with a model that works, a test that fails and a model behind it. */
const recorded = readFileSync(new URL("./fixtures/build.log.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map(parseLogLine)

describe("a line of dbt's log", () => {
  it("tells of nodes that start and end", () => {
    const nodes = recorded.flatMap((event) =>
      event?.node === undefined ? [] : [[event.code, event.node.name, event.node.status, event.index]],
    )
    expect(nodes).toEqual(
      expect.arrayContaining([
        ["Q011", "good", "started", 1],
        ["Q012", "good", "success", 1],
        ["Q007", "not_null_good_id", "pass", 3],
        ["Q007", "accepted_values_good_id__2", "fail", 2],
      ]),
    )
  })

  it("says how many nodes there are, and how long one took", () => {
    const finished = recorded.find((event) => event?.code === "Q007")
    expect(finished?.total).toBe(4)
    expect(finished?.seconds).toBeGreaterThan(0)
  })

  it("has no terminal colours in its text", () => {
    expect(recorded.map((event) => event?.text).join("")).not.toContain("\u001b")
  })

  it.each(["", "hello from a macro", "{broken", "{}", "[]", '{"info":null}', '{"info":{"code":7}}', '{"a":1}'])(
    "that dbt did not write is not taken for an event: %s",
    (line) => {
      expect(parseLogLine(line)).toBeUndefined()
    },
  )
})
