import { LadingError, type Secret, secret } from "@lading/core"
import { type Environment, environmentName, processEnvironment } from "./environment.ts"
import { isRecord, valueAt } from "./layers.ts"
import { readTomlFile, tomlNames } from "./toml-file.ts"
import { toTomlKey } from "./toml-layer.ts"

/**
 * A secret that is read from an environment variable when a plugin needs it, and not before.
 *
 * @example
 * pipeline({ name: "shop", destination: postgres({ host: "db", password: fromEnvironment("SHOP_DB_PASSWORD") }) })
 * @param environment instead of that of the process
 * @throws LadingError `config-missing` when it is needed and not set
 */
export function fromEnvironment(name: string, environment: Environment = processEnvironment()): Secret {
  return secret(() => {
    const value = environment[name]
    if (value !== undefined) return value
    throw new LadingError({
      code: "config-missing",
      message: `environment variable ${name} is not set`,
      hint: `set ${name} where this runs`,
      details: { places: [`environment variable ${name}`] },
    })
  })
}

/** Where `fromConfiguration` looks. */
export interface FromConfigurationOptions {
  /** Instead of that of the process. */
  readonly environment?: Environment
  /** Folder of the project; default: the working directory of the process. */
  readonly baseDirectory?: string
}

/**
 * A secret that is looked for when it is needed: in the environment, then in `.lading/secrets.toml`, then in `.lading/config.toml`. `reveal`
 * gives its text; a number or a boolean of a TOML file is a text, too.
 *
 * @example
 * // SOURCES__GITHUB__TOKEN, or token under [sources.github]
 * const token = fromConfiguration("sources.github.token")
 * @throws LadingError `config-missing` with every place looked at when it is needed and nowhere, `config-invalid`
 */
export function fromConfiguration(name: string, options: FromConfigurationOptions = {}): Secret {
  return secret(() => {
    const { environment = processEnvironment(), baseDirectory = process.cwd() } = options
    const path = name.split(".")
    const variable = environmentName(path)
    const value = environment[variable]
    if (value !== undefined) return value
    const files = tomlNames.map((toml) => readTomlFile(baseDirectory, toml))
    for (const { values, place } of files) {
      const found = valueAt(values, path) ?? valueAt(values, path.map(toTomlKey))
      if (found !== undefined) return textOf(found, `${place} ${name}`)
    }
    const places = [`environment variable ${variable}`, ...files.map(({ place }) => `${place} ${name}`)]
    throw new LadingError({
      code: "config-missing",
      message: [`${name} is missing`, "  looked at, in order:", ...places.map((place) => `    ${place}`)].join("\n"),
      hint: `give it in one of these places, for example ${places[0]}`,
      details: { places },
    })
  })
}

function textOf(value: unknown, place: string): string {
  if (!isRecord(value) && !Array.isArray(value)) return String(value)
  throw new LadingError({
    code: "config-invalid",
    message: `${place}: expected one value, not a table or a list`,
    hint: `name one value: ${place}.<key>`,
    details: { places: [place] },
  })
}
