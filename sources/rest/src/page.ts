import { createHash } from "node:crypto"
import type { Batch } from "@lading/core"
import {
  detectPaginator,
  detectSelector,
  type FetchedPage,
  type HttpResponse,
  type JsonPath,
  type PageRequest,
  type Paginator,
  parseJson,
  parsePath,
  readJson,
  type Slice,
  sliceRows,
  valueAt,
  valuesAt,
} from "@lading/http"

/** A page, and its rows in two forms. */
export interface RestPage extends FetchedPage {
  /** Rows as values. */
  rows(): readonly unknown[]
  /** Rows as the bytes that came; undefined when they must be parsed to be rows. */
  readonly lines: Uint8Array | undefined
  /** Address without credentials. */
  readonly address: string
  /** Where the rows were found; undefined for a page without content. */
  readonly selector: JsonPath | undefined
  /** Whether there was something at the selector. */
  readonly hasRows: boolean
  document(): unknown
}

/**
 * Makes a page of an answer. Without a selector it is found in the document.
 * @throws LadingError `http-cut`, `http-not-json`
 */
export function toPage(response: HttpResponse, request: PageRequest, given: JsonPath | undefined): RestPage {
  const page = readJson(response, (body) => fromBody(body, response, request, given))
  return page ?? emptyPage(response, request)
}

function emptyPage({ url, address, headers }: HttpResponse, request: PageRequest): RestPage {
  const none = { rowCount: 0, fingerprint: "", lines: undefined, selector: undefined, hasRows: true }
  return { ...none, request, url, address, headers, at: () => undefined, rows: () => [], document: () => undefined }
}

function fromBody(body: Uint8Array, response: HttpResponse, request: PageRequest, given: JsonPath | undefined): RestPage {
  let parsed: { readonly document: unknown } | undefined
  const document = (): unknown => {
    parsed ??= { document: parseJson(body) }
    return parsed.document
  }
  const selector = given ?? parsePath(detectSelector(document()))
  const slice = selector.keys === undefined ? undefined : sliceRows(body, selector.keys)
  // a document whose rows are bytes is never parsed as a whole; in any other case it is, which also shows that it is one
  if (slice === undefined || !slice.areObjects) document()
  const rows = (): readonly unknown[] => {
    if (slice === undefined || parsed !== undefined) return rowsOf(valuesAt(document(), selector))
    return rowsOf([parseJson(body.subarray(slice.start, slice.end))])
  }
  const isBytes = slice?.areObjects === true
  const { url, address, headers } = response
  return {
    request,
    url,
    address,
    headers,
    selector,
    rowCount: isBytes ? slice.count : rows().length,
    fingerprint: createHash("sha1")
      .update(slice?.lines ?? body)
      .digest("base64"),
    lines: isBytes ? slice.lines : undefined,
    hasRows: slice !== undefined || valuesAt(document(), selector).length > 0,
    rows,
    document,
    at: (path) => {
      if (parsed !== undefined || slice === undefined || !isOutside(path, selector)) return valueAt(document(), path)
      return valueAt(envelope(body, slice), path)
    },
  }
}

/** One value is taken for the list, or for the only row; null is no row. */
function rowsOf(values: readonly unknown[]): readonly unknown[] {
  if (values.length !== 1) return values
  const [only] = values
  if (only === null || only === undefined) return []
  return Array.isArray(only) ? only : [only]
}

/** Whether a path leads past the rows. */
function isOutside({ keys }: JsonPath, selector: JsonPath): boolean {
  const rows = selector.keys ?? []
  return keys !== undefined && rows.length > 0 && !rows.every((key, i) => keys[i] === key)
}

/** The document without its rows, so that a few values beside them cost no parse of all. */
function envelope(body: Uint8Array, { start, end }: Slice): unknown {
  return parseJson(Buffer.concat([body.subarray(0, start), Buffer.from("[]"), body.subarray(end)]))
}

/** The paginator that a first page asks for. */
export function paginatorFor(page: RestPage, warn: (message: string) => void): Paginator {
  const isList = page.rowCount > 1 || Array.isArray(valueAt(page.document(), page.selector ?? parsePath("$")))
  const { paginator, warning } = detectPaginator(page.headers, page.document(), isList)
  if (warning !== undefined) warn(`${page.address}: ${warning}`)
  return paginator
}

/** A page as a batch: bytes where nobody needs to look at the rows. */
export function toBatch(page: RestPage, needsRows: boolean): Batch {
  const origin = { name: page.address }
  if (!needsRows && page.lines !== undefined) return { kind: "json-lines", bytes: page.lines, origin }
  return { kind: "rows", rows: page.rows(), origin }
}
