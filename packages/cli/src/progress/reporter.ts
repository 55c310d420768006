import type { ProgressEvent } from "@lading/engine"
import { formatBytes, formatCount, formatCountOf } from "../format/numbers.ts"
import { printable, truncate } from "../format/text.ts"
import type { Output } from "../io.ts"

/** Shows what a run is doing until `end`. */
export interface Reporter {
  report(event: ProgressEvent): void
  /** Ends the live lines, or prints the last plain one. */
  end(): void
}

/** Live lines on a terminal, one plain line per finished step elsewhere. `now` gives milliseconds. */
export function createReporter(output: Output, pipeline: string, now: () => number = () => performance.now()): Reporter {
  return output.isTerminal ? liveReporter(output, now) : plainReporter(output, pipeline)
}

interface LiveLine {
  readonly since: number
  text: string
}

function liveReporter(output: Output, now: () => number): Reporter {
  const lines = new Map<string, LiveLine>()
  const startedAt = now()
  let drawn = 0
  const erase = (): string => (drawn === 0 ? "" : `\u001b[${drawn}A\u001b[0J`)
  const draw = (above = ""): void => {
    const width = (output.columns ?? 80) - 1
    const texts = [...lines.values()].map(({ text }) => truncate(text, width))
    void output.write(erase() + above + texts.map((text) => `${text}\n`).join(""))
    drawn = texts.length
  }
  return {
    report(event) {
      if (event.kind === "warning" || event.kind === "recovering") return draw(`${truncate(describe(event), (output.columns ?? 80) - 1)}\n`)
      const key = event.kind === "extracting" ? `resource ${event.resource}` : "step"
      const line = lines.get(key) ?? { since: lines.size === 0 ? startedAt : now(), text: "" }
      line.text = event.kind === "extracting" ? withRate(event, now() - line.since) : describe(event)
      lines.delete("step")
      lines.set(key, line)
      draw()
    },
    end() {
      void output.write(erase())
      drawn = 0
      lines.clear()
    },
  }
}

function plainReporter(output: Output, pipeline: string): Reporter {
  let open: ProgressEvent | undefined
  const print = (event: ProgressEvent): void => void output.write(`${printable(pipeline)}: ${describe(event).trim()}\n`)
  const flush = (): void => {
    if (open !== undefined) print(open)
    open = undefined
  }
  return {
    report(event) {
      const continues = event.kind === "extracting" && open?.kind === "extracting" && open.resource === event.resource
      if (!continues) flush()
      if (event.kind === "extracting") open = event
      else print(event)
    },
    end: flush,
  }
}

function withRate(event: Extract<ProgressEvent, { kind: "extracting" }>, milliseconds: number): string {
  const rate = milliseconds < 200 ? "" : `  ${formatCount(Math.round(event.rows / (milliseconds / 1000)))} rows/s`
  return describe(event) + rate
}

/** An event in a few words. */
export function describe(event: ProgressEvent): string {
  switch (event.kind) {
    case "recovering":
      return `  recovering ${event.loadId}: ${event.outcome}`
    case "waiting":
      return `  waiting for ${printable(event.what)}`
    case "extracting":
      return `  extracting ${printable(event.resource)}: ${formatCountOf(event.rows, "row")}${event.bytes > 0 ? `  ${formatBytes(event.bytes)}` : ""}`
    case "sealing":
      return `  sealing ${formatCountOf(event.rows, "row")}  ${formatBytes(event.bytes)}`
    case "publishing":
      return `  publishing load ${event.loadId}`
    case "committed":
      return `  committed load ${event.loadId}`
    case "warning":
      return `  warning: ${printable(event.message)}`
  }
}
