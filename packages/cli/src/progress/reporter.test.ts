import type { ProgressEvent } from "@lading/engine"
import { describe, expect, it } from "vitest"
import type { Output } from "../io.ts"
import { createReporter } from "./reporter.ts"

const events: readonly ProgressEvent[] = [
  { kind: "recovering", loadId: "1.5", outcome: "committed" },
  { kind: "extracting", resource: "orders", rows: 1, bytes: 0 },
  { kind: "extracting", resource: "orders", rows: 2_000, bytes: 5_000_000 },
  { kind: "extracting", resource: "players", rows: 3, bytes: 0 },
  { kind: "warning", message: "a \u001b[31mred\u001b[0m file" },
  { kind: "publishing", loadId: "2.5" },
  { kind: "committed", loadId: "2.5" },
]

/** Reports all events, one second apart, and gives what was written. */
function watch(terminal: number | undefined): string[] {
  const written: string[] = []
  let now = 0
  const output: Output = {
    isTerminal: terminal !== undefined,
    hasColor: false,
    columns: terminal,
    write: (text) => void written.push(text),
  }
  const reporter = createReporter(output, "shop", () => now)
  for (const event of events) {
    now += 1000
    reporter.report(event)
  }
  reporter.end()
  return written
}

/** What a terminal shows after these texts: a cursor that goes up and erases. */
function screen(texts: readonly string[]): string[] {
  let lines = [""]
  for (const part of texts.join("").split(/(\u001b\[\d+A\u001b\[0J)/)) {
    const up = /\u001b\[(\d+)A/.exec(part)
    if (up !== null) lines = [...lines.slice(0, lines.length - 1 - Number(up[1])), ""]
    else {
      const [first = "", ...rest] = part.split("\n")
      lines = [...lines.slice(0, -1), (lines.at(-1) ?? "") + first, ...rest]
    }
  }
  return lines.filter((line) => line !== "")
}

describe("progress where nobody watches", () => {
  it("is one plain line for each step", () => {
    expect(watch(undefined)).toEqual([
      "shop: recovering 1.5: committed\n",
      "shop: extracting orders: 2,000 rows  5.0 MB\n",
      "shop: extracting players: 3 rows\n",
      "shop: warning: a \\u001b[31mred\\u001b[0m file\n",
      "shop: publishing load 2.5\n",
      "shop: committed load 2.5\n",
    ])
  })
})

describe("progress on a terminal", () => {
  it("has a line for each resource, with its rate, and one for the step", () => {
    expect(screen(watch(80).slice(0, -1))).toEqual([
      "  recovering 1.5: committed",
      "  warning: a \\u001b[31mred\\u001b[0m file",
      "  extracting orders: 2,000 rows  5.0 MB  667 rows/s",
      "  extracting players: 3 rows",
      "  committed load 2.5",
    ])
  })

  it("leaves only what was worth a note", () => {
    expect(screen(watch(80))).toEqual(["  recovering 1.5: committed", "  warning: a \\u001b[31mred\\u001b[0m file"])
  })

  it("never wraps a line, which would break the way back up", () => {
    expect(Math.max(...screen(watch(20)).map((line) => line.length))).toBeLessThan(20)
  })
})
