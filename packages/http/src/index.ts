export { isPrivateAddress } from "./addresses.ts"
export type { Auth, AuthContext, Credentials } from "./auth/auth.ts"
export { type OAuth2Options, oauth2 } from "./auth/oauth2.ts"
export { type ApiKeyOptions, apiKey, basic, bearer, customAuth } from "./auth/static-auth.ts"
export { createHttpClient } from "./client.ts"
export { jsonOf, parseJson, readJson } from "./json.ts"
export { type JsonPath, parsePath, valueAt, valuesAt } from "./json-path.ts"
export { maskAddress } from "./mask.ts"
export { type CursorOptions, cursor, headerCursor } from "./paginate/cursors.ts"
export { type Detected, detectPaginator, detectSelector } from "./paginate/detect.ts"
export { headerLink, jsonLink, singlePage } from "./paginate/links.ts"
export { type FetchedPage, type PaginateOptions, paginate } from "./paginate/paginate.ts"
export type { NextPage, PageRequest, PageView, Pagination, Paginator } from "./paginate/paginator.ts"
export { type OffsetOptions, offset, type PageNumberOptions, pageNumber } from "./paginate/ranges.ts"
export { type Slice, sliceRows } from "./slice.ts"
export type {
  HttpClient,
  HttpClientOptions,
  HttpContext,
  HttpLimits,
  HttpRateLimit,
  HttpRequest,
  HttpResponse,
  HttpRetry,
  HttpTimeouts,
  Query,
  QueryValue,
} from "./types.ts"
