import { type DbtProfile, isSecret, reveal } from "@lading/core"

/** A profile as a text that holds no secret, and the variables that it refers to. */
export interface ProfileFile {
  readonly text: string
  readonly variables: Readonly<Record<string, string>>
  /** The texts that must not be printed. */
  readonly secrets: readonly string[]
}

/** What the pipeline does not say about an output. */
export interface ProfileChoices {
  /** Name of the output, which a project reads as `target.name`. */
  readonly target: string
  readonly threads: number
  /** Schema for models instead of the dataset. */
  readonly schema?: string | undefined
}

/** Name of the profile, whatever the project calls its own. */
export const profileName = "lading"

/**
 * Writes a profile. Secrets, and texts that dbt would take for a template, are read by `env_var`: their value is never rendered. dbt lets
 * variables with the prefix `DBT_ENV_SECRET_` be read in profiles only and removes their values from its log
 * (docs.getdbt.com, "env_var", "Secrets").
 */
export function writeProfile({ type, settings }: DbtProfile, { target, threads, schema }: ProfileChoices): ProfileFile {
  const variables: Record<string, string> = {}
  const secrets: string[] = []
  const output: Record<string, unknown> = { type }
  for (const [key, value] of Object.entries({ ...settings, ...(schema === undefined ? {} : { schema }) })) {
    if (isSecret(value)) {
      const text = reveal(value)
      secrets.push(text)
      output[key] = refer(`DBT_ENV_SECRET_LADING_${variablePart(key)}`, text, variables)
    } else {
      const isTemplate = typeof value === "string" && /\{[{%#]/.test(value)
      output[key] = isTemplate ? refer(`LADING_DBT_${variablePart(key)}`, value, variables) : value
    }
  }
  output.threads = threads
  // JSON is YAML; one line a level keeps it readable in an error of dbt.
  return { text: `${JSON.stringify({ [profileName]: { target, outputs: { [target]: output } } }, undefined, 2)}\n`, variables, secrets }
}

function refer(name: string, value: string, variables: Record<string, string>): string {
  variables[name] = value
  return `{{ env_var('${name}') }}`
}

function variablePart(key: string): string {
  return key.toUpperCase().replace(/[^A-Z0-9]/g, "_")
}
