import type { PipelineOptions } from "../options.ts"
import type { PipelineSettings } from "./config-file.ts"
import { type Configuration, readConfiguration, settingLayers } from "./configuration.ts"
import { processEnvironment } from "./environment.ts"
import { installFaults } from "./faults.ts"
import { fitOptions } from "./fit-options.ts"
import { pipelineSettings } from "./pipeline-settings.ts"

/** The options of a pipeline, with what environment and configuration file add to them. */
export interface ConfiguredOptions extends PipelineOptions {
  readonly baseDirectory: string
  /** Where the options of its destination are looked for when that is given by name. */
  readonly configuration: Configuration
}

/**
 * Completes the options of a pipeline for one run: what is not given in code comes from the environment, then from `lading.config.ts`.
 * @throws LadingError `config-missing`, `config-invalid` with every place looked at
 */
export async function configure(options: PipelineOptions): Promise<ConfiguredOptions> {
  const environment = options.environment ?? processEnvironment()
  installFaults(environment)
  const baseDirectory = options.baseDirectory ?? options.context?.baseDirectory ?? process.cwd()
  const configuration = await readConfiguration(baseDirectory, environment)
  const layers = settingLayers(configuration, options.name, { ...options })
  const settings: PipelineSettings = await fitOptions(`pipeline ${options.name}`, pipelineSettings, layers)
  return { ...options, ...settings, baseDirectory, configuration }
}
