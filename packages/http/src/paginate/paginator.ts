import type { JsonPath } from "../json-path.ts"
import type { Query } from "../types.ts"

/** The request of one page. */
export interface PageRequest {
  readonly url: string
  readonly query: Query
  readonly json?: unknown
}

/** What a paginator sees of a page. */
export interface PageView {
  readonly request: PageRequest
  /** Address after redirects; may hold credentials. */
  readonly url: string
  /** The same for messages, with credentials masked. */
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly rowCount: number
  /** The first value at a path of the document; undefined when it leads nowhere. */
  at(path: JsonPath): unknown
}

/** The request of the next page, and what names that page; two pages with one name are one page. */
export interface NextPage {
  readonly request: PageRequest
  readonly token: string
  /** The name for messages, where it can hold no credentials. */
  readonly label?: string
}

/** One walk through the pages of one address. */
export interface Pagination {
  /** The request of the first page. */
  first(request: PageRequest): PageRequest
  /**
   * What comes after a page; undefined after the last one. `warn` is told what people should know.
   * @throws LadingError `pagination-value`
   */
  next(page: PageView, warn: (message: string) => void): NextPage | undefined
}

/** A way through pages; a value without state, each walk has its own. */
export interface Paginator {
  readonly type: string
  begin(): Pagination
}
