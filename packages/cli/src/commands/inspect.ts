import { type DatasetReport, inspectDataset } from "@lading/engine"
import { type DatasetArguments, datasetOptions } from "../dataset-options.ts"
import { formatReport } from "../format/report.ts"
import { type Session, writeJson } from "../io.ts"

/** Options of `lading inspect`. */
export interface InspectArguments extends DatasetArguments {
  /** How many of the last loads to show. */
  readonly loads: number
}

/** Shows what the datasets of a pipeline file hold. @throws LadingError of the file and of the destination */
export async function inspectCommand(session: Session, file: string | undefined, options: InspectArguments): Promise<void> {
  const { io, isJson } = session
  const datasets: DatasetReport[] = []
  for (const one of await datasetOptions(io, file, options)) datasets.push(await inspectDataset(one, { loadCount: options.loads }))
  if (isJson) return writeJson(session, { datasets })
  const texts = datasets.map((report) => formatReport(report, { hasColor: io.stdout.hasColor, width: io.stdout.columns }))
  await io.stdout.write(`${texts.join("\n\n")}\n`)
}
