import type { IncrementalHints, ResourceHints, Secret } from "@lading/core"
import type { Auth, CursorOptions, HttpClientOptions, OffsetOptions, PageNumberOptions, Paginator } from "@lading/http"

/** Authorization by type, or an object of one's own. */
export type AuthConfig =
  | { readonly type: "bearer"; readonly token: string | Secret }
  | {
      readonly type: "apiKey"
      readonly key: string | Secret
      readonly name?: string
      readonly location?: "header" | "query" | "cookie"
    }
  | { readonly type: "basic"; readonly username: string | Secret; readonly password: string | Secret }
  | ({ readonly type: "oauth2ClientCredentials"; readonly clientSecret: string | Secret } & OAuth2Config)
  | ({
      readonly type: "oauth2RefreshToken"
      readonly refreshToken: string | Secret
      readonly clientSecret?: string | Secret
    } & OAuth2Config)
  | Auth

interface OAuth2Config {
  readonly tokenUrl: string
  readonly clientId: string | Secret
  readonly scope?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly clientAuthentication?: "body" | "header"
  readonly defaultLifetimeSeconds?: number
}

/** Names of paginators that need no option. */
export type PaginatorName = "auto" | "singlePage" | "headerLink" | "headerCursor" | "jsonLink" | "cursor" | "pageNumber"

/** A paginator by name, by type with options, or an object of one's own. */
export type PaginatorConfig =
  | PaginatorName
  | { readonly type: "auto" }
  | { readonly type: "singlePage" }
  | { readonly type: "headerLink"; readonly relation?: string }
  | { readonly type: "headerCursor"; readonly cursorHeader?: string; readonly cursorParam?: string }
  | { readonly type: "jsonLink"; readonly nextUrlPath?: string }
  | ({ readonly type: "cursor" } & CursorOptions)
  | ({ readonly type: "offset" } & OffsetOptions)
  | ({ readonly type: "pageNumber" } & PageNumberOptions)
  | Paginator

/** A value of a parent's row. */
export interface ResolveParam {
  readonly type: "resolve"
  readonly resource: string
  /** Path of the field in the parent's row. */
  readonly field: string
}

/** The start of an incremental cursor as a query value. */
export interface IncrementalParam extends Omit<IncrementalHints, "endValue"> {
  readonly type: "incremental"
  readonly convert?: (value: unknown) => unknown
}

/** A query value: a literal, text with placeholders, a value of the parent, or where the cursor starts. */
export type ParamValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly (string | number | boolean)[]
  | ResolveParam
  | IncrementalParam

/** A row cursor, and how the API is told about it. */
export interface RestIncremental extends IncrementalHints {
  /** Query value that takes where this run starts. */
  readonly startParam?: string
  /** Query value that takes `endValue`. */
  readonly endParam?: string
  /** Makes what the API wants of a cursor value, in parameters and placeholders. */
  readonly convert?: (value: unknown) => unknown
}

/** An answer, as response actions see it. */
export interface ActionResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body as text. */
  text(): string
}

/**
 * What an answer means: `ignore` ends the pages without an error, `accept` reads it as a page whatever its status, `retry` asks again; undefined lets
 * the next action decide.
 */
export type Verdict = "ignore" | "accept" | "retry" | undefined

/** What is done about an answer with a status, with a text in it, or with both. */
export type ResponseAction =
  | ((response: ActionResponse) => Verdict)
  | {
      readonly status?: number
      readonly content?: string
      readonly action: "ignore" | "accept" | "retry" | ((response: ActionResponse) => Verdict)
    }

/** What is done with each row, in order, before the engine's own steps. */
export type ProcessingStep =
  | { readonly filter: (row: never) => boolean }
  | { readonly map: (row: never) => unknown }
  | { readonly flatMap: (row: never) => Iterable<unknown> }

/** Where a resource is read. */
export interface RestEndpoint {
  /** Below the base address, or absolute; `{name}` is filled from `params`. Default: the resource's name. */
  readonly path?: string
  /** Default `GET`. A POST is sent again like a GET: it reads pages. */
  readonly method?: "GET" | "POST"
  readonly params?: Readonly<Record<string, ParamValue>>
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string | Secret>>
  /** Default: the client's; `auto` looks at the first page. */
  readonly paginator?: PaginatorConfig
  /** Path to the rows, such as `data.items`; `$` is the whole document. Default: found in the first page. */
  readonly dataSelector?: string
  readonly responseActions?: readonly ResponseAction[]
  readonly incremental?: RestIncremental
  /** Instead of the client's; null: none. */
  readonly auth?: AuthConfig | null
  /** Default false: two pages in a row with the same rows are an error. */
  readonly allowRepeatedPages?: boolean
}

/** One resource: where it is read, and any hint of a resource. */
export interface RestResource extends Omit<ResourceHints, "incremental"> {
  readonly name: string
  /** A text is the path. */
  readonly endpoint?: string | RestEndpoint
  /** Fields of the parent's row that each row gets, as `_<parent>_<field>`. */
  readonly includeFromParent?: readonly string[]
  readonly processingSteps?: readonly ProcessingStep[]
  /** Default true; false: read only as the parent of others. */
  readonly selected?: boolean
}

/** The client of all resources. */
export interface RestClientConfig extends Omit<HttpClientOptions, "auth" | "baseUrl"> {
  readonly baseUrl: string
  readonly auth?: AuthConfig
  readonly paginator?: PaginatorConfig
}

/** What `rest()` takes. */
export interface RestOptions {
  /** Name of the source and of its schema; default `rest`. */
  readonly name?: string
  readonly client: RestClientConfig
  /** What each resource has unless it says otherwise; `params`, `json` and `columns` are merged key by key. */
  readonly resourceDefaults?: Omit<RestResource, "name">
  /** A text is both name and path. */
  readonly resources: readonly (string | RestResource)[]
  /** Parents whose children are read at the same time; default 4. */
  readonly concurrency?: number
}
