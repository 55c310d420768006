import { parsePath } from "../json-path.ts"
import { cursor } from "./cursors.ts"
import { headerLink, jsonLink, linkOf, singlePage } from "./links.ts"
import type { Paginator } from "./paginator.ts"
import { pageNumber } from "./ranges.ts"

/** A paginator that was found by looking, and what to tell about it. */
export interface Detected {
  readonly paginator: Paginator
  readonly warning?: string
}

interface Found {
  readonly path: readonly string[]
  readonly value: unknown
}

/** A first page that says its number tells where counting starts; dlt always starts at 0. */
const currentPages = ["page", "current_page", "page_number", "currentpage"]
const pageTotals = ["total_pages", "pages", "totalpages"]
/** Objects below the first page that may hold what leads on, and not rows. */
const maxDepth = 6

/**
 * Looks at a first page for what leads to the next one, in dlt's order (reference: RESTClient, paginator detection): link in the header, link in the
 * document, number of pages, cursor, and else there is one page.
 */
export function detectPaginator(headers: Readonly<Record<string, string>>, document: unknown, isList: boolean): Detected {
  if (linkOf(headers["link"], "next") !== undefined) return { paginator: headerLink() }
  const link = findNext(document, (value) => typeof value === "string" && /^(?:https?:\/\/|\/)/.test(value))
  if (link !== undefined) return { paginator: jsonLink({ nextUrlPath: pathText(link.path) }) }
  const total = findKey(document, (key, value) => pageTotals.includes(key) && Number.isInteger(value), [])
  if (total !== undefined) {
    const totalPath = pathText(total.path)
    const current = findKey(document, (key, value) => currentPages.includes(key) && (value === 0 || value === 1), [])
    return {
      paginator: pageNumber({ totalPath, basePage: current === undefined ? 0 : Number(current.value) }),
      warning: `guessed pageNumber with totalPath ${totalPath} from the first page; set paginator to be sure`,
    }
  }
  const found = findNext(
    document,
    (value) => (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint",
  )
  if (found !== undefined) {
    const cursorPath = pathText(found.path)
    return {
      paginator: cursor({ cursorPath }),
      warning: `guessed cursor with cursorPath ${cursorPath} from the first page; set paginator to be sure`,
    }
  }
  if (!isList) return { paginator: singlePage() }
  return {
    paginator: singlePage(),
    warning: "no way to a next page was found, so the first page was taken for the only one; set paginator to be sure",
  }
}

/** The first value under a key that starts with `next`; in an object there, under one that starts with `href` or `url`. */
function findNext(document: unknown, fits: (value: unknown) => boolean): Found | undefined {
  const holder = findKey(document, (key, value) => /^next/i.test(key) && (fits(value) || inner(value, fits) !== undefined), [])
  if (holder === undefined || fits(holder.value)) return holder
  const address = inner(holder.value, fits)
  return address === undefined ? undefined : { path: [...holder.path, ...address.path], value: address.value }
}

function inner(value: unknown, fits: (value: unknown) => boolean): Found | undefined {
  return findKey(value, (key, candidate) => /^(?:href|url)/i.test(key) && fits(candidate), [])
}

function findKey(value: unknown, test: (key: string, value: unknown) => boolean, path: readonly string[]): Found | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || path.length >= maxDepth) return undefined
  for (const [key, child] of Object.entries(value)) {
    const here = [...path, key]
    if (test(key, child)) return { path: here, value: child }
    const below = findKey(child, test, here)
    if (below !== undefined) return below
  }
  return undefined
}

/** Path text that `parsePath` reads back, whatever characters the keys have. */
function pathText(keys: readonly string[]): string {
  const text = keys
    .map((key, i) => (/^[\w-]+$/.test(key) ? `${i === 0 ? "" : "."}${key}` : `['${key.replace(/['\\]/g, "\\$&")}']`))
    .join("")
  parsePath(text)
  return text
}

const listNames = [...["data", "items", "results", "entries", "records", "rows", "entities", "payload", "content", "objects", "values"]]

/** Where the rows of a first page are, in dlt's order: a list under a usual name up to three keys deep, else the first list, else the whole document. */
export function detectSelector(document: unknown): string {
  const lists = listsIn(document, [])
  const usual = lists.find((path) => listNames.includes(path.at(-1) ?? ""))
  const found = usual ?? lists[0]
  return found === undefined || found.length === 0 ? "$" : pathText(found)
}

function listsIn(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (Array.isArray(value)) return [path]
  if (typeof value !== "object" || value === null || path.length >= 3) return []
  return Object.entries(value).flatMap(([key, child]) => listsIn(child, [...path, key]))
}
