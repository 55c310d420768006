import { isSecret, reveal, type StandardSchema, secret } from "@lading/core"
import { isRecord, type Layer, type LayerValues, valueAt } from "./layers.ts"

/**
 * What a section `credentials` means to a destination that has no option of that name, as dlt's files have it: its entries are options,
 * and a text is what the destination takes in place of all options, such as a connection string or a path.
 */
export interface CredentialsRule {
  /** The options that a text stands for; undefined when the destination takes none. */
  fromText(text: string): Promise<LayerValues | undefined>
}

/** The rule for a plugin's options; undefined when `credentials` is an option of its own. */
export async function credentialsRule(schema: StandardSchema<unknown>): Promise<CredentialsRule | undefined> {
  const probe = await schema["~standard"].validate({ credentials: {} })
  const refuses = (probe.issues ?? []).some(({ message, path = [] }) =>
    path.length === 0 ? message.includes("credentials") : path.length === 1 && keyOf(path[0]) === "credentials",
  )
  return refuses ? { fromText: (text) => optionsOf(schema, text) } : undefined
}

/** The layer with its section `credentials` among its options; options beside that section go first. */
export async function withCredentials(layer: Layer, rule: CredentialsRule | undefined): Promise<Layer> {
  if (rule === undefined) return layer
  const { credentials, ...own } = isRecord(layer.values) ? layer.values : {}
  const isText = typeof credentials === "string" || isSecret(credentials)
  const inner = isText ? await rule.fromText(reveal(credentials)) : (credentials ?? {})
  const name = (path: readonly string[]): string => layer.place(["credentials", ...path])
  const ownName = (path: readonly string[]): string => layer.place(path)
  const both = (path: readonly string[]): string =>
    path[0] === "credentials" ? ownName(path) : `${ownName(path)} or ${lastWord(name(path))}`
  if (!isRecord(inner)) return { ...layer, place: both }
  return {
    ...layer,
    values: { ...inner, ...own },
    place(path) {
      if (valueAt(own, path) !== undefined) return ownName(path)
      if (valueAt(inner, path) !== undefined) return name(isText ? [] : path)
      return both(path)
    },
  }
}

async function optionsOf(schema: StandardSchema<unknown>, text: string): Promise<LayerValues | undefined> {
  for (const value of [secret(text), text]) {
    const result = await schema["~standard"].validate(value)
    if (result.issues === undefined && isRecord(result.value)) return result.value
  }
  return undefined
}

function keyOf(segment: unknown): unknown {
  return typeof segment === "object" && segment !== null && "key" in segment ? segment.key : segment
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(" ") + 1)
}
