import { isSecret, LadingError, reveal } from "@lading/core"
import { type Layer, leavesOf, mergeLayers, valueAt } from "./layers.ts"

/** What is wrong with the option of a path. */
export interface Issue {
  readonly message: string
  readonly path: readonly string[]
}

/** Values shorter than this are left in the text of a validator: they are no secrets, and words would be torn. */
const shortestHidden = 4
const shortestHiddenElsewhere = 8
const shownIssues = 5

/**
 * The error of options that do not fit: for every issue the places looked at, in order. Validators may quote what they were given, so
 * every value is taken out of their text.
 * @param layers as they were validated
 * @param given the same layers before any of their texts was coerced
 */
export function configError(subject: string, issues: readonly Issue[], layers: readonly Layer[], given: readonly Layer[]): LadingError {
  const reports = issues.slice(0, shownIssues).map((issue) => report(issue, layers, given))
  const [first] = reports
  const isMissing = reports.every((one) => one.found === undefined)
  const more = issues.length > shownIssues ? `\n  and ${issues.length - shownIssues} more` : ""
  return new LadingError({
    code: isMissing ? "config-missing" : "config-invalid",
    message: `${subject}: ${reports.map(({ text }) => text).join("\n")}${more}`,
    hint: first?.hint ?? "",
    details: { options: issues.map(({ path }) => path.join(".")), places: first?.places ?? [] },
  })
}

interface Report {
  readonly text: string
  readonly hint: string
  readonly places: readonly string[]
  readonly found: string | undefined
}

function report({ path, message }: Issue, layers: readonly Layer[], given: readonly Layer[]): Report {
  const places = layers.map((layer) => layer.place(path))
  const foundIn = layers.find(({ values }) => valueAt(values, path) !== undefined)
  const found = foundIn?.place(path)
  const name = path.length === 0 ? "the options" : path.join(".")
  const problem = withoutValues(message, path, layers, given)
  const lines = places.map((place) => `    ${place}${place === found ? "   <- found here" : ""}`)
  return {
    text: [`${name} ${found === undefined ? "is missing" : "is not valid"}: ${problem}`, "  looked at, in order:", ...lines].join("\n"),
    hint: found === undefined ? `give it in one of these places, for example ${places[0]}` : `correct it: ${found}`,
    places,
    found,
  }
}

/** Everything that the validator saw is taken out; short texts of other options stay, because they are words of the message. */
function withoutValues(text: string, path: readonly string[], layers: readonly Layer[], given: readonly Layer[]): string {
  const fromOutside = [...layers, ...given].flatMap(({ source, values }) =>
    source === "environment" || source === "secrets" ? leavesOf(values) : [],
  )
  const seen = [layers, given].flatMap((all) => leavesOf(mergeLayers(all)))
  const hidden = [
    ...fromOutside.map(({ value }) => textOf(value)),
    ...seen.map(({ value, path: at }) => {
      const isConcerned = isSecret(value) || path.every((key, i) => at[i] === undefined || at[i] === key)
      const shown = textOf(value)
      return isConcerned || shown.length >= shortestHiddenElsewhere ? shown : ""
    }),
  ].filter(({ length }) => length >= shortestHidden)
  return hidden.sort((a, b) => b.length - a.length).reduce((left, value) => left.replaceAll(value, "[value]"), text)
}

/** A secret that cannot be read has nothing to hide. */
function textOf(value: unknown): string {
  try {
    return isSecret(value) ? reveal(value) : String(value)
  } catch {
    return ""
  }
}
