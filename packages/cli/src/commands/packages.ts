import { dirname, resolve } from "node:path"
import { LadingError } from "@lading/core"
import {
  dropLoadPackage,
  listLoadPackages,
  type PackageDetails,
  type PackageReport,
  type PipelineOptions,
  resolvePipeline,
  showLoadPackage,
  workDirOf,
} from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, datasetOptions } from "../dataset-options.ts"
import { formatBytes, formatCount } from "../format/numbers.ts"
import { formatTable } from "../format/table.ts"
import { printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"
import { hasPipelineFile } from "../load-pipelines.ts"

/** Options of `lading packages`. */
export interface PackagesArguments extends DatasetArguments {
  readonly file?: string
  readonly yes?: true
  readonly force?: true
}

const meanings = {
  sealed: "the next run publishes it, or sets it aside as stale",
  abandoned: "set aside; its rows are extracted again",
  unfinished: "a run is writing it, or the next one discards it",
  corrupt: "not what was sealed",
} as const

/** Lists the packages of a work folder. @throws LadingError of the pipeline file */
export async function listPackagesCommand(session: Session, options: PackagesArguments): Promise<void> {
  const { io, isJson } = session
  const folders = await workFolders(session, options)
  const packages: PackageReport[] = []
  for (const folder of folders) packages.push(...(await listLoadPackages(folder)))
  if (isJson) return writeJson(session, { packages })
  if (packages.length === 0) return io.stdout.write(`no packages in ${folders.map(printable).join(", ")}\n`)
  const titles = ["package", "state", "pipeline", "rows", "size", ""].map((title) =>
    title === "rows" || title === "size" ? ({ title, align: "right" } as const) : { title },
  )
  const rows = packages.map(({ loadId, state, pipeline = "", rows: count, bytes, problem }) => [
    printable(loadId),
    state,
    printable(pipeline),
    state === "unfinished" ? "" : formatCount(count),
    formatBytes(bytes),
    printable(problem ?? meanings[state]),
  ])
  const { columns: width, hasColor } = io.stdout
  const { bold } = pc.createColors(hasColor)
  await io.stdout.write(`${formatTable(titles, rows, { heading: bold, ...(width === undefined ? {} : { width }) }).join("\n")}\n`)
}

/** Shows one package. @throws LadingError `package-not-found` */
export async function showPackageCommand(session: Session, loadId: string, options: PackagesArguments): Promise<void> {
  const { io, isJson } = session
  const found = await find(session, loadId, options)
  if (isJson) return writeJson(session, { package: found })
  await io.stdout.write(`${formatPackage(found, io.stdout.hasColor)}\n`)
}

/**
 * Deletes one package.
 * @throws LadingError `usage` without `--yes`, `package-not-found`, `fenced`, `outcome-unknown` without `--force`
 */
export async function dropPackageCommand(session: Session, loadId: string, options: PackagesArguments): Promise<void> {
  const { io, isJson } = session
  const found = await find(session, loadId, options)
  if (options.yes !== true) {
    throw new LadingError({
      code: "usage",
      message: `this deletes package ${loadId} (${found.state}, ${formatCount(found.rows)} rows, ${formatBytes(found.bytes)}); nothing was done`,
      hint: `if that is what you want: lading packages drop ${loadId} --yes`,
    })
  }
  const pipeline = options.force === true ? undefined : await ownerOf(session, found, options)
  const workDir = dirname(dirname(dirname(dirname(found.folder))))
  const dropped = await dropLoadPackage(loadId, { workDir, ...(pipeline === undefined ? {} : { pipeline }), force: options.force === true })
  if (isJson) return writeJson(session, { dropped })
  const outcomes = {
    committed: "its load is committed, and stays",
    "not-committed": "its load was not committed; the next run extracts its rows again",
    unknown: "whether its load was committed is not known: lading audit <load_id> tells",
  }
  await io.stdout.write(`dropped ${printable(loadId)}: ${outcomes[dropped.outcome]}\n`)
}

async function find(session: Session, loadId: string, options: PackagesArguments): Promise<PackageDetails> {
  const folders = await workFolders(session, options)
  for (const folder of folders) {
    const all = await listLoadPackages(folder)
    if (all.some((one) => one.loadId === loadId)) return showLoadPackage(loadId, folder)
  }
  return showLoadPackage(loadId, folders[0])
}

async function workFolders(session: Session, options: PackagesArguments): Promise<string[]> {
  const { cwd } = session.io
  if (options.workDir !== undefined) return [resolve(cwd, options.workDir)]
  const pipelines = await pipelinesOf(session, options)
  const folders = await Promise.all(pipelines.map(workDirOf))
  return folders.length === 0 ? [resolve(cwd, ".lading")] : [...new Set(folders)]
}

/** The pipelines that are named, if any are: packages can be looked at without. */
async function pipelinesOf({ io }: Session, { file, ...options }: PackagesArguments): Promise<readonly PipelineOptions[]> {
  if (file === undefined && options.destination === undefined && !hasPipelineFile(io.cwd)) return []
  return datasetOptions(io, file, options)
}

/** The pipeline whose folder a package lies in. */
async function ownerOf(session: Session, { folder }: PackageReport, options: PackagesArguments): Promise<PipelineOptions | undefined> {
  for (const pipeline of await pipelinesOf(session, options)) {
    const { packages } = await resolvePipeline(pipeline)
    if (packages === dirname(folder)) return pipeline
  }
  return undefined
}

function formatPackage(found: PackageDetails, hasColor: boolean): string {
  const { bold, dim } = pc.createColors(hasColor)
  const { loadId, state, pipeline, destination, dataset, sealedAt, bytes, folder, problem, tables, parts, schema } = found
  const lines = [`${bold(printable(loadId))} · ${state}: ${printable(problem ?? meanings[state])}`]
  const fact = (name: string, value: string | undefined): void => {
    if (value !== undefined) lines.push(`  ${dim(name.padEnd(8))}  ${printable(value)}`)
  }
  fact("pipeline", pipeline)
  fact("into", destination === undefined ? undefined : `${destination} · dataset ${dataset}`)
  fact("sealed", sealedAt)
  fact("schema", schema === undefined ? undefined : `${schema.name} version ${schema.version}`)
  fact("size", `${formatBytes(bytes)} in ${formatCount(parts.length)} parts`)
  fact("folder", folder)
  for (const [table, { normalized, rejected }] of Object.entries(tables))
    lines.push(`  ${printable(table)}  ${formatCount(normalized)} rows${rejected > 0 ? `, ${formatCount(rejected)} rejected` : ""}`)
  return lines.join("\n")
}
