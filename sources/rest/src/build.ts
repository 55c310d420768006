import {
  type Auth,
  apiKey,
  basic,
  bearer,
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  oauth2,
  offset,
  type Paginator,
  pageNumber,
  singlePage,
} from "@lading/http"
import type { AuthConfig, PaginatorConfig, PaginatorName } from "./options.ts"

/** The authorization that a configuration names. */
export function buildAuth(config: AuthConfig): Auth {
  if ("credentials" in config) return config
  switch (config.type) {
    case "bearer":
      return bearer(config.token)
    case "apiKey":
      return apiKey(config)
    case "basic":
      return basic(config)
    default:
      return oauth2(config)
  }
}

/** The paginator that a configuration names; undefined for `auto`. */
export function buildPaginator(config: PaginatorConfig): Paginator | undefined {
  if (typeof config === "string") return byName[config]()
  if ("begin" in config) return config
  switch (config.type) {
    case "auto":
      return undefined
    case "singlePage":
      return singlePage()
    case "headerLink":
      return headerLink(config)
    case "headerCursor":
      return headerCursor(config)
    case "jsonLink":
      return jsonLink(config)
    case "cursor":
      return cursor(config)
    case "offset":
      return offset(config)
    case "pageNumber":
      return pageNumber(config)
  }
}

const byName: Readonly<Record<PaginatorName, () => Paginator | undefined>> = {
  auto: () => undefined,
  singlePage,
  headerLink,
  headerCursor,
  jsonLink,
  cursor,
  pageNumber,
}
