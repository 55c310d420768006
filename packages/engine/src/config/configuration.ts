import type { PluginKind } from "@lading/core"
import { type ConfigFile, readConfigFile, settingNames } from "./config-file.ts"
import { type CredentialsRule, withCredentials } from "./credentials.ts"
import { type Environment, environmentLayer, processEnvironment } from "./environment.ts"
import { type Layer, valueAt } from "./layers.ts"
import { readTomlFile, type TomlFile, tomlNames } from "./toml-file.ts"
import { tomlLayer } from "./toml-layer.ts"

/** Everything that options may come from, beside those that are given in code. */
export interface Configuration {
  readonly environment: Environment
  /** `.lading/secrets.toml` and `.lading/config.toml`. */
  readonly secrets: TomlFile
  readonly config: TomlFile
  /** `lading.config.ts`. */
  readonly file: ConfigFile
}

/** Reads the configuration of a project. @throws LadingError `config-invalid` */
export async function readConfiguration(baseDirectory: string, environment: Environment = processEnvironment()): Promise<Configuration> {
  const [secrets, config] = tomlNames.map((name) => readTomlFile(baseDirectory, name)) as [TomlFile, TomlFile]
  return { environment, secrets, config, file: await readConfigFile(baseDirectory) }
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
  /** What a section `credentials` means to the plugin. */
  readonly credentials?: CredentialsRule | undefined
}

const sectionNames = { destination: "destination", source: "sources", transformer: "transformers" } as const

/**
 * Where the options of a plugin come from, the strongest first: code; then what holds for this pipeline, from the environment,
 * secrets.toml, config.toml and lading.config.ts; then what holds for every pipeline, from the same four.
 */
export async function pluginLayers(configuration: Configuration, request: PluginRequest): Promise<Layer[]> {
  const { kind, name, pipeline, given, label, credentials } = request
  const { environment, secrets, config, file } = configuration
  const layersOf = async (own: readonly string[], ownInFile: readonly string[]): Promise<Layer[]> => {
    const sections = [...own, sectionNames[kind], name]
    const isDeep = kind === "destination"
    const shared = [
      environmentLayer(environment, { sections }),
      tomlLayer(secrets, { sections, source: "secrets", isDeep }),
      tomlLayer(config, { sections, source: "file", isDeep }),
    ]
    const complete = await Promise.all(shared.map((layer) => withCredentials(layer, credentials)))
    return [...complete, fileLayer(file, [...ownInFile, `${kind}s`, name])]
  }
  return [
    givenLayer(given, label),
    ...(pipeline === undefined ? [] : await layersOf([pipeline], ["pipelines", pipeline])),
    ...(await layersOf([], [])),
  ]
}

/** Where the settings of a pipeline come from, in the same order. */
export function settingLayers(configuration: Configuration, pipeline: string, given: Readonly<Record<string, unknown>>): Layer[] {
  const { environment, secrets, config, file } = configuration
  const layersOf = (sections: readonly string[], ownInFile: readonly string[]): Layer[] => [
    environmentLayer(environment, { sections, known: settingNames }),
    tomlLayer(secrets, { sections, source: "secrets", isDeep: true, known: settingNames }),
    tomlLayer(config, { sections, source: "file", isDeep: true, known: settingNames }),
    fileLayer(file, ownInFile, pick),
  ]
  return [givenLayer(pick(given), "option"), ...layersOf(["pipelines", pipeline], ["pipelines", pipeline]), ...layersOf(["pipelines"], [])]
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
