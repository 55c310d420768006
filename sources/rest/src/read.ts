import { type ExtractContext, isSecret, LadingError, type PipeStep, reveal } from "@lading/core"
import {
  type HttpClient,
  type HttpResponse,
  type JsonPath,
  type PageRequest,
  paginate,
  parsePath,
  type Query,
  type QueryValue,
} from "@lading/http"
import { buildAuth, buildPaginator } from "./build.ts"
import type { CompiledResource } from "./compile.ts"
import type { ActionResponse, PaginatorConfig, ResponseAction, Verdict } from "./options.ts"
import { paginatorFor, type RestPage, toPage } from "./page.ts"
import { fill, fillPath, type Scope } from "./placeholders.ts"

/** What reads the pages of one endpoint, for one parent or none. */
export interface PageReader {
  read(parent: unknown, context: ExtractContext, cursor: ExtractContext["cursor"]): AsyncGenerator<RestPage>
}

/** Builds what stays the same for all requests of a resource. */
export function createPageReader(resource: CompiledResource, client: HttpClient, clientPaginator: PaginatorConfig | undefined): PageReader {
  const { endpoint, isSingle, path } = resource
  const { paginator: own, dataSelector, responseActions = [], method = "GET", allowRepeatedPages = false } = endpoint
  const config = own ?? (isSingle ? "singlePage" : (clientPaginator ?? "auto"))
  const paginator = buildPaginator(config)
  const configured = dataSelector === undefined ? (isSingle ? parsePath("$") : undefined) : parsePath(dataSelector)
  const auth = endpoint.auth === undefined ? {} : { auth: endpoint.auth === null ? null : buildAuth(endpoint.auth) }

  async function* read(parent: unknown, context: ExtractContext, cursor: ExtractContext["cursor"]): AsyncGenerator<RestPage> {
    const scope: Scope = { parent, incremental: cursorValues(resource, cursor) }
    const { request, headers } = firstRequest(resource, scope)
    // an auth of the endpoint belongs to where its first page stands, and not to wherever a link leads
    const origin =
      endpoint.auth !== undefined && endpoint.auth !== null && /^https?:\/\//i.test(path) ? { credentialsOrigin: new URL(path).origin } : {}
    const warn = (message: string): void => context.log.warn(`${resource.name}: ${message}`)
    let selector: JsonPath | undefined = configured
    let isTold = false
    const fetchPage = async (page: PageRequest, signal: AbortSignal): Promise<RestPage | "end"> => {
      let verdict: Verdict
      const sent = {
        method,
        url: page.url,
        query: page.query,
        headers,
        ...auth,
        ...origin,
        ...(page.json === undefined ? {} : { json: page.json }),
      }
      return client.send(
        {
          ...sent,
          isRepeatable: true,
          accepts: (response) => (verdict = judge(responseActions, response)) !== undefined,
        },
        { signal, log: context.log, now: () => context.now(), fetch: context.fetch },
        (response) => {
          if (response.status < 400) verdict = judge(responseActions, response)
          if (verdict === "ignore") return "end"
          if (verdict === "retry") throw again(response)
          return toPage(response, page, selector)
        },
      )
    }
    const walk = paginate<RestPage>({
      ...{ request, paginator, fetchPage, warn, allowRepeatedPages, signal: context.signal },
      detect: (page) => paginatorFor(page, warn),
    })
    for await (const page of walk) {
      selector ??= page.selector
      if (!page.hasRows && !isTold) {
        isTold = true
        warn(`${page.address} has nothing at ${selector?.text}, which counts as an empty page`)
      }
      yield page
    }
  }
  return { read }
}

/** The request of the first page, filled from the parent's row and the cursor. */
function firstRequest(
  resource: CompiledResource,
  scope: Scope,
): { readonly request: PageRequest; readonly headers: Record<string, string> } {
  const { endpoint, path, pathParams, query } = resource
  const url = fillPath(path, scope, pathParams)
  const json = endpoint.json === undefined ? {} : { json: fill(endpoint.json, scope) }
  const headers = Object.entries(endpoint.headers ?? {}).map(([name, value]) => [
    name,
    isSecret(value) ? reveal(value) : String(fill(value, scope)),
  ])
  return { request: { url, query: toQuery(fill(query, scope)), ...json }, headers: Object.fromEntries(headers) }
}

function toQuery(values: unknown): Query {
  return Object.fromEntries(Object.entries(values as object).map(([name, value]) => [name, toQueryValue(value)]))
}

function toQueryValue(value: unknown): QueryValue {
  if (value instanceof Date) return value.toISOString()
  return typeof value === "object" && value !== null && !Array.isArray(value) ? JSON.stringify(value) : (value as QueryValue)
}

function cursorValues({ incremental }: CompiledResource, cursor: ExtractContext["cursor"]): Scope["incremental"] {
  const convert = (value: unknown): unknown =>
    value === undefined || value === null || incremental?.convert === undefined ? value : incremental.convert(value)
  const start = cursor.start ?? incremental?.initialValue
  return { start: convert(start), end: convert(cursor.end ?? incremental?.endValue), initial: convert(incremental?.initialValue) }
}

function judge(actions: readonly ResponseAction[], response: HttpResponse): Verdict {
  const seen: ActionResponse = {
    status: response.status,
    headers: response.headers,
    text: () => Buffer.from(response.body).toString("utf8"),
  }
  for (const action of actions) {
    if (typeof action === "function") {
      const verdict = action(seen)
      if (verdict !== undefined) return verdict
      continue
    }
    const isMatch = (action.status ?? seen.status) === seen.status && (action.content === undefined || seen.text().includes(action.content))
    const verdict = !isMatch ? undefined : typeof action.action === "function" ? action.action(seen) : action.action
    if (verdict !== undefined) return verdict
  }
  return undefined
}

function again({ address, status }: HttpResponse): LadingError {
  return new LadingError({
    code: "http-status",
    message: `${address} answered ${status}, which a response action asks to try again`,
    hint: "run again later, or change the response action",
    retryable: true,
    details: { address, status },
  })
}

/** Processing steps as the engine runs them, which counts what they leave out. */
export function toPipeSteps({ processingSteps }: CompiledResource): readonly PipeStep[] {
  return processingSteps.map((step): PipeStep => {
    if ("filter" in step) return { kind: "filter", apply: step.filter as (row: unknown) => boolean }
    if ("map" in step) return { kind: "map", apply: step.map as (row: unknown) => unknown }
    return { kind: "flatMap", apply: step.flatMap as (row: unknown) => Iterable<unknown> }
  })
}

/** Rows after the processing steps, for a parent that is read for the sake of its children. */
export function applySteps(steps: readonly PipeStep[], rows: readonly unknown[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((all, step) => {
    if (step.kind === "filter") return all.filter(step.apply)
    if (step.kind === "map") return all.map(step.apply).filter((row) => row !== null && row !== undefined)
    return step.kind === "flatMap" ? all.flatMap((row) => [...step.apply(row)]) : all
  }, rows)
}
