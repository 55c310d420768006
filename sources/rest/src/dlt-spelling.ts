import { type Fault, isRecord } from "./faults.ts"
import type { RestOptions } from "./options.ts"

/** Where a key of a configuration stood before it was respelled. */
export interface Respelled {
  readonly value: unknown
  /** The path in what was given, for a path in `value`. */
  givenPath(path: Fault["path"]): Fault["path"]
  /** Keys that are there in both spellings. */
  readonly faults: readonly Fault[]
}

/** What is known about one kind of object: keys that dlt spells otherwise, kinds of the objects below, names of types. */
interface Kind {
  readonly keys?: Readonly<Record<string, string>>
  readonly below?: Readonly<Record<string, () => Kind>>
  /** The kind of every value of a list or of an object with free keys. */
  readonly each?: () => Kind
  readonly types?: Readonly<Record<string, string>>
  /** The type where none is given. */
  readonly defaultType?: string
  readonly hasPlaceholders?: boolean
}

const text: Kind = { hasPlaceholders: true }
const free: Kind = { hasPlaceholders: true, each: () => free }

const paginator: Kind = {
  keys: { links_next_key: "relation", cursor_key: "cursorHeader" },
  types: { json_response: "jsonLink" },
}

const auth: Kind = {
  keys: {
    ...{ api_key: "key", access_token_url: "tokenUrl", access_token_request_data: "parameters" },
    default_token_expiration: "defaultLifetimeSeconds",
  },
  types: { http_basic: "basic" },
  defaultType: "bearer",
  below: { parameters: () => free },
}

const incremental: Kind = {
  keys: { cursor_path: "cursor", on_cursor_value_missing: "onMissing", last_value_func: "direction", primary_key: "boundaryKey" },
}

const param: Kind = { hasPlaceholders: true, ...incremental }

const endpoint: Kind = {
  below: {
    ...{ path: () => text, params: () => ({ each: () => param }), json: () => free, headers: () => free, paginator: () => paginator },
    ...{ auth: () => auth, incremental: () => incremental, responseActions: () => ({ each: () => ({ keys: { status_code: "status" } }) }) },
  },
}

const plain: Kind = {}

const resource: Kind = {
  keys: { table_name: "table", schema_contract: "contract" },
  below: {
    processingSteps: () => ({ each: () => ({ keys: { yield_map: "flatMap" } }) }),
    endpoint: () => ({ ...endpoint, ...text }),
    columns: () => ({ each: () => plain }),
    contract: () => plain,
    writeDisposition: () => plain,
  },
}

const whole: Kind = {
  below: {
    client: () => ({ below: { auth: () => auth, paginator: () => paginator } }),
    resourceDefaults: () => resource,
    resources: () => ({ each: () => resource }),
  },
}

const placeholders: Readonly<Record<string, string>> = {
  initial_value: "initial",
  start_value: "start",
  last_value: "start",
  end_value: "end",
}

/**
 * Options for `rest()` from a configuration of dlt's `rest_api`: its keys, types and placeholders in our spelling. Functions, such as those of
 * `processing_steps`, stay functions. What has no counterpart here stays as it is, and `rest()` refuses it by name.
 *
 * @example
 * rest(fromDlt({ client: { base_url: "https://api.example.com" }, resources: [{ name: "posts", primary_key: "id" }] }))
 */
export function fromDlt(config: unknown): RestOptions {
  return respell(config).value as RestOptions
}

/**
 * A configuration in dlt's spelling, or in both mixed, in ours: keys with underscores, names of types, placeholders. What has no counterpart
 * stays as it is, to be refused with its name.
 * Source: dlt 1.31, `dlt/sources/rest_api/typing.py`.
 */
export function respell(given: unknown): Respelled {
  const origins = new Map<string, Fault["path"]>()
  const faults: Fault[] = []
  const value = respellValue(given, whole, [], [])
  return { value, faults, givenPath: (path) => longestKnown(origins, path) }

  function respellValue(one: unknown, kind: Kind, path: Fault["path"], from: Fault["path"]): unknown {
    origins.set(JSON.stringify(path), from)
    if (typeof one === "string")
      return kind.types !== undefined ? ourType(one, kind) : kind.hasPlaceholders === true ? respellText(one) : one
    if (Array.isArray(one)) return one.map((item, i) => respellValue(item, kind.each?.() ?? kind, [...path, i], [...from, i]))
    return isRecord(one) ? respellObject(one, kind, path, from) : one
  }

  function respellObject(one: Readonly<Record<string, unknown>>, kind: Kind, path: Fault["path"], from: Fault["path"]): unknown {
    const result: Record<string, unknown> = {}
    for (const [key, child] of Object.entries(one)) {
      const name = kind.each === undefined ? ourKey(key, kind) : key
      if (Object.hasOwn(result, name)) faults.push({ path: [...path, name], message: "is there twice, in two spellings" })
      const below = kind.each?.() ?? kindBelow(kind, name)
      define(result, name, respellValue(child, below, [...path, name], [...from, key]))
    }
    const type = kind.types === undefined ? undefined : ourType(result["type"], kind)
    return type === undefined ? result : { ...result, type }
  }
}

function kindBelow({ below = {} }: Kind, name: string): Kind {
  return (Object.hasOwn(below, name) ? below[name]?.() : undefined) ?? plain
}

function ourKey(key: string, { keys = {} }: Kind): string {
  return (Object.hasOwn(keys, key) ? keys[key] : undefined) ?? camel(key)
}

function ourType(given: unknown, { types = {}, defaultType }: Kind): unknown {
  if (typeof given !== "string") return given ?? defaultType
  return (Object.hasOwn(types, given) ? types[given] : undefined) ?? camel(given)
}

function camel(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function respellText(text: string): string {
  return text.replaceAll(/\{incremental\.(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(placeholders, name) ? `{incremental.${placeholders[name]}}` : whole,
  )
}

/** Also for a key such as `__proto__`. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
}

function longestKnown(origins: ReadonlyMap<string, Fault["path"]>, path: Fault["path"]): Fault["path"] {
  for (let length = path.length; length > 0; length -= 1) {
    const from = origins.get(JSON.stringify(path.slice(0, length)))
    if (from !== undefined) return from
  }
  return []
}
