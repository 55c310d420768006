import { describe, expect, it } from "vitest"
import { type JsonPath, valueAt } from "../json-path.ts"
import { cursor, headerCursor } from "./cursors.ts"
import { detectPaginator, detectSelector } from "./detect.ts"
import { headerLink, jsonLink, linkOf, singlePage } from "./links.ts"
import { type FetchedPage, paginate } from "./paginate.ts"
import type { PageRequest, Paginator } from "./paginator.ts"
import { offset, pageNumber } from "./ranges.ts"

interface Served {
  readonly rows: readonly unknown[]
  readonly rest?: Record<string, unknown>
  readonly headers?: Record<string, string>
}

/** Walks through an API that is a function from a request to a page. */
async function walk(paginator: Paginator | undefined, serve: (request: PageRequest, index: number) => Served, options: object = {}) {
  const requests: PageRequest[] = []
  const warnings: string[] = []
  const rows: unknown[] = []
  const fetchPage = async (request: PageRequest): Promise<FetchedPage> => {
    const served = serve(request, requests.length)
    requests.push(request)
    if (requests.length > 50) throw new Error("no end of pages")
    const { headers = {} } = served
    const url = new URL(request.url)
    for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, String(value))
    const document = { items: served.rows, ...served.rest }
    const at = (path: JsonPath) => valueAt(document, path)
    return {
      request,
      url: url.href,
      address: url.href,
      headers,
      rowCount: served.rows.length,
      fingerprint: JSON.stringify(served.rows),
      at,
    }
  }
  const run = async (): Promise<void> => {
    const detect = (page: FetchedPage) => detectPaginator(page.headers, { items: [], ...lastRest(page) }, true).paginator
    const lastRest = (page: FetchedPage) => ({ next: page.at({ text: "", steps: ["next"], keys: ["next"] }) })
    const request = { url: "https://api.example.com/items", query: { a: 1 } }
    for await (const page of paginate({
      request,
      paginator,
      detect,
      fetchPage,
      signal: new AbortController().signal,
      warn: (text) => warnings.push(text),
      ...options,
    }))
      rows.push(...JSON.parse(page.fingerprint))
  }
  return { result: run().then(() => rows), requests, warnings }
}

const queries = (requests: readonly PageRequest[]): unknown[] => requests.map(({ query }) => query)

describe("paginators", () => {
  it("single page", async () => {
    const { result, requests } = await walk(singlePage(), () => ({ rows: [1], rest: { next: "/x" } }))
    expect(await result).toEqual([1])
    expect(requests).toHaveLength(1)
  })

  it("JSON link: absolute and relative, without the first query; null is the end", async () => {
    const links = ["/items?p=2", "https://api.example.com/items?p=3", null]
    const { result, requests } = await walk(jsonLink({ nextUrlPath: "links.next" }), (_, i) => ({
      rows: [i],
      rest: { links: { next: links[i] } },
    }))
    expect(await result).toEqual([0, 1, 2])
    expect(requests.slice(1)).toMatchObject([
      { url: "https://api.example.com/items?p=2", query: {} },
      { url: "https://api.example.com/items?p=3" },
    ])
  })

  it("a JSON link in http of the same host is followed in https", async () => {
    const { result, requests } = await walk(jsonLink(), (_, i) => ({
      rows: [i],
      rest: i === 0 ? { next: "http://api.example.com/2" } : {},
    }))
    await result
    expect(requests[1]?.url).toBe("https://api.example.com/2")
  })

  it("header link", async () => {
    const { result } = await walk(headerLink(), (_, i) => ({
      rows: [i],
      headers: i < 2 ? { link: `</items?p=${i}>; rel="next", </l>; rel=last` } : {},
    }))
    expect(await result).toEqual([0, 1, 2])
  })

  it.each([
    ['<a>; rel="next"', "a"],
    ['<p>; rel="prev", <n>; title="x, <y>"; rel="first NEXT"', "n"],
    ["<n>;rel=next", "n"],
    ["<n>; rel=nextpage", undefined],
    ['<a>; rel="prev"', undefined],
  ])("the header %s leads to %s", (header, target) => {
    expect(linkOf(header, "next")).toBe(target)
  })

  it("header cursor", async () => {
    const { result, requests } = await walk(headerCursor({ cursorHeader: "X-Next" }), (_, i) => ({
      rows: [i],
      headers: i < 1 ? { "x-next": "c" } : {},
    }))
    expect(await result).toEqual([0, 1])
    expect(queries(requests)).toEqual([{ a: 1 }, { a: 1, cursor: "c" }])
  })

  it("cursor in the query, and in the body", async () => {
    const serve = (_: PageRequest, i: number): Served => ({ rows: [i], rest: { cursors: { next: i < 1 ? "c1" : null } } })
    const query = await walk(cursor(), serve)
    expect(await query.result).toEqual([0, 1])
    expect(queries(query.requests)).toEqual([{ a: 1 }, { a: 1, cursor: "c1" }])
    const body = await walk(cursor({ cursorBodyPath: "page.after" }), serve)
    await body.result
    expect(body.requests[1]?.json).toEqual({ page: { after: "c1" } })
  })

  it.each([
    ["a total", { limit: 2 }, { total: 5 }, [0, 2, 4]],
    ["a total as text", { limit: 2 }, { total: "4" }, [0, 2]],
    ["an empty page", { limit: 2, totalPath: null }, {}, [0, 2, 4, 6]],
    ["a maximum", { limit: 2, totalPath: null, maximumOffset: 4 }, {}, [0, 2]],
    ["a flag", { limit: 2, totalPath: null, hasMorePath: "more" }, { more: "false" }, [0]],
    ["a maximum, even if a flag says more", { limit: 2, hasMorePath: "more", maximumOffset: 2 }, { more: true }, [0]],
  ])("offset ends at %s", async (_, options, rest, offsets) => {
    const { result, requests } = await walk(offset(options), ({ query }) => {
      const from = Number(query["offset"])
      return { rows: [0, 1].map((i) => from + i).filter((id) => id < 5), rest }
    })
    await result
    expect(requests.map(({ query }) => query["offset"])).toEqual(offsets)
    expect(requests[0]?.query["limit"]).toBe(2)
  })

  it.each([
    ["a number of pages", { basePage: 1, totalPath: "pages" }, [1, 2, 3]],
    ["a maximum, exclusively", { maximumPage: 2, totalPath: null }, [0, 1]],
    ["an empty page", { page: 2, totalPath: null }, [2, 3, 4, 5]],
  ])("page number ends at %s", async (_, options, pages) => {
    const { result, requests } = await walk(pageNumber(options), ({ query }) => ({
      rows: Number(query["page"]) < 5 ? [query["page"]] : [],
      rest: { pages: 3 },
    }))
    await result
    expect(requests.map(({ query }) => query["page"])).toEqual(pages)
  })

  it("without any way to end, the first page says which option to set", async () => {
    const { result } = await walk(offset({ limit: 1, stopAfterEmptyPage: false }), () => ({ rows: [1] }))
    await expect(result).rejects.toMatchObject({ code: "pagination-value", hint: expect.stringContaining("maximumOffset") })
  })

  it("a flag that says more without a cursor is an error: a page would be lost", async () => {
    const { result } = await walk(cursor({ hasMorePath: "more" }), () => ({ rows: [1], rest: { more: true } }))
    await expect(result).rejects.toMatchObject({ code: "pagination-value" })
  })
})

describe("loops", () => {
  const serve =
    (tokens: readonly (string | null)[], rows: (i: number) => readonly unknown[]) =>
    (_: PageRequest, i: number): Served => {
      return { rows: rows(i), rest: { cursors: { next: tokens[Math.min(i, tokens.length - 1)] } } }
    }

  it("a cursor that comes again with the same rows is the end, with a warning", async () => {
    const { result, requests, warnings } = await walk(
      cursor(),
      serve(["a"], (i) => [Math.min(i, 1)]),
    )
    expect(await result).toEqual([0, 1])
    expect(requests).toHaveLength(3)
    expect(warnings).toHaveLength(1)
  })

  it("one session cursor for all pages is followed as long as there are new rows", async () => {
    const { result, warnings } = await walk(
      cursor(),
      serve(["scroll"], (i) => (i < 6 ? [i] : [])),
    )
    expect(await result).toEqual([0, 1, 2, 3, 4, 5])
    expect(warnings).toEqual([])
  })

  it("a cursor that leads back is an error", async () => {
    const { result } = await walk(
      cursor(),
      serve(["a", "b", "a"], (i) => [i]),
    )
    await expect(result).rejects.toMatchObject({
      code: "pagination-loop",
      message: expect.stringContaining("names cursor a as the next one"),
    })
  })

  it("links in a circle are an error", async () => {
    const { result } = await walk(jsonLink(), (_, i) => ({ rows: [i], rest: { next: `/p${i % 3}` } }))
    await expect(result).rejects.toMatchObject({ code: "pagination-loop" })
  })

  it("an API that ignores the page number is an error, unless equal pages are allowed", async () => {
    const same = (): Served => ({ rows: [{ id: 1 }] })
    await expect((await walk(pageNumber({ totalPath: null }), same)).result).rejects.toMatchObject({ code: "pagination-loop" })
    const { result } = await walk(pageNumber({ totalPath: null, maximumPage: 3 }), same, { allowRepeatedPages: true })
    expect(await result).toHaveLength(3)
  })

  it("empty pages are passed over, but not for ever", async () => {
    const some = await walk(cursor(), (_, i) => ({ rows: i === 3 ? [3] : [], rest: { cursors: { next: i < 3 ? `c${i}` : null } } }))
    expect(await some.result).toEqual([3])
    const ever = await walk(cursor(), (_, i) => ({ rows: [], rest: { cursors: { next: `c${i}` } } }), { maxEmptyPages: 10 })
    await expect(ever.result).rejects.toMatchObject({ code: "pagination-loop" })
    expect(ever.requests).toHaveLength(10)
  })
})

describe("detection", () => {
  it.each([
    ["a link in the header before anything else", { link: '<x>; rel="next"' }, { next: "/2" }, "headerLink"],
    ["a link in the document", {}, { paging: { nextLink: "https://a.example.com" }, total_pages: 3 }, "jsonLink"],
    ["a link in an object", {}, { next: { href: "/2" } }, "jsonLink"],
    ["a number of pages", {}, { meta: { total_pages: 3 }, next_cursor: "c" }, "pageNumber"],
    ["a cursor", {}, { meta: { next_cursor: "c" } }, "cursor"],
    ["nothing", {}, { next: null, items: [{ next: "/x" }] }, "singlePage"],
  ])("finds %s", (_, headers, document, type) => {
    expect(detectPaginator(headers, document, true).paginator.type).toBe(type)
  })

  it("a first page that says its number is counted from there", async () => {
    const { paginator } = detectPaginator({}, { page: 1, total_pages: 2 }, true)
    const { result, requests } = await walk(paginator, (_, i) => ({ rows: [i], rest: { total_pages: 2 } }))
    await result
    expect(requests.map(({ query }) => query["page"])).toEqual([1, 2])
  })

  it("what was found is used from the first page on", async () => {
    const { result, requests } = await walk(undefined, (_, i) => ({ rows: [i], rest: { next: i < 2 ? `/p${i}` : null } }))
    expect(await result).toEqual([0, 1, 2])
    expect(requests[2]?.url).toBe("https://api.example.com/p1")
  })

  it.each([
    [[1], "$"],
    [{ a: [1], meta: { items: [2] } }, "meta.items"],
    [{ things: [1] }, "things"],
    [{ "odd.key": { x: [1] } }, "['odd.key'].x"],
    [{ id: 1 }, "$"],
    [{ a: { b: { c: { data: [1] } } } }, "$"],
  ])("rows of %j are at %s", (document, path) => {
    expect(detectSelector(document)).toBe(path)
  })
})
