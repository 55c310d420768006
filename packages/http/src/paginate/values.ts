import { LadingError } from "@lading/core"
import type { JsonPath } from "../json-path.ts"
import { withValueAt } from "../json-path.ts"
import type { PageRequest, PageView } from "./paginator.ts"

/** Where a paginator writes a value: a query value, or a path of keys in the body. */
export type Slot = { readonly param: string } | { readonly bodyPath: readonly string[] }

/** The slot that two options name: the body path, else the query value. */
export function slotOf(param: string, bodyPath: string | undefined): Slot {
  return bodyPath === undefined ? { param } : { bodyPath: bodyPath.split(".") }
}

/** The request with a value in a slot. */
export function put(request: PageRequest, slot: Slot, value: string | number | bigint): PageRequest {
  if ("param" in slot) return { ...request, query: { ...request.query, [slot.param]: value } }
  return { ...request, json: withValueAt(request.json, slot.bodyPath, value) }
}

/** Whether the API says that more follows: undefined when it says nothing. */
export function hasMore(page: PageView, path: JsonPath | undefined): boolean | undefined {
  if (path === undefined) return undefined
  const value = page.at(path)
  if (value === undefined || value === null) return undefined
  if (typeof value === "boolean") return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value === "string" && /^(?:true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === "true"
  throw unusable(page, `${path.text} is neither true nor false`, "set hasMorePath to a flag, or leave it out")
}

/** Something that a paginator needs and cannot use. */
export function unusable({ address }: PageView, what: string, hint: string): LadingError {
  return new LadingError({ code: "pagination-value", message: `${address}: ${what}`, hint, details: { address } })
}

/** A value of a page in a message: short. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
