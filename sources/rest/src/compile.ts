import type { IncrementalHints, ResourceHints } from "@lading/core"
import { hintKeys } from "./check-options.ts"
import type { Fault } from "./faults.ts"
import { isRecord } from "./faults.ts"
import type { IncrementalParam, ParamValue, ResolveParam, RestEndpoint, RestIncremental, RestOptions, RestResource } from "./options.ts"
import { type Expression, expressionsIn, isMistaken } from "./placeholders.ts"

/** A resource with everything decided that can be before it is read. */
export interface CompiledResource {
  readonly name: string
  /** Place in the configuration, for faults. */
  readonly place: Fault["path"]
  readonly hints: ResourceHints
  readonly endpoint: RestEndpoint
  readonly path: string
  /** Values that fill the path. */
  readonly pathParams: Readonly<Record<string, unknown>>
  /** Query values, those of parents and cursors as placeholders. */
  readonly query: Readonly<Record<string, unknown>>
  readonly incremental: RestIncremental | undefined
  readonly parent: string | undefined
  /** Paths of the parent's fields that are needed here. */
  readonly parentFields: readonly string[]
  readonly includeFromParent: readonly string[]
  readonly processingSteps: NonNullable<RestResource["processingSteps"]>
  readonly isSelected: boolean
  /** Whether the path names one thing, which then is the row. */
  readonly isSingle: boolean
}

/** Resources in the order of the configuration, parents before children, and what does not fit. */
export interface Compiled {
  readonly resources: readonly CompiledResource[]
  readonly faults: readonly Fault[]
}

/** Completes each resource with the defaults and checks how they fit together; needs options whose shape was checked. */
export function compile(options: RestOptions): Compiled {
  const faults: Fault[] = []
  const resources = options.resources.map((given, i) =>
    compileOne(withDefaults(given, options.resourceDefaults ?? {}), ["resources", i], faults),
  )
  const names = resources.map(({ name }) => name)
  for (const [i, name] of names.entries())
    if (names.indexOf(name) !== i) faults.push({ path: ["resources", i, "name"], message: `${name} is there already` })
  for (const one of resources) {
    if (one.parent === undefined || names.includes(one.parent)) continue
    faults.push({ path: one.place, message: `depends on ${one.parent}, which is no resource here; there are ${names.join(", ")}` })
  }
  return { resources: faults.length > 0 ? resources : ordered(resources, faults), faults }
}

/** A resource with what it does not say itself. */
function withDefaults(given: string | RestResource, defaults: Omit<RestResource, "name">): RestResource {
  const own: RestResource = typeof given === "string" ? { name: given } : given
  const [base, over] = [endpointOf(defaults.endpoint), endpointOf(own.endpoint)]
  const params = { ...base.params, ...over.params }
  const json = isRecord(base.json) && isRecord(over.json) ? { ...base.json, ...over.json } : (over.json ?? base.json)
  const endpoint: RestEndpoint = { ...base, ...over, params, ...(json === undefined ? {} : { json }) }
  const columns = { ...defaults.columns }
  for (const [name, hint] of Object.entries(own.columns ?? {})) columns[name] = { ...columns[name], ...hint }
  return { ...defaults, ...own, endpoint, ...(Object.keys(columns).length === 0 ? {} : { columns }) }
}

function endpointOf(endpoint: RestResource["endpoint"]): RestEndpoint {
  return typeof endpoint === "string" ? { path: endpoint } : (endpoint ?? {})
}

function compileOne(resource: RestResource, place: Fault["path"], faults: Fault[]): CompiledResource {
  const endpoint = endpointOf(resource.endpoint)
  const { params = {}, json, headers } = endpoint
  const path = endpoint.path ?? resource.name
  const at = (...keys: readonly string[]): Fault["path"] => [...place, "endpoint", ...keys]

  const incrementalParams = Object.entries(params).filter((entry): entry is [string, IncrementalParam] => isType(entry[1], "incremental"))
  const incremental = incrementalOf(endpoint, incrementalParams, at, faults)
  const inPath = new Set(expressionsIn(path).flatMap((one) => (one.kind === "param" ? [one.name] : [])))
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, asTemplate(value)]))
  for (const name of inPath) {
    if (isMistaken({ name }))
      faults.push({ path: at("path"), message: `{${name}} must be {resources.<parent>.<field>} or {incremental.start}` })
    else if (!Object.hasOwn(values, name))
      faults.push({ path: at("path"), message: `{${name}} is filled by nothing: add ${name} to params` })
  }
  const parts: readonly (readonly [string, unknown])[] = [
    ["path", path],
    ["params", values],
    ["json", json],
    ["headers", headers],
  ]
  for (const [key, value] of parts) checkPlaceholders(expressionsIn(plain(value)), at(key), incremental, faults)
  const references = parts.flatMap(([, value]) => expressionsIn(plain(value))).flatMap((one) => (one.kind === "resource" ? [one] : []))
  const parents = new Set(references.map((one) => one.resource))
  const [parent] = parents
  if (parents.size > 1) faults.push({ path: at(), message: `depends on several resources (${[...parents].join(", ")}); one is possible` })
  const includeFromParent = resource.includeFromParent ?? []
  if (includeFromParent.length > 0 && parent === undefined)
    faults.push({ path: [...place, "includeFromParent"], message: "needs a parent: use {resources.<parent>.<field>} in the endpoint" })
  return {
    name: resource.name,
    place,
    hints: hintsOf(resource, incremental),
    endpoint,
    path,
    pathParams: Object.fromEntries(Object.entries(values).filter(([name]) => inPath.has(name))),
    query: { ...Object.fromEntries(Object.entries(values).filter(([name]) => !inPath.has(name))), ...cursorQuery(incremental) },
    incremental,
    parent,
    parentFields: [...references.map(({ field }) => field), ...includeFromParent],
    includeFromParent,
    processingSteps: resource.processingSteps ?? [],
    isSelected: resource.selected ?? true,
    isSingle: /\{[^{}]+\}/.test(path.split("?")[0]?.split("/").at(-1) ?? ""),
  }
}

function isType(value: ParamValue, type: "resolve" | "incremental"): value is ResolveParam | IncrementalParam {
  return isRecord(value) && value["type"] === type
}

/** A query value as text with placeholders, or the literal that it is. */
function asTemplate(value: ParamValue): unknown {
  if (isType(value, "resolve")) return `{resources.${(value as ResolveParam).resource}.${(value as ResolveParam).field}}`
  return isType(value, "incremental") ? "{incremental.start}" : value
}

/** Without secrets, in which nobody looks for placeholders. */
function plain(value: unknown): unknown {
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).filter(([, child]) => !isRecord(child) || Object.getPrototypeOf(child) === Object.prototype),
  )
}

function incrementalOf(
  endpoint: RestEndpoint,
  params: readonly (readonly [string, IncrementalParam])[],
  at: (...keys: readonly string[]) => Fault["path"],
  faults: Fault[],
): RestIncremental | undefined {
  const count = params.length + (endpoint.incremental === undefined ? 0 : 1)
  if (count > 1) faults.push({ path: at("params"), message: "an endpoint can have one incremental cursor" })
  if (endpoint.incremental !== undefined) return endpoint.incremental
  const [first] = params
  if (first === undefined) return undefined
  const { type: _, ...rest } = first[1]
  return rest
}

/** Where the cursor starts and ends as query values. */
function cursorQuery(incremental: RestIncremental | undefined): Record<string, string> {
  const { startParam, endParam } = incremental ?? {}
  return {
    ...(startParam === undefined ? {} : { [startParam]: "{incremental.start}" }),
    ...(endParam === undefined ? {} : { [endParam]: "{incremental.end}" }),
  }
}

function checkPlaceholders(
  found: readonly Expression[],
  path: Fault["path"],
  incremental: RestIncremental | undefined,
  faults: Fault[],
): void {
  for (const one of found) {
    if (one.kind === "incremental" && incremental === undefined)
      faults.push({ path, message: `{incremental.${one.which}} needs an incremental block` })
    if (one.kind === "param" && path.at(-1) !== "path" && isMistaken(one))
      faults.push({
        path,
        message: `{${one.name}} must be {resources.<parent>.<field>}, {incremental.start}, {incremental.end} or {incremental.initial}`,
      })
  }
}

function hintsOf(resource: RestResource, incremental: RestIncremental | undefined): ResourceHints {
  const hints = Object.fromEntries(hintKeys.filter((key) => resource[key] !== undefined).map((key) => [key, resource[key]]))
  if (incremental === undefined) return hints
  const { startParam: _, endParam: __, convert: ___, ...cursor } = incremental
  return { ...hints, incremental: cursor satisfies IncrementalHints }
}

/** Parents before their children, otherwise as they were given. */
function ordered(resources: readonly CompiledResource[], faults: Fault[]): readonly CompiledResource[] {
  const done: CompiledResource[] = []
  let rest = [...resources]
  while (rest.length > 0) {
    const ready = rest.filter(({ parent }) => parent === undefined || done.some(({ name }) => name === parent))
    const [first] = ready
    if (first === undefined) {
      faults.push({
        path: rest[0]?.place ?? [],
        message: `the resources ${rest.map(({ name }) => name).join(", ")} depend on each other in a circle`,
      })
      return resources
    }
    done.push(first)
    rest = rest.filter((one) => one !== first)
  }
  return done
}
