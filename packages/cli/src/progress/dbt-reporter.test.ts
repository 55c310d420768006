import { describe, expect, it } from "vitest"
import { createDbtReporter, type DbtEvent } from "./dbt-reporter.ts"

const node = (kind: "node-started" | "node-finished", name: string, status: string, index: number): DbtEvent => ({
  ...{ kind, name, status, index, total: 2, resourceType: "model" },
  seconds: kind === "node-finished" ? 0.25 : undefined,
})
const events: readonly DbtEvent[] = [
  { kind: "preparing", message: "making an environment" },
  { kind: "command-started", command: "build" },
  node("node-started", "orders", "started", 1),
  node("node-started", "items\u001b[2J", "started", 2),
  node("node-finished", "orders", "success", 1),
  { kind: "message", level: "info", message: "chatter" },
  { kind: "message", level: "warn", message: "deprecated" },
  node("node-finished", "items\u001b[2J", "error", 2),
  { kind: "command-finished", command: "build", exitCode: 1 },
]

function written(isTerminal: boolean): string {
  let text = ""
  const output = { isTerminal, hasColor: false, columns: isTerminal ? 60 : undefined, write: (more: string) => void (text += more) }
  const reporter = createDbtReporter(output)
  for (const event of events) reporter.report(event)
  reporter.end()
  return text
}

describe("the progress of dbt", () => {
  it("is one plain line for each thing that has ended where there is no terminal", () => {
    expect(written(false)).toBe(
      [
        "dbt: making an environment",
        "dbt: build",
        "dbt: 1 of 2 success model orders in 0.3 s",
        "dbt: deprecated",
        "dbt: 2 of 2 error model items\\u001b[2J in 0.3 s",
        "",
      ].join("\n"),
    )
  })

  it("is a live line for each node that runs on a terminal, which is gone in the end", () => {
    const text = written(true)
    expect(text).toContain("  1 of 2 running model orders\n")
    expect(text).toContain("\u001b[2A\u001b[0J  1 of 2 success model orders in 0.3 s\n  2 of 2 running model items")
    expect(text).not.toContain("\u001b[2J")
    expect(text.slice(text.lastIndexOf("\u001b[0J") + 4)).toBe("  2 of 2 error model items\\u001b[2J in 0.3 s\n")
  })
})
