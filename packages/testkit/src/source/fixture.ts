import type { Resource, Source, SourcePlugin } from "@lading/core"
import type { Check } from "../check.ts"
import { createTestContext, type TestContext } from "../context/test-context.ts"
import { createTestFolder } from "../context/test-folder.ts"

/** Options with which something must go wrong. */
export interface SourceFailure<Options> {
  /** Completes the sentence "reading ... must fail". */
  readonly name: string
  readonly options: NoInfer<Options>
  /** Code of the error; default: any. */
  readonly code?: string
}

/** An outside world for a source, made by the plugin author. */
export interface SourceScenario<Options> {
  readonly options: NoInfer<Options>
  /** All rows that a first read gives, in any order; default: not compared. */
  readonly rows?: readonly unknown[]
  /** Network of the source; default: every request fails. */
  readonly fetch?: typeof fetch
  /**
   * Adds rows to the outside world and resolves to them: the next run, with the state and cursor of the one before, must give exactly these.
   * Without it the source is not asked to go on where it stopped.
   */
  readonly addRows?: () => Promise<readonly unknown[]>
  readonly failures?: readonly SourceFailure<Options>[]
  /** Removes what lies outside the folder. */
  readonly cleanUp?: () => Promise<void>
}

/** What the kit cannot know about a source by itself. */
export interface SourceSettings {
  /** `package.json` of the plugin; with it the manifest is checked against the plugin object. */
  readonly packageJson?: URL
  /** Options that must be refused, beside those that no plugin takes. */
  readonly invalidOptions?: readonly unknown[]
}

/** A source that a plugin author hands to the kit. */
export interface SourceSubject<Options> extends SourceSettings {
  readonly plugin: SourcePlugin<Options>
  /** Makes an outside world; called once for each check with an empty folder, which is the base folder of the source. */
  readonly makeFixture: (folder: string) => SourceScenario<Options> | Promise<SourceScenario<Options>>
}

/** What a check of a source works with. */
export interface SourceFixture {
  readonly plugin: SourcePlugin<unknown>
  readonly options: unknown
  readonly scenario: SourceScenario<unknown>
  readonly settings: SourceSettings
  /** Creates the source anew and lists its resources; without options, those of the scenario. */
  create(options?: unknown): Promise<readonly Resource[]>
  /** A fresh context in the scenario's folder and network. */
  createContext(): TestContext
  dispose(): Promise<void>
}

/** A check of a source; the facts are the scenario's. */
export type SourceCheck = Check<SourceFixture, SourceScenario<unknown>>

/** Creates an outside world and the source in it. The caller disposes it. */
export async function createSourceFixture<Options>(subject: SourceSubject<Options>): Promise<SourceFixture> {
  const folder = await createTestFolder()
  const scenario = await subject.makeFixture(folder.path)
  const plugin = subject.plugin as SourcePlugin<unknown>
  const { fetch } = scenario
  const createContext = () => createTestContext({ baseDirectory: folder.path, ...(fetch === undefined ? {} : { fetch }) })
  return {
    plugin,
    options: scenario.options,
    scenario,
    settings: subject,
    createContext,
    create: async (options = scenario.options) => resourcesOf(await plugin.create(options, createContext())),
    async dispose() {
      await scenario.cleanUp?.()
      await folder.remove()
    },
  }
}

function resourcesOf(instance: Source | Resource): readonly Resource[] {
  return instance.kind === "source" ? instance.resources : [instance]
}
