import { isAbsolute, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { type Destination, LadingError, type Plugin, type PluginContext, type PluginKind, type Resource, type Source } from "@lading/core"
import { type Configuration, pluginLayers, readConfiguration } from "../config/configuration.ts"
import { credentialsRule } from "../config/credentials.ts"
import { fitOptions } from "../config/fit-options.ts"
import { importUserModule } from "../config/import-module.ts"
import { listPlugins, type PluginManifest, readManifest, specVersion } from "./manifest.ts"
import { resolveEntry } from "./resolve-entry.ts"

/** What a plugin of each kind creates. */
export interface Instances {
  readonly destination: Destination
  readonly source: Source | Resource
  readonly transformer: unknown
}

/** Finds plugins by name in one project. A value: two registries know nothing of each other. */
export interface Registry {
  /** Plugins among the project's direct dependencies, from their manifests; no plugin code runs. */
  list(): readonly PluginManifest[]
  /**
   * Imports a plugin: `duckdb` means `@lading/destination-duckdb`, then `lading-destination-duckdb`; a scoped name or a path means
   * itself.
   * @throws LadingError `plugin-not-found`, `plugin-wrong-kind`, `plugin-wrong-spec`, `not-a-plugin`
   */
  load<Kind extends PluginKind>(kind: Kind, name: string): Promise<Plugin<Kind, unknown, Instances[Kind]>>
  /**
   * Loads a plugin, completes its options from environment and configuration file, validates them and creates what it makes.
   * @throws LadingError `config-missing`, `config-invalid`, and as `load`
   */
  create<Kind extends PluginKind>(kind: Kind, name: string, options: unknown, context: PluginContext): Promise<Instances[Kind]>
}

/** Where a registry looks for plugins. */
export interface RegistryOptions {
  /** The user's project: names are resolved from here. */
  readonly baseDirectory: string
  /** Where options come from that are not given; default: the environment of the process, and the project's `lading.config.ts`. */
  readonly configuration?: Configuration
  /** Name of the pipeline, whose own values come before those for every pipeline. */
  readonly pipeline?: string
  /** What the user calls the options given to `create`, for errors. */
  readonly label?: string
}

/** Creates a registry for one project. */
export function createRegistry({ baseDirectory, ...from }: RegistryOptions): Registry {
  const load: Registry["load"] = (kind, name) => loadPlugin(kind, name, baseDirectory)
  return {
    list: () => listPlugins(baseDirectory),
    load,
    async create(kind, name, options, context) {
      const plugin = await load(kind, name)
      const configuration = from.configuration ?? (await readConfiguration(baseDirectory))
      return plugin.create(await completeOptions(plugin, options, configuration, from), context)
    },
  }
}

async function loadPlugin<Kind extends PluginKind>(
  kind: Kind,
  name: string,
  baseDirectory: string,
): Promise<Plugin<Kind, unknown, Instances[Kind]>> {
  if (name.startsWith(".") || isAbsolute(name)) return checked(kind, name, await importUserModule(resolve(baseDirectory, name)))
  const candidates = name.startsWith("@") ? [name] : [`@lading/${kind}-${name}`, `lading-${kind}-${name}`]
  for (const candidate of candidates) {
    const manifest = readManifest(candidate, baseDirectory)
    if (manifest === undefined) continue
    checkManifest(kind, manifest)
    return checked(kind, candidate, await import(pathToFileURL(resolveEntry(candidate, baseDirectory)).href))
  }
  throw notFound(kind, name, candidates, listPlugins(baseDirectory))
}

function checkManifest(kind: PluginKind, manifest: PluginManifest): void {
  if (manifest.kind !== kind) {
    throw new LadingError({
      code: "plugin-wrong-kind",
      message: `${manifest.package} is a ${manifest.kind}, not a ${kind}`,
      hint: `name a ${kind} package here`,
    })
  }
  if (manifest.spec > specVersion) throw wrongSpec(`${manifest.package} ${manifest.version}`, manifest.spec)
}

function checked<Kind extends PluginKind>(kind: Kind, name: string, module: { default?: unknown }): Plugin<Kind, unknown, Instances[Kind]> {
  const plugin = module.default as Partial<Plugin<Kind, unknown, Instances[Kind]>> | undefined
  if (typeof plugin?.create !== "function" || plugin.options === undefined) {
    throw new LadingError({
      code: "not-a-plugin",
      message: `${name} has no default export with options and create`,
      hint: "a plugin is a default export: { kind, name, specVersion, options, create }",
    })
  }
  if (plugin.kind !== kind)
    throw new LadingError({ code: "plugin-wrong-kind", message: `${name} is a ${String(plugin.kind)}, not a ${kind}` })
  if (Number(plugin.specVersion) > specVersion) throw wrongSpec(name, Number(plugin.specVersion))
  return plugin as Plugin<Kind, unknown, Instances[Kind]>
}

function wrongSpec(plugin: string, spec: number): LadingError {
  return new LadingError({
    code: "plugin-wrong-spec",
    message: `${plugin} speaks plugin contract ${spec}; this engine speaks ${specVersion}`,
    hint: "update lading, or install an older version of the plugin",
  })
}

async function completeOptions(
  { kind, name, options: schema }: Plugin<PluginKind, unknown, unknown>,
  given: unknown,
  configuration: Configuration,
  { pipeline, label = "option" }: Omit<RegistryOptions, "baseDirectory">,
): Promise<unknown> {
  const credentials = kind === "destination" ? await credentialsRule(schema) : undefined
  return fitOptions(`${kind} ${name}`, schema, await pluginLayers(configuration, { kind, name, pipeline, given, label, credentials }))
}

function notFound(kind: PluginKind, name: string, candidates: readonly string[], installed: readonly PluginManifest[]): LadingError {
  const known = installed.filter((manifest) => manifest.kind === kind).map((manifest) => manifest.name)
  return new LadingError({
    code: "plugin-not-found",
    message: `no ${kind} "${name}": looked for ${candidates.join(", then ")}; installed ${kind}s: ${known.join(", ") || "none"}`,
    hint: `npm install ${candidates[0]}`,
    details: { candidates, installed: known },
  })
}
