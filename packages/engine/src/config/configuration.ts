import type { PluginKind } from "@lading/core"
import { type ConfigFile, readConfigFile, settingNames } from "./config-file.ts"
import { type Environment, environmentLayer, processEnvironment } from "./environment.ts"
import { type Layer, valueAt } from "./layers.ts"

/** Everything that options may come from, beside those that are given in code. */
export interface Configuration {
  readonly environment: Environment
  readonly file: ConfigFile
}

/** Reads the configuration of a project. @throws LadingError `config-invalid` */
export async function readConfiguration(baseDirectory: string, environment: Environment = processEnvironment()): Promise<Configuration> {
  return { environment, file: await readConfigFile(baseDirectory) }
}

/** Whose options are looked for. */
export interface PluginRequest {
  readonly kind: PluginKind
  readonly name: string
  /** Name of the pipeline, whose own values come before those for every pipeline. */
  readonly pipeline: string | undefined
  /** Options given in code, and how the user calls them. */
  readonly given: unknown
  readonly label: string
}

const environmentSections = { destination: "destination", source: "sources", transformer: "transformers" } as const

/** Where the options of a plugin come from, the strongest first: code, environment, file; in each the pipeline's own first. */
export function pluginLayers({ environment, file }: Configuration, { kind, name, pipeline, given, label }: PluginRequest): Layer[] {
  const sections = [environmentSections[kind], name]
  const place = [`${kind}s`, name]
  return [
    givenLayer(given, label),
    ...(pipeline === undefined ? [] : [environmentLayer(environment, { sections: [pipeline, ...sections] })]),
    environmentLayer(environment, { sections }),
    ...(pipeline === undefined ? [] : [fileLayer(file, ["pipelines", pipeline, ...place])]),
    fileLayer(file, place),
  ]
}

/** Where the settings of a pipeline come from, in the same order. */
export function settingLayers({ environment, file }: Configuration, pipeline: string, given: Readonly<Record<string, unknown>>): Layer[] {
  return [
    givenLayer(pick(given), "option"),
    environmentLayer(environment, { sections: ["pipelines", pipeline], known: settingNames }),
    environmentLayer(environment, { sections: ["pipelines"], known: settingNames }),
    fileLayer(file, ["pipelines", pipeline], pick),
    fileLayer(file, [], pick),
  ]
}

function givenLayer(values: unknown, label: string): Layer {
  return { source: "options", values: values ?? {}, place: (path) => `${label} ${path.join(".")}`.trimEnd() }
}

function fileLayer({ config, place }: ConfigFile, section: readonly string[], select = (values: unknown) => values): Layer {
  return {
    source: "file",
    values: select(valueAt(config, section) ?? {}),
    place: (path) => `${place} ${[...section, ...path].join(".")}`.trimEnd(),
  }
}

function pick(values: unknown): Record<string, unknown> {
  const found = settingNames.map((name) => [name, valueAt(values, [name])] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}
