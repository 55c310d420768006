import { join } from "node:path"
import type {
  Destination,
  DestinationCapabilities,
  DestinationPlugin,
  DestinationSession,
  OpenRequest,
  PartFormat,
  SealedPart,
  Table,
} from "@lading/core"
import type { Check } from "../check.ts"
import { createTestContext, type TestContext } from "../context/test-context.ts"
import { createTestFolder } from "../context/test-folder.ts"
import { type TestRow, writePart } from "../data/write-part.ts"

/** Where a check may write: a folder and a dataset of its own. */
export interface DestinationPlace {
  /** Absolute path of an empty folder, removed after the check. */
  readonly folder: string
  /** Dataset name that no other check uses. */
  readonly dataset: string
}

/** What the kit cannot know about a destination by itself. */
export interface DestinationSettings {
  /** `package.json` of the plugin; with it the manifest is checked against the plugin object. */
  readonly packageJson?: URL
  /** Options that must be refused, beside those that no plugin takes. */
  readonly invalidOptions?: readonly unknown[]
  /** Quotes an identifier for a query; default: double quotes. */
  readonly quote?: (name: string) => string
  /** Table and column names that need quoting; default: reserved words, spaces, quotes and letters beyond ASCII. */
  readonly oddNames?: readonly string[]
  /** Removes what a check left outside its folder. */
  readonly cleanUp?: (place: DestinationPlace) => Promise<void>
}

/** A destination that a plugin author hands to the kit. */
export interface DestinationSubject<Options> extends DestinationSettings {
  readonly plugin: DestinationPlugin<Options>
  /** Options that lead to an empty place; called once for each check. */
  readonly makeOptions: (place: DestinationPlace) => Options | Promise<Options>
}

/** What a check works with. Everything that was opened through it is closed by `dispose`. */
export interface DestinationFixture {
  readonly plugin: DestinationPlugin<unknown>
  readonly options: unknown
  readonly destination: Destination
  readonly settings: DestinationSettings
  readonly place: DestinationPlace
  readonly pipeline: string
  readonly context: TestContext
  /** Opens a session, by default on the fixture's own dataset and pipeline. */
  open(request?: Partial<OpenRequest>): Promise<DestinationSession>
  /** Writes a sealed part; row and load ids are filled in where they are missing. Default format: the destination's first. */
  part(table: Table, rows: readonly TestRow[], format?: PartFormat): Promise<SealedPart>
  quote(name: string): string
  dispose(): Promise<void>
}

/** A check of a destination. */
export type DestinationCheck = Check<DestinationFixture, DestinationCapabilities>

let fixtureCount = 0

/** Creates an empty place and the destination in it. The caller disposes it. */
export async function createDestinationFixture<Options>(subject: DestinationSubject<Options>): Promise<DestinationFixture> {
  const folder = await createTestFolder()
  fixtureCount += 1
  const place: DestinationPlace = { folder: folder.path, dataset: `kit_${process.pid}_${fixtureCount}` }
  const options = await subject.makeOptions(place)
  const context = createTestContext({ baseDirectory: folder.path })
  const destination = await subject.plugin.create(options, context)
  const sessions: DestinationSession[] = []
  const pipeline = "kit"
  const writeRows = createPartWriter(folder.path)
  return {
    plugin: subject.plugin as DestinationPlugin<unknown>,
    options,
    destination,
    settings: subject,
    place,
    pipeline,
    context,
    async open(request = {}) {
      const session = await destination.open({ dataset: place.dataset, pipeline, ...request }, context)
      sessions.push(session)
      return session
    },
    part: (table, rows, format = destination.capabilities.partFormats[0] ?? "parquet") => writeRows(table, rows, format),
    quote: subject.quote ?? ((name) => `"${name.replaceAll('"', '""')}"`),
    async dispose() {
      for (const session of sessions) await session.close().catch(() => undefined)
      await subject.cleanUp?.(place)
      await folder.remove()
    },
  }
}

function createPartWriter(folder: string) {
  let partCount = 0
  let rowCount = 0
  return (table: Table, rows: readonly TestRow[], format: PartFormat): Promise<SealedPart> => {
    partCount += 1
    const filled = rows.map((row) => {
      rowCount += 1
      const own = { _dlt_id: `row${rowCount}`, ...(table.parent === undefined ? { _dlt_load_id: "kit" } : {}) }
      return Object.hasOwn(table.columns, "_dlt_id") ? { ...own, ...row } : row
    })
    return writePart(join(folder, `part-${partCount}.${format}`), format, table, filled)
  }
}
