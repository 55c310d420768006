/** What is wrong with a configuration, and the key it is under. */
export interface Fault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Checks a value; the path is where it stands. */
export type Rule = (value: unknown, path: Fault["path"]) => readonly Fault[]

/** A rule from a test and what was expected. */
export function expects(expected: string, test: (value: unknown) => boolean): Rule {
  return (value, path) => (test(value) ? [] : [{ path, message: `must be ${expected}` }])
}

/** Whether a value is a plain object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Any value. */
export const anything: Rule = () => []
/** A text with something in it. */
export const text: Rule = expects("a text", (value) => typeof value === "string" && value !== "")
/** True or false. */
export const flag: Rule = expects("true or false", (value) => typeof value === "boolean")
/** A function. */
export const callable: Rule = expects("a function", (value) => typeof value === "function")
/** A text or a secret. */
export const secretText: Rule = expects("a text or a secret", (value) => (typeof value === "string" && value !== "") || isRecord(value))
/** An object. */
export const record: Rule = expects("an object", isRecord)

/** A whole number of at least `least`. */
export function whole(least: number): Rule {
  return expects(`a whole number of at least ${least}`, (value) => Number.isInteger(value) && (value as number) >= least)
}

/** A number above zero. */
export const positive: Rule = expects("a number above 0", (value) => typeof value === "number" && value > 0)

/** One of some texts. */
export function oneOf(...names: readonly string[]): Rule {
  return expects(names.join(", ").replace(/, ([^,]*)$/, " or $1"), (value) => typeof value === "string" && names.includes(value))
}

/** A list whose elements keep to a rule. */
export function listOf(rule: Rule): Rule {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((item, i) => rule(item, [...path, i])) : [{ path, message: "must be a list" }]
}

/** An object whose values keep to a rule. */
export function recordOf(rule: Rule): Rule {
  return (value, path) =>
    isRecord(value)
      ? Object.entries(value).flatMap(([key, child]) => rule(child, [...path, key]))
      : [{ path, message: "must be an object" }]
}

/** An object with these keys and no others; undefined is as good as missing. */
export function shape(rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule {
  return (value, path) => {
    if (!isRecord(value)) return [{ path, message: "must be an object" }]
    const given = Object.entries(value).filter(([, child]) => child !== undefined)
    const missing = required
      .filter((key) => !given.some(([name]) => name === key))
      .map((key) => ({ path: [...path, key], message: "is missing" }))
    const wrong = given.flatMap(([key, child]) => {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
      return rule === undefined
        ? [{ path: [...path, key], message: `is no option here${suggestion(key, Object.keys(rules))}` }]
        : rule(child, [...path, key])
    })
    return [...missing, ...wrong]
  }
}

/** dlt writes with underscores what we write in camel case. */
function suggestion(key: string, known: readonly string[]): string {
  const bare = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "")
  const meant = known.find((name) => bare(name) === bare(key)) ?? dltNames[key]
  return meant === undefined || !known.includes(meant) ? `; there are ${known.join(", ")}` : `: write ${meant}`
}

const dltNames: Readonly<Record<string, string>> = {
  cursor_path: "cursor",
  start_value: "initialValue",
  status_code: "status",
  table_name: "table",
  schema_contract: "contract",
  parallelized: "concurrency",
  access_token_url: "tokenUrl",
  api_key: "key",
  links_next_key: "relation",
  cursor_key: "cursorHeader",
}

/** A place in a configuration: `resources[1].endpoint.path`. */
export function placeOf(path: Fault["path"]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("")
}
