import { existsSync } from "node:fs"
import { readdir, readFile, rm, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { isLadingError, isSystemName, LadingError, type TableCounters } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { sealedParts, verifyParts } from "../package/load-package.ts"
import { decodeManifest, type Manifest } from "../package/manifest.ts"
import { withLease } from "../session.ts"
import { resolvePipeline } from "./open-dataset.ts"

/**
 * What becomes of a package. `sealed`: the next run publishes it, or sets it aside; `abandoned`: it was set aside, and its rows are
 * extracted again; `unfinished`: a run is writing it, or the next one discards it; `corrupt`: it is not what was sealed.
 */
export type PackageState = "sealed" | "abandoned" | "unfinished" | "corrupt"

/** A load package in a work folder. */
export interface PackageReport {
  readonly loadId: string
  readonly state: PackageState
  /** Undefined, as the next three, where there is no readable manifest. */
  readonly pipeline: string | undefined
  readonly destination: string | undefined
  readonly dataset: string | undefined
  /** ISO 8601. */
  readonly sealedAt: string | undefined
  readonly rows: number
  /** Bytes of the parts: as the manifest says, else of the files that are there. */
  readonly bytes: number
  readonly folder: string
  /** Why it is corrupt. */
  readonly problem?: string
}

/** One package with what it would load. */
export interface PackageDetails extends PackageReport {
  readonly tables: Readonly<Record<string, TableCounters>>
  readonly parts: readonly { readonly table: string; readonly file: string; readonly rows: number; readonly bytes: number }[]
  readonly schema: { readonly name: string; readonly version: number; readonly hash: string } | undefined
}

const defaultWorkDir = ".lading"

/** Lists every package below a work folder, by pipeline and load id; connects to nothing and changes nothing. */
export async function listLoadPackages(workDir: string = defaultWorkDir): Promise<PackageReport[]> {
  return (await findPackages(workDir)).map(({ report }) => report)
}

/**
 * One package; the parts of a sealed one are hashed again.
 * @throws LadingError `package-not-found`
 */
export async function showLoadPackage(loadId: string, workDir: string = defaultWorkDir): Promise<PackageDetails> {
  const { report, manifest } = await findOne(loadId, workDir)
  if (manifest === undefined) return { ...report, tables: {}, parts: [], schema: undefined }
  const problem = report.problem ?? (await damageOf(report.folder, manifest))
  return {
    ...report,
    ...(problem === undefined ? {} : { problem, state: "corrupt" as const }),
    tables: manifest.counters,
    parts: manifest.parts.map(({ table, file, rowCount, byteCount }) => ({ table, file, rows: rowCount, bytes: byteCount })),
    schema: { name: manifest.schema.name, version: manifest.schema.version, hash: manifest.schema.version_hash },
  }
}

/** How a package is dropped. */
export interface DropOptions {
  readonly workDir?: string
  /** Pipeline of the package: its destination says whether the load was committed, and its lease whether a run is at work. */
  readonly pipeline?: PipelineOptions
  /** Drop the package although nobody can say whether it was committed. */
  readonly force?: boolean
}

/** What became of a package that was dropped. */
export interface DroppedPackage {
  readonly package: PackageReport
  /** Whether its load is in the destination; `unknown` only with `force`. */
  readonly outcome: "committed" | "not-committed" | "unknown"
}

/**
 * Deletes a package, after asking the destination what became of its load. What was not committed is extracted again by the next run.
 * @throws LadingError `package-not-found`; `fenced` while a run holds the pipeline; `outcome-unknown` without `force`
 */
export async function dropLoadPackage(loadId: string, { workDir, pipeline, force = false }: DropOptions = {}): Promise<DroppedPackage> {
  const { report, packages } = await findOne(loadId, workDir ?? defaultWorkDir)
  const remove = (): Promise<void> => rm(report.folder, { recursive: true, force: true })
  if (force) {
    await remove()
    return { package: report, outcome: "unknown" }
  }
  if (pipeline === undefined) throw unknownOutcome(report, "no pipeline was named that could be asked for it")
  const resolved = await resolvePipeline(pipeline)
  if (resolve(resolved.packages) !== resolve(packages))
    throw unknownOutcome(
      report,
      `it is not one of pipeline ${resolved.options.name} into ${resolved.location}, dataset ${resolved.dataset}`,
    )
  const request = { dataset: resolved.dataset, pipeline: resolved.options.name, takeOver: false }
  try {
    return await withLease(resolved.destination, request, resolved.context, async ({ session }) => {
      const committed = await session.committedLoads([loadId])
      await remove()
      return { package: report, outcome: committed.has(loadId) ? ("committed" as const) : ("not-committed" as const) }
    })
  } catch (error) {
    if (!isLadingError(error) || error.code === "fenced" || error.code === "database-locked") throw error
    throw unknownOutcome(report, `${resolved.location} cannot be asked (${error.code}: ${error.message})`)
  }
}

interface FoundPackage {
  readonly report: PackageReport
  readonly manifest: Manifest | undefined
  /** Folder that holds the packages of its pipeline. */
  readonly packages: string
}

async function findPackages(workDir: string): Promise<FoundPackage[]> {
  const pipelines = join(resolve(workDir), "pipelines")
  const found: FoundPackage[] = []
  for (const pipeline of (await namesIn(pipelines)).sort()) {
    const packages = join(pipelines, pipeline, "packages")
    for (const loadId of (await namesIn(packages)).sort()) found.push(await describePackage(packages, loadId))
  }
  return found
}

async function findOne(loadId: string, workDir: string): Promise<FoundPackage> {
  const all = await findPackages(workDir)
  const found = all.find(({ report }) => report.loadId === loadId)
  if (found !== undefined) return found
  throw new LadingError({
    code: "package-not-found",
    message: `there is no package ${loadId} in ${resolve(workDir)}`,
    hint: all.length === 0 ? "there are no packages there at all" : `there are ${all.map(({ report }) => report.loadId).join(", ")}`,
  })
}

async function describePackage(packages: string, loadId: string): Promise<FoundPackage> {
  const folder = join(packages, loadId)
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => undefined)
  const manifest = text === undefined ? undefined : decodeManifest(text)
  if (manifest === undefined) {
    const facts = {
      pipeline: undefined,
      destination: undefined,
      dataset: undefined,
      sealedAt: undefined,
      rows: 0,
      bytes: await sizeOf(folder),
    }
    const state =
      text === undefined ? ({ state: "unfinished" } as const) : ({ state: "corrupt", problem: "its manifest was altered" } as const)
    return { report: { loadId, ...state, ...facts, folder }, manifest, packages }
  }
  const problem = await missingPart(folder, manifest)
  const state: PackageState = problem !== undefined ? "corrupt" : existsSync(join(folder, "aside.json")) ? "abandoned" : "sealed"
  const report = {
    ...{ loadId, state, pipeline: manifest.pipeline, destination: manifest.destination, dataset: manifest.dataset, folder },
    sealedAt: manifest.sealedAt,
    rows: manifest.parts.reduce((sum, { table, rowCount }) => sum + (isSystemName(table) ? 0 : rowCount), 0),
    bytes: manifest.parts.reduce((sum, { byteCount }) => sum + byteCount, 0),
    ...(problem === undefined ? {} : { problem }),
  }
  return { report, manifest, packages }
}

/** The first part that is not there in full; its content is not read. */
async function missingPart(folder: string, { parts }: Manifest): Promise<string | undefined> {
  for (const { file, byteCount } of parts) {
    const size = await stat(join(folder, file)).then(
      (found) => found.size,
      () => undefined,
    )
    if (size === undefined) return `part ${file} is missing`
    if (size !== byteCount) return `part ${file} has ${size} bytes instead of ${byteCount}`
  }
  return undefined
}

async function damageOf(folder: string, manifest: Manifest): Promise<string | undefined> {
  try {
    await verifyParts(sealedParts(join(folder, ".."), manifest))
    return undefined
  } catch (error) {
    if (isLadingError(error)) return error.message
    throw error
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

function unknownOutcome({ loadId, folder, state }: PackageReport, why: string): LadingError {
  return new LadingError({
    code: "outcome-unknown",
    message: `whether package ${loadId} (${state}) was committed is not known: ${why}; it was left where it is`,
    hint: "name the pipeline file that it belongs to, so that its destination can be asked; or drop it anyway: --force",
    details: { loadId, folder, state },
  })
}
