import { isLadingError } from "@lading/core"
import { parsePath } from "@lading/http"
import {
  anything,
  callable,
  expects,
  type Fault,
  flag,
  isRecord,
  listOf,
  oneOf,
  positive,
  type Rule,
  record,
  recordOf,
  secretText,
  shape,
  text,
  whole,
} from "./faults.ts"

const path: Rule = (value, place) => {
  if (typeof value !== "string") return [{ path: place, message: "must be a path such as data.items" }]
  try {
    parsePath(value)
    return []
  } catch (error) {
    return [{ path: place, message: isLadingError(error) ? error.message : "is no path" }]
  }
}

const address: Rule = expects(
  "an address of http or https",
  (value) => typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
)

/** One of several shapes, told apart by the key `type`. */
function tagged(kinds: Readonly<Record<string, Rule>>, own: { readonly method: string; readonly what: string }): Rule {
  return (value, place) => {
    if (!isRecord(value)) return [{ path: place, message: `must be ${own.what}` }]
    if (typeof value[own.method] === "function") return []
    const { type, ...rest } = value
    const rule = typeof type === "string" && Object.hasOwn(kinds, type) ? kinds[type] : undefined
    return rule === undefined ? [{ path: [...place, "type"], message: `must be ${Object.keys(kinds).join(", ")}` }] : rule(rest, place)
  }
}

const oauth = {
  tokenUrl: text,
  clientId: secretText,
  clientSecret: secretText,
  scope: text,
  parameters: recordOf(expects("a text", (value) => typeof value === "string")),
  clientAuthentication: oneOf("body", "header"),
  defaultLifetimeSeconds: positive,
}

const auth = tagged(
  {
    bearer: shape({ token: secretText }, ["token"]),
    apiKey: shape({ key: secretText, name: text, location: oneOf("header", "query", "cookie") }, ["key"]),
    basic: shape({ username: secretText, password: secretText }, ["username", "password"]),
    oauth2ClientCredentials: shape(oauth, ["tokenUrl", "clientId", "clientSecret"]),
    oauth2RefreshToken: shape({ ...oauth, refreshToken: secretText }, ["tokenUrl", "clientId", "refreshToken"]),
  },
  { method: "credentials", what: "an object with a type such as bearer, or one with credentials()" },
)

const ranges = {
  totalPath: ((value, place) => (value === null ? [] : path(value, place))) satisfies Rule,
  stopAfterEmptyPage: flag,
  hasMorePath: path,
}

const paginatorKinds: Readonly<Record<string, Rule>> = {
  auto: shape({}),
  singlePage: shape({}),
  headerLink: shape({ relation: text }),
  headerCursor: shape({ cursorHeader: text, cursorParam: text }),
  jsonLink: shape({ nextUrlPath: path }),
  cursor: shape({ cursorPath: path, cursorParam: text, cursorBodyPath: text, stopAfterEmptyPage: flag, hasMorePath: path }),
  offset: shape(
    {
      ...ranges,
      ...{ limit: whole(1), offset: whole(0), offsetParam: text, offsetBodyPath: text, limitParam: text, limitBodyPath: text },
      maximumOffset: whole(0),
    },
    ["limit"],
  ),
  pageNumber: shape({ ...ranges, basePage: whole(0), page: whole(0), pageParam: text, pageBodyPath: text, maximumPage: whole(0) }),
}

const paginator: Rule = (value, place) => {
  if (typeof value !== "string")
    return tagged(paginatorKinds, { method: "begin", what: "a name, an object with a type, or one with begin()" })(value, place)
  const names = Object.keys(paginatorKinds).filter((name) => name !== "offset")
  return value === "offset" ? [{ path: place, message: 'needs a limit: { type: "offset", limit: 100 }' }] : oneOf(...names)(value, place)
}

const texts = expects("a name or a list of names", (value) => [value].flat().every((name) => typeof name === "string" && name !== ""))
const cursorRules = {
  ...{ cursor: text, initialValue: anything, endValue: anything, direction: oneOf("max", "min"), lag: positive, convert: callable },
  ...{ onMissing: oneOf("raise", "include", "exclude"), boundaryKey: texts },
}

const param: Rule = (value, place) => {
  if (!isRecord(value)) return expects("a text, number, flag, list or object with a type", (one) => typeof one !== "function")(value, place)
  const { endValue: _, ...incremental } = cursorRules
  const kinds = { resolve: shape({ resource: text, field: path }, ["resource", "field"]), incremental: shape(incremental, ["cursor"]) }
  return tagged(kinds, { method: "", what: "an object with a type" })(value, place)
}

const verdict: Rule = (value, place) => (typeof value === "function" ? [] : oneOf("ignore", "accept", "retry")(value, place))
const action: Rule = (value, place) => {
  if (typeof value === "function") return []
  const faults = shape({ status: whole(100), content: text, action: verdict }, ["action"])(value, place)
  const isBlind = isRecord(value) && value["status"] === undefined && value["content"] === undefined
  return isBlind && faults.length === 0 ? [{ path: place, message: "needs a status or a content to match" }] : faults
}

const step: Rule = (value, place) => {
  const faults = shape({ filter: callable, map: callable, flatMap: callable })(value, place)
  return faults.length > 0 || Object.keys(value as object).length === 1
    ? faults
    : [{ path: place, message: "must have one of filter, map, flatMap" }]
}

const headers = recordOf(secretText)
const endpoint: Rule = (value, place) =>
  typeof value === "string"
    ? text(value, place)
    : shape({
        ...{ path: text, method: oneOf("GET", "POST"), params: recordOf(param), json: anything, headers, paginator, dataSelector: path },
        ...{ responseActions: listOf(action), allowRepeatedPages: flag },
        incremental: shape({ ...cursorRules, startParam: text, endParam: text }, ["cursor"]),
        auth: (one, here) => (one === null ? [] : auth(one, here)),
      })(value, place)

/** Hints of a resource that may stand beside the rest. */
export const hintKeys = [
  ...["table", "writeDisposition", "primaryKey", "mergeKey", "columns", "maxTableNesting", "contract", "schema", "description"],
  ...["nested", "hintsFor"],
  ...["owner", "replaceWithEmpty"],
] as const

const resourceRules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(hintKeys.map((key) => [key, anything])),
  ...{ endpoint, includeFromParent: listOf(path), processingSteps: listOf(step), selected: flag, columns: record },
}

const resource: Rule = (value, place) =>
  typeof value === "string" ? text(value, place) : shape({ ...resourceRules, name: text }, ["name"])(value, place)

const client = shape(
  {
    ...{ baseUrl: address, headers, auth, paginator, maxConnections: whole(1), allowPrivateAddresses: flag },
    timeouts: shape({ connectMs: positive, headersMs: positive, bodyMs: positive }),
    retry: shape({ maxAttempts: whole(1), baseDelayMs: whole(0), maxDelayMs: whole(0), statuses: listOf(whole(100)) }),
    rateLimit: shape({ requestsPerSecond: positive, burst: whole(1) }, ["requestsPerSecond"]),
    limits: shape({ maxResponseBytes: whole(1), maxDecodedBytes: whole(1), maxRedirects: whole(0) }),
  },
  ["baseUrl"],
)

const options = shape({ name: text, client, resourceDefaults: shape(resourceRules), resources: listOf(resource), concurrency: whole(1) }, [
  "client",
  "resources",
])

/** What is wrong with the shape of a configuration, key by key; how its parts fit together is looked at when they are compiled. */
export function shapeFaults(value: unknown): readonly Fault[] {
  const faults = options(value, [])
  if (faults.length > 0) return faults
  const { resources } = value as { readonly resources: readonly unknown[] }
  return resources.length === 0 ? [{ path: ["resources"], message: "must name at least one resource" }] : []
}
