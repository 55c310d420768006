import { parsePath } from "../json-path.ts"
import type { NextPage, PageView, Paginator } from "./paginator.ts"
import { hasMore, put, slotOf, unusable } from "./values.ts"

interface RangeOptions {
  /** Path of the total, null: there is none; default `total`. Where it is missing or null, an empty page is the end. */
  readonly totalPath?: string | null
  /** Default true: an empty page is the end. */
  readonly stopAfterEmptyPage?: boolean
  /** Where the API says whether more follows; it counts more than the total and an empty page. */
  readonly hasMorePath?: string
}

/** How an offset is sent. */
export interface OffsetOptions extends RangeOptions {
  /** Rows of a page. */
  readonly limit: number
  /** Default 0. */
  readonly offset?: number
  /** Default `offset`. */
  readonly offsetParam?: string
  readonly offsetBodyPath?: string
  /** Default `limit`. */
  readonly limitParam?: string
  readonly limitBodyPath?: string
  /** No page starts at or behind it. */
  readonly maximumOffset?: number
}

/** How a page number is sent. */
export interface PageNumberOptions extends RangeOptions {
  /** Number of the first page of all; default 0. */
  readonly basePage?: number
  /** Number of the page to start with; default the base. */
  readonly page?: number
  /** Default `page`. */
  readonly pageParam?: string
  readonly pageBodyPath?: string
  /** No page with this number or a higher one is asked for. */
  readonly maximumPage?: number
}

/** Pages of `limit` rows, asked for by the number of rows before them. */
export function offset(options: OffsetOptions): Paginator {
  const { limit, offset: start = 0, offsetParam = "offset", limitParam = "limit", maximumOffset } = options
  const limitSlot = slotOf(limitParam, options.limitBodyPath)
  return range("offset", options, {
    start,
    step: limit,
    slot: slotOf(offsetParam, options.offsetBodyPath),
    maximum: maximumOffset,
    endOf: (total) => total,
    prepare: (request) => put(request, limitSlot, limit),
    maximumName: "maximumOffset",
  })
}

/** Pages by their number; the total is the number of pages. */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  const { basePage = 0, page = basePage, pageParam = "page", maximumPage } = options
  return range("pageNumber", options, {
    start: page,
    step: 1,
    slot: slotOf(pageParam, options.pageBodyPath),
    maximum: maximumPage,
    endOf: (total) => total + basePage,
    prepare: (request) => request,
    maximumName: "maximumPage",
  })
}

interface RangeRules {
  readonly start: number
  readonly step: number
  readonly slot: ReturnType<typeof slotOf>
  readonly maximum: number | undefined
  readonly endOf: (total: number) => number
  readonly prepare: (request: PageView["request"]) => PageView["request"]
  readonly maximumName: string
}

function range(type: string, options: RangeOptions, rules: RangeRules): Paginator {
  const { totalPath = "total", stopAfterEmptyPage = true, hasMorePath } = options
  const total = totalPath === null ? undefined : parsePath(totalPath)
  const more = hasMorePath === undefined ? undefined : parsePath(hasMorePath)
  return {
    type,
    begin: () => {
      let at = rules.start
      let isTold = false
      return {
        first: (request) => put(rules.prepare(request), rules.slot, at),
        next: (page, warn): NextPage | undefined => {
          const continues = hasMore(page, more)
          const isEmpty = stopAfterEmptyPage && page.rowCount === 0
          if (continues === false || (continues === undefined && isEmpty)) return undefined
          at += rules.step
          if (rules.maximum !== undefined && at >= rules.maximum) return undefined
          const end = total === undefined ? undefined : totalOf(page, total)
          if (continues !== true && end !== undefined && at >= rules.endOf(end)) return undefined
          if (end === undefined && continues === undefined && total !== undefined && !isTold) {
            const canEnd = stopAfterEmptyPage || rules.maximum !== undefined
            if (!canEnd)
              throw unusable(
                page,
                `there is no total at ${totalPath}`,
                `set totalPath, hasMorePath or ${rules.maximumName}, or stopAfterEmptyPage: true`,
              )
            isTold = true
            if (options.totalPath !== undefined || page.at(total) !== undefined)
              warn(
                `${type}: the total at ${totalPath} is not usable, so pages are read until one is empty; set totalPath: null if there is none`,
              )
          }
          return { request: put(page.request, rules.slot, at), token: String(at) }
        },
      }
    },
  }
}

function totalOf(page: PageView, path: ReturnType<typeof parsePath>): number | undefined {
  const value = page.at(path)
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined
}
