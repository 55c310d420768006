import { parsePath } from "../json-path.ts"
import type { NextPage, PageRequest, PageView, Paginator } from "./paginator.ts"
import { unusable } from "./values.ts"

/** There is one page. */
export function singlePage(): Paginator {
  return { type: "singlePage", begin: () => ({ first: (request) => request, next: () => undefined }) }
}

/** The document holds the address of the next page; the last page has none. */
export function jsonLink({ nextUrlPath = "next" }: { readonly nextUrlPath?: string } = {}): Paginator {
  const path = parsePath(nextUrlPath)
  return {
    type: "jsonLink",
    begin: () => ({
      first: (request) => request,
      next: (page) => {
        const link = page.at(path)
        if (link === undefined || link === null || link === "" || link === false) return undefined
        if (typeof link !== "string")
          throw unusable(page, `${nextUrlPath} is ${typeof link}, not an address`, "set nextUrlPath to the address of the next page")
        return follow(page, link)
      },
    }),
  }
}

/** The header `Link` names the next page (RFC 8288). */
export function headerLink({ relation = "next" }: { readonly relation?: string } = {}): Paginator {
  return {
    type: "headerLink",
    begin: () => ({
      first: (request) => request,
      next: (page) => {
        const link = linkOf(page.headers["link"], relation)
        return link === undefined ? undefined : follow(page, link)
      },
    }),
  }
}

/** The target of a relation in a `Link` header (RFC 8288, 3); relations are compared without case. */
export function linkOf(header: string | undefined, relation: string): string | undefined {
  for (const [, target, parameters] of (header ?? "").matchAll(
    /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^",;\s]*))?)*)/g,
  )) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))/i.exec(parameters ?? "")
    const names = (relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/)
    if (names.includes(relation.toLowerCase())) return target
  }
  return undefined
}

/** The next page by its address, which may be relative. A link of the same host in http is followed in https where the page came so. */
function follow(page: PageView, link: string): NextPage {
  if (!URL.canParse(link, page.url)) throw unusable(page, "the link to the next page is no address", "set the paginator that fits the API")
  const url = new URL(link, page.url)
  const from = new URL(page.url)
  if (from.protocol === "https:" && url.protocol === "http:" && url.hostname === from.hostname) url.protocol = "https:"
  const request: PageRequest = { ...page.request, url: url.href, query: {} }
  return { request, token: url.href }
}
