import { printable, truncate } from "../format/text.ts"
import type { Output } from "../io.ts"

/** What dbt is doing, as the transformer tells it. */
export type DbtEvent =
  | { readonly kind: "preparing"; readonly message: string }
  | { readonly kind: "command-started"; readonly command: string }
  | {
      readonly kind: "node-started" | "node-finished"
      readonly name: string
      readonly resourceType: string
      readonly status: string
      readonly index: number | undefined
      readonly total: number | undefined
      readonly seconds: number | undefined
    }
  | { readonly kind: "message"; readonly level: string; readonly message: string }
  | { readonly kind: "command-finished"; readonly command: string; readonly exitCode: number | undefined }

/** Shows what dbt is doing until `end`. */
export interface DbtReporter {
  report(event: DbtEvent): void
  end(): void
}

/** On a terminal a line for each node that runs, which goes when it is done; elsewhere one plain line for each that has ended. */
export function createDbtReporter(output: Output): DbtReporter {
  const running = new Map<string, string>()
  let drawn = 0
  const erase = (): string => (drawn === 0 ? "" : `\u001b[${drawn}A\u001b[0J`)
  const draw = (above: string | undefined): void => {
    if (!output.isTerminal) {
      if (above !== undefined) void output.write(`dbt: ${above}\n`)
      return
    }
    const width = (output.columns ?? 80) - 1
    const fit = (text: string): string => `${truncate(`  ${text}`, width)}\n`
    const lines = [...running.values()]
    void output.write(erase() + (above === undefined ? "" : fit(above)) + lines.map(fit).join(""))
    drawn = lines.length
  }
  return {
    report(event) {
      if (event.kind === "node-started") {
        running.set(event.name, `${place(event)}running ${event.resourceType} ${printable(event.name)}`)
        return draw(undefined)
      }
      if (event.kind === "node-finished") running.delete(event.name)
      const text = describe(event)
      if (text !== undefined) draw(text)
    },
    end() {
      if (output.isTerminal) void output.write(erase())
      drawn = 0
      running.clear()
    },
  }
}

/** An event in a few words; undefined for what only a log needs. */
function describe(event: DbtEvent): string | undefined {
  switch (event.kind) {
    case "preparing":
      return printable(event.message)
    case "command-started":
      return event.command
    case "node-finished": {
      const seconds = event.seconds === undefined ? "" : ` in ${event.seconds.toFixed(1)} s`
      return `${place(event)}${printable(`${event.status} ${event.resourceType} ${event.name}`)}${seconds}`
    }
    case "message":
      return event.level === "warn" || event.level === "error" || event.level === "print" ? printable(event.message) : undefined
    default:
      return undefined
  }
}

function place({ index, total }: { readonly index: number | undefined; readonly total: number | undefined }): string {
  return index === undefined || total === undefined ? "" : `${index} of ${total} `
}
