import {
  accountingFault,
  type Batch,
  bumpVersion,
  type Destination,
  defaultLimits,
  diffSchemas,
  isSystemName,
  LadingError,
  type LoadWriter,
  Normalizer,
  type NormalizeTarget,
  pipelineStateTable,
  type Reject,
  rejectBatch,
  type SchemaChange,
  type SchemaDocument,
  type StateDocument,
  type TableBatch,
  type TableCounters,
} from "@lading/core"
import type { LoadBase } from "./load.ts"
import { stateRow } from "./load.ts"
import { type Intake, LoadTables, type PlacedResource } from "./load-tables.ts"
import type { PipelineOptions } from "./options.ts"
import { LoadPackage } from "./package/load-package.ts"
import type { Manifest } from "./package/manifest.ts"
import { Stager } from "./publish/stager.ts"
import { checkCeiling, RejectTally } from "./rejects.ts"
import type { LeasedSession } from "./session.ts"
import { versions } from "./versions.ts"

const defaultPartBytes = 4 * 2 ** 20
/** Bytes of the open rows of all tables together at which all of them become parts, so that many small tables need no more memory than one. */
const maxOpenBytes = 64 * 2 ** 20
/** Rejects that wait in memory before they become a part. */
const rejectsPerPart = 1_000

export interface LoadRunOptions {
  readonly leased: LeasedSession
  readonly base: LoadBase
  /** Schema with the hints of this run's resources. */
  readonly schema: SchemaDocument
  readonly inexactIntegers: ReadonlySet<string>
  readonly packages: string
  readonly loadId: string
  readonly dataset: string
  readonly destination: Destination
  readonly options: PipelineOptions
  readonly now: () => Date
}

/** What an extract needs of a load, or of several that follow each other. */
export type ExtractSink = Pick<LoadRun, "intake" | "push" | "emptyTable">

/**
 * One load on its way from batches to a sealed package: normalizes, cuts parts, and stages them while extracting goes on. The package
 * and the transaction are opened with the first part.
 */
export class LoadRun {
  readonly tally = new RejectTally()
  private readonly run: LoadRunOptions
  private readonly normalizer: Normalizer
  private readonly before: SchemaDocument
  private readonly tables: LoadTables
  private readonly emptied = new Set<string>()
  private rejects: Reject[] = []
  private pack: LoadPackage | undefined
  private writer: LoadWriter | undefined
  private stager: Stager | undefined
  private readonly partBytes: number

  constructor(run: LoadRunOptions) {
    this.run = run
    this.before = run.base.stored
    this.partBytes = run.options.partBytes ?? defaultPartBytes
    const { evolution, onNonFinite, limits } = run.options
    const inexactIntegers = new Set(run.inexactIntegers)
    this.normalizer = new Normalizer({
      schema: run.schema,
      naming: run.base.naming,
      ledger: run.base.ledger,
      loadId: run.loadId,
      capabilities: run.destination.capabilities,
      nowSeconds: run.now().getTime() / 1000,
      inexactIntegers,
      ...(evolution === undefined ? {} : { evolution }),
      ...(onNonFinite === undefined ? {} : { onNonFinite }),
      ...(limits === undefined ? {} : { limits: { ...defaultLimits, ...limits } }),
    })
    const context = { naming: run.base.naming, ledger: run.base.ledger, capabilities: run.destination.capabilities }
    this.tables = new LoadTables({ normalizer: this.normalizer, stored: run.base.schema, context, inexactIntegers })
  }

  /** Where a resource brings its rows, with the counters of what the extract left out. */
  intake(placed: PlacedResource): Intake {
    return this.tables.intake(placed)
  }

  /** Normalizes one batch, row by row where rows name their tables, and passes on the parts that are full. */
  async push(target: NormalizeTarget, batch: Batch): Promise<void> {
    if (!(await this.tables.route(target, batch, (to, part) => this.normalize(to, part)))) await this.normalize(target, batch)
  }

  private async normalize(target: NormalizeTarget, batch: Batch): Promise<void> {
    if (batch.kind === "rows") this.normalizer.pushRows(target, batch.rows, batch.origin, batch.lines)
    else if (batch.kind === "json-lines") this.normalizer.pushJsonLines(target, batch.bytes, batch.origin)
    else this.normalizer.pushRejects(target, batch)
    this.collectRejects()
    await this.stageFull(this.partBytes)
    if (this.rejects.length >= rejectsPerPart) await this.stageRejects()
  }

  /** Rows that arrived at the normalizer so far. */
  get extractedRows(): number {
    return this.tables.extractedRows
  }

  get byteCount(): number {
    return this.pack?.byteCount ?? 0
  }

  /** Marks a replaced root table that shall end empty. */
  emptyTable(name: string): void {
    this.emptied.add(name)
  }

  /**
   * Seals the package: everything is on disk and staged, the manifest is written. Undefined when there is nothing to commit.
   * @throws LadingError `reject-ceiling` or `accounting-mismatch`, before anything is sealed
   */
  async seal(
    state: StateDocument,
  ): Promise<{ readonly manifest: Manifest; readonly writer: LoadWriter; readonly changes: readonly SchemaChange[] } | undefined> {
    const counters = this.tableCounters()
    this.checkAccounting(counters)
    checkCeiling(this.tables.ceilingCounters(), this.tally, this.run.options, this.tables.discarded())
    const { loadId, base, dataset, options, destination, now } = this.run
    const row = stateRow(state, base.stateHash, now())
    await this.stageFull(0)
    if (this.rejects.length > 0) await this.stageRejects()
    const hasNews = this.pack !== undefined || this.emptied.size > 0 || (row !== undefined && base.stateHash !== undefined)
    if (!hasNews) return undefined
    const { pack, writer, stager } = await this.open()
    await stager.drain()
    const schema = this.finalSchema(row !== undefined)
    const changes = diffSchemas(this.before, schema)
    const manifest: Manifest = {
      format: 1,
      loadId,
      pipeline: options.name,
      dataset,
      destination: `${destination.name} ${destination.location}`,
      parentStateHash: base.stateHash ?? null,
      state: row === undefined ? null : { ...row, created_at: row.created_at.toISOString() },
      schema,
      schemaChanges: JSON.stringify(changes),
      names: base.ledger.added().filter(({ table, column }) => isStored(schema, table, column)),
      counters,
      emptied: [...this.emptied],
      parts: pack.parts,
      sealedAt: now().toISOString(),
      versions,
    }
    await pack.seal(manifest)
    return { manifest, writer, changes }
  }

  /** Ends the transaction and throws the package away; with `keepSealed`, a package that has its seal stays for the next run. */
  async discard({ keepSealed }: { readonly keepSealed: boolean }): Promise<void> {
    await this.stager?.drain().catch(() => undefined)
    await this.writer?.abort()
    if (!(keepSealed && this.pack?.isSealed === true)) await this.pack?.discard()
  }

  /** Counters of every table; `loaded` is what is to arrive, which the destination checks against what did. */
  tableCounters(): Record<string, TableCounters> {
    return this.tables.counters()
  }

  /** What the user should know of tables that rows named. */
  get warnings(): readonly string[] {
    return this.tables.warnings
  }

  /** Values that became null because they were not finite numbers. */
  get nonFiniteCount(): number {
    return this.normalizer.nonFiniteCount
  }

  private checkAccounting(counters: Readonly<Record<string, TableCounters>>): void {
    for (const [name, table] of Object.entries(counters)) {
      const fault = accountingFault(name, table, this.tables.isRoot(name))
      if (fault === undefined) continue
      throw new LadingError({
        code: "accounting-mismatch",
        message: `the load does not add up: ${fault}`,
        hint: "nothing was committed; please report it",
      })
    }
  }

  private collectRejects(): void {
    for (const reject of this.normalizer.takeRejects()) {
      this.tally.add(reject)
      if (this.run.options.onBadRow !== "drop-counted") this.rejects.push(reject)
    }
  }

  private async stageFull(bytes: number): Promise<void> {
    const full = this.normalizer.takeBatches(bytes)
    const batches = full.length === 0 && this.normalizer.sizeInBytes() > maxOpenBytes ? this.normalizer.takeBatches(0) : full
    for (const batch of batches) await this.stage(batch)
  }

  private async stageRejects(): Promise<void> {
    const batch = rejectBatch(this.rejects, this.run.loadId)
    this.rejects = []
    await this.stage(batch)
  }

  private async stage(batch: TableBatch): Promise<void> {
    const { stager } = await this.open()
    await stager.add(batch, this.normalizer.schema.tables)
  }

  private async open(): Promise<{ pack: LoadPackage; writer: LoadWriter; stager: Stager }> {
    const { leased, packages, loadId, options, destination } = this.run
    const { partFormats } = destination.capabilities
    this.pack ??= await LoadPackage.create(packages, loadId, { durability: options.durability ?? "full", partFormats })
    this.writer ??= await leased.session.begin({ loadId, epoch: leased.lease.epoch })
    this.stager ??= new Stager(this.pack, this.writer, (batch) => this.normalizer.recycle(batch))
    return { pack: this.pack, writer: this.writer, stager: this.stager }
  }

  private finalSchema(hasState: boolean): SchemaDocument {
    const { schema } = this.normalizer
    if (hasState) schema.tables["_dlt_pipeline_state"] ??= pipelineStateTable()
    return bumpVersion(schema)
  }
}

function isStored(schema: SchemaDocument, table: string, column: string | undefined): boolean {
  const known = schema.tables[table]
  return !isSystemName(table) && known !== undefined && (column === undefined || known.columns[column]?.data_type !== undefined)
}
