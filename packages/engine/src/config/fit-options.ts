import { isSecret, reveal, type StandardSchema } from "@lading/core"
import { coerceText } from "./coerce.ts"
import { configError, type Issue } from "./config-error.ts"
import { type Layer, leavesOf, mergeLayers, withValue } from "./layers.ts"

/**
 * Merges the layers and validates the result. Values of the environment are given as texts, those of secrets.toml as secrets; what the
 * schema refuses is given again as what the text means in JSON, or as a text.
 * @param subject what the options are for, such as `destination duckdb`
 * @throws LadingError `config-missing`, `config-invalid` with every place looked at; never with a value
 */
export async function fitOptions<Output>(subject: string, schema: StandardSchema<Output>, layers: readonly Layer[]): Promise<Output> {
  let current = layers
  for (;;) {
    const result = await validate(schema, current)
    if (result.issues === undefined) return result.value
    const { issues } = result
    const next = coerceWhere(current, (path) => issues.some((issue) => isRelated(issue.path, path)))
    if (next !== undefined) {
      current = next
      continue
    }
    const last = issues.some(({ path }) => path.length === 0) ? coerceWhere(current, () => true) : undefined
    const retried = last === undefined ? undefined : await validate(schema, last)
    if (retried !== undefined && retried.issues === undefined) return retried.value
    throw configError(subject, issues, current, layers)
  }
}

type Validated<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

async function validate<Output>(schema: StandardSchema<Output>, layers: readonly Layer[]): Promise<Validated<Output>> {
  const result = await schema["~standard"].validate(mergeLayers(layers))
  if (result.issues === undefined) return result
  return { issues: result.issues.map(({ message, path }) => ({ message, path: (path ?? []).map(toKey) })) }
}

/** A segment of an issue's path is a key, or an object that holds it. */
function toKey(segment: unknown): string {
  return String(typeof segment === "object" && segment !== null && "key" in segment ? segment.key : segment)
}

/** True when one path lies on the way to the other; an issue about everything says nothing about this one. */
function isRelated(issue: readonly string[], path: readonly string[]): boolean {
  return issue.length > 0 && issue.slice(0, path.length).every((key, i) => key === path[i])
}

/** The layers with texts of the environment and secrets coerced where `test` says so; undefined when that changes nothing. */
function coerceWhere(layers: readonly Layer[], test: (path: readonly string[]) => boolean): readonly Layer[] | undefined {
  let hasChanged = false
  const coerced = layers.map((layer) => {
    const { source } = layer
    if (source !== "environment" && source !== "secrets") return layer
    let { values } = layer
    for (const { path, value } of leavesOf(layer.values)) {
      const meant = test(path) ? meaningOf(value, source) : value
      if (meant === value) continue
      hasChanged = true
      values = withValue(values, path, meant)
    }
    return { ...layer, values }
  })
  return hasChanged ? coerced : undefined
}

function meaningOf(value: unknown, source: "environment" | "secrets"): unknown {
  if (isSecret(value)) return reveal(value)
  return source === "environment" && typeof value === "string" ? coerceText(value) : value
}
