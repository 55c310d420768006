import { LadingError } from "@lading/core"
import type { NextPage, PageRequest, PageView, Pagination, Paginator } from "./paginator.ts"

/** A page that was fetched. */
export interface FetchedPage extends PageView {
  /** Equal for two pages only when their rows are the same bytes. */
  readonly fingerprint: string
}

/** How pages are walked through. */
export interface PaginateOptions<Page extends FetchedPage> {
  readonly request: PageRequest
  /** Undefined: it is chosen after the first page by `detect`. */
  readonly paginator: Paginator | undefined
  readonly detect: (page: Page) => Paginator
  /** Fetches one whole page; `end` when an answer means that there is nothing more. */
  readonly fetchPage: (request: PageRequest, signal: AbortSignal) => Promise<Page | "end">
  readonly signal: AbortSignal
  readonly warn: (message: string) => void
  /** Default false: two pages in a row with the same rows are an error, because an API that ignores the parameter would never end. */
  readonly allowRepeatedPages?: boolean
  /** Empty pages in a row after which the walk is given up; default 1000. */
  readonly maxEmptyPages?: number
}

/**
 * Walks through the pages of an address. While a page is worked on, the next one is fetched. A page that names its successor again and again is
 * noticed: where the rows are the same, the walk ends with a warning; where they are new, it goes on, as APIs with one session cursor need it; where
 * the name leads back to an earlier page, it is an error.
 * @throws LadingError `pagination-loop`, `pagination-value`, and as `fetchPage`
 */
export async function* paginate<Page extends FetchedPage>(options: PaginateOptions<Page>): AsyncGenerator<Page> {
  const controller = new AbortController()
  const signal = AbortSignal.any([options.signal, controller.signal])
  let pending: Promise<Page | "end"> | undefined
  try {
    const walk = new Walk(options)
    pending = ahead(options.fetchPage(walk.start(), signal))
    while (pending !== undefined) {
      const page: Page | "end" = await pending
      if (page === "end" || walk.isOver(page)) return
      const next = walk.next(page)
      pending = next === undefined ? undefined : ahead(options.fetchPage(next.request, signal))
      yield page
    }
  } finally {
    controller.abort()
  }
}

/** A promise whose failure is told to whoever awaits it, and to nobody else when nobody does. */
function ahead<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined)
  return promise
}

/** Where a walk stands, and what it has seen. */
class Walk<Page extends FetchedPage> {
  private readonly options: PaginateOptions<Page>
  private pagination: Pagination | undefined
  private readonly seen = new Set<string>()
  private token: string | undefined
  private label = ""
  private last: Page | undefined
  private isRepeating = false
  private emptyPages = 0

  constructor(options: PaginateOptions<Page>) {
    this.options = options
    this.pagination = options.paginator?.begin()
  }

  start(): PageRequest {
    return this.pagination?.first(this.options.request) ?? this.options.request
  }

  /** True when the page is the last one again. */
  isOver(page: Page): boolean {
    const isSame = this.last !== undefined && page.rowCount > 0 && page.fingerprint === this.last.fingerprint
    const { allowRepeatedPages = false, warn } = this.options
    if (this.isRepeating && (isSame || page.rowCount === 0)) {
      if (isSame)
        warn(
          `${page.address} came again with the same rows, as ${this.label} was named again: taken for the end; hasMorePath would save that request`,
        )
      return true
    }
    if (isSame && !allowRepeatedPages)
      throw loop(page, "two pages in a row have the same rows: the API seems to ignore what asks for the next page")
    this.emptyPages = page.rowCount === 0 ? this.emptyPages + 1 : 0
    const { maxEmptyPages = 1_000 } = this.options
    if (this.emptyPages >= maxEmptyPages) throw loop(page, `${maxEmptyPages} pages in a row are empty, and each names a next one`)
    this.last = page
    return false
  }

  next(page: Page): NextPage | undefined {
    if (this.pagination === undefined) {
      this.pagination = this.options.detect(page).begin()
      this.pagination.first(this.options.request)
    }
    const next = this.pagination.next(page, this.options.warn)
    if (next === undefined) return undefined
    this.isRepeating = next.token === this.token
    this.label = next.label ?? "its link"
    if (!this.isRepeating && this.seen.has(next.token))
      throw loop(page, `the page names ${this.label} as the next one, which was read before`)
    this.seen.add(next.token)
    this.token = next.token
    return next
  }
}

function loop({ address }: PageView, what: string): LadingError {
  return new LadingError({
    code: "pagination-loop",
    message: `${address}: ${what}`,
    hint: "check the paginator's parameter and paths; nothing of this load was committed. Where equal pages are right, set allowRepeatedPages",
    details: { address },
  })
}
