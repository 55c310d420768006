import { LadingError, type Secret, secret } from "@lading/core"
import { type Environment, processEnvironment } from "./environment.ts"

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
