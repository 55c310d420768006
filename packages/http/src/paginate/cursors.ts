import { parsePath } from "../json-path.ts"
import type { NextPage, PageView, Paginator } from "./paginator.ts"
import { hasMore, put, shown, slotOf, unusable } from "./values.ts"

/** How a cursor is found and sent. */
export interface CursorOptions {
  /** Default `cursors.next`. */
  readonly cursorPath?: string
  /** Query value that takes it; default `cursor`. */
  readonly cursorParam?: string
  /** Path of keys in the body that takes it, instead of the query value. */
  readonly cursorBodyPath?: string
  /** Default false: only a missing cursor is the end. */
  readonly stopAfterEmptyPage?: boolean
  /** Where the API says whether more follows; false is the end, whatever the cursor. */
  readonly hasMorePath?: string
}

/** Each page holds the cursor of the next one. */
export function cursor(options: CursorOptions = {}): Paginator {
  const { cursorPath = "cursors.next", cursorParam = "cursor", cursorBodyPath, stopAfterEmptyPage = false, hasMorePath } = options
  const path = parsePath(cursorPath)
  const more = hasMorePath === undefined ? undefined : parsePath(hasMorePath)
  const slot = slotOf(cursorParam, cursorBodyPath)
  return {
    type: "cursor",
    begin: () => ({
      first: (request) => request,
      next: (page): NextPage | undefined => {
        const continues = hasMore(page, more)
        if (continues === false || (continues === undefined && stopAfterEmptyPage && page.rowCount === 0)) return undefined
        const value = page.at(path)
        const isCursor =
          (typeof value === "string" && value !== "") || typeof value === "bigint" || (typeof value === "number" && value !== 0)
        if (isCursor) return { request: put(page.request, slot, value), token: String(value), label: `cursor ${shown(String(value))}` }
        if (continues === true)
          throw unusable(page, `${hasMorePath} says that more follows, but there is no cursor at ${cursorPath}`, "correct cursorPath")
        if (typeof value === "object" && value !== null) throw unusable(page, `${cursorPath} is no single value`, "correct cursorPath")
        return undefined
      },
    }),
  }
}

/** A header of each page holds the cursor of the next one. */
export function headerCursor({
  cursorHeader = "next",
  cursorParam = "cursor",
}: {
  readonly cursorHeader?: string
  readonly cursorParam?: string
} = {}): Paginator {
  const slot = slotOf(cursorParam, undefined)
  return {
    type: "headerCursor",
    begin: () => ({
      first: (request) => request,
      next: (page: PageView) => {
        const value = page.headers[cursorHeader.toLowerCase()] ?? ""
        return value === "" ? undefined : { request: put(page.request, slot, value), token: value, label: `cursor ${shown(value)}` }
      },
    }),
  }
}
