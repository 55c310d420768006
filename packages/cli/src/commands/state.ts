import { type ResourceStateReport, readState, type StateReport } from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, datasetOptions } from "../dataset-options.ts"
import { toJson } from "../format/json.ts"
import { formatCountOf } from "../format/numbers.ts"
import { printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"

/** Shows the states that the next runs continue from. @throws LadingError of the file and of the destination */
export async function stateCommand(session: Session, file: string | undefined, options: DatasetArguments): Promise<void> {
  const { io, isJson } = session
  const states: StateReport[] = []
  for (const one of await datasetOptions(io, file, options)) states.push(await readState(one))
  if (isJson) return writeJson(session, { states })
  await io.stdout.write(`${states.map((state) => formatState(state, io.stdout.hasColor)).join("\n\n")}\n`)
}

function formatState(state: StateReport, hasColor: boolean): string {
  const { bold, dim } = pc.createColors(hasColor)
  const title = `${bold(printable(state.pipeline))} → ${printable(state.destination)} · dataset ${printable(state.dataset)}`
  if (state.document === undefined) return `${title}\n  no state yet: lading run`
  const lines = state.resources.flatMap((resource) => resourceLines(resource, bold))
  const version = `  ${dim("state")}  version ${state.version}, committed at ${state.committedAt}`
  return [title, version, ...(lines.length === 0 ? ["  no resource remembers anything"] : lines)].join("\n")
}

function resourceLines({ schema, resource, cursors, own }: ResourceStateReport, bold: (text: string) => string): string[] {
  return [
    "",
    `  ${bold(printable(resource))}  ${printable(`schema ${schema}`)}`,
    ...cursors.map(({ path, last, boundaryRows }) => {
      const at = last === undefined ? "no row seen yet" : `continues from ${String(last)}`
      const rows = boundaryRows === 0 ? "" : `, ${formatCountOf(boundaryRows, "row")} known there`
      return printable(`    cursor ${path}: ${at}${rows}`)
    }),
    ...Object.entries(own).map(([key, value]) => printable(`    ${key}: ${toJson(value)}`)),
  ]
}
