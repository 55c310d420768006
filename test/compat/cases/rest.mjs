/**
 * A case of a declarative REST configuration in dlt's spelling, read by both sides from `rest-server.mjs`. `resources` and `more` are those of the
 * configuration; each of `rounds` is one load, which finds what the server has in that round. Processing steps are neutral (see README.md).
 */
function api(name, resources, { rounds = [1], client = {}, resource_defaults: defaults, ...more } = {}) {
  const config = (round) => ({
    client: { base_url: `{url}/${round}`, ...client },
    ...(defaults ? { resource_defaults: defaults } : {}),
    resources,
  })
  return { name: `rest: ${name}`, loads: rounds.map((round) => ({ rest: config(round), hints: {} })), ...more }
}

const at = (path, endpoint = {}, more = {}) => ({ name: path.replaceAll(/\W/g, "_"), endpoint: { path, ...endpoint }, ...more })
const since = { cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" }
const posts = {
  path: "users/{resources.users.id}/posts",
  data_selector: "posts",
  response_actions: [{ status_code: 404, action: "ignore" }],
}

const paginators = [
  api("a link in the document", [
    at("json-link", { paginator: { type: "json_link", next_url_path: "paging.next" }, data_selector: "data" }),
  ]),
  api("a link in the header", [at("header-link", { paginator: "header_link" })]),
  api("a cursor in the header", [
    at("header-cursor", { paginator: { type: "header_cursor", cursor_key: "x-next", cursor_param: "after" }, data_selector: "items" }),
  ]),
  api("a cursor", [at("cursor", { paginator: { type: "cursor", cursor_path: "cursors.next", cursor_param: "cursor" } })]),
  api("a cursor in the body of a POST", [
    at("search", {
      method: "POST",
      json: { filter: { kind: "x" } },
      data_selector: "hits",
      paginator: { type: "cursor", cursor_path: "next", cursor_body_path: "page.after" },
    }),
  ]),
  api("an offset with a total", [at("offset", { paginator: { type: "offset", limit: 2 }, data_selector: "data" })]),
  api("an offset with a maximum", [
    at("offset", { paginator: { type: "offset", limit: 2, maximum_offset: 4, total_path: null }, data_selector: "data" }),
  ]),
  api("an offset until an empty page", [
    at("offset", { paginator: { type: "offset", limit: 2, total_path: null, stop_after_empty_page: true }, data_selector: "data" }),
  ]),
  api("page numbers with a total", [
    at("pages", { paginator: { type: "page_number", base_page: 1, total_path: "meta.pages" }, data_selector: "data" }),
  ]),
  api("page numbers until an empty page", [
    at("pages", { paginator: { type: "page_number", base_page: 1, total_path: null, page_param: "page" }, data_selector: "data" }),
  ]),
  api("a single page of many", [at("json-link", { paginator: "single_page" })]),
  api(
    "pages and rows that are found without a word",
    ["relative-link", "header-link", "cursor", "json-link"].map((path) => at(path)),
  ),
  api("the paginator of the client", [at("offset", { data_selector: "data" })], { client: { paginator: { type: "offset", limit: 3 } } }),
]

const selectors = [
  api("rows that are found in the document", [at("nested"), at("json-link", { paginator: "single_page" })]),
  api("rows behind a path", [at("nested", { data_selector: "response.products", paginator: "single_page" })]),
  api("rows behind a wildcard", [at("details", { data_selector: "list[*].detail", paginator: "single_page" })]),
  api("the whole document as a row", [at("nested", { data_selector: "$", paginator: "single_page" })]),
  api("one thing by its path", [{ name: "user", endpoint: { path: "users/{id}", params: { id: 3 } } }]),
  api("numbers as they came", [at("numbers")]),
]

const relatives = [
  api("children with fields of their parent", ["users", { name: "posts", endpoint: posts, include_from_parent: ["id", "kind"] }]),
  api("children that are named one by one", [
    "users",
    { name: "user", endpoint: { path: "users/{user}", params: { user: { type: "resolve", resource: "users", field: "id" } } } },
  ]),
  api("children of children", [
    "users",
    { name: "posts", endpoint: posts, include_from_parent: ["id"], primary_key: "post" },
    {
      name: "likes",
      endpoint: { path: "users/{resources.posts._users_id}/posts/{resources.posts.post}/likes" },
      include_from_parent: ["post"],
    },
  ]),
  api("a parent that is not selected", [
    { name: "users", selected: false },
    { name: "posts", endpoint: posts, include_from_parent: ["id"] },
  ]),
  api("children by a value in the body", [
    "users",
    {
      name: "found",
      endpoint: {
        path: "search",
        method: "POST",
        json: { filter: { user: "{resources.users.id}", text: "user {resources.users.id}" } },
        data_selector: "hits",
        paginator: "single_page",
      },
    },
  ]),
]

const others = [
  api("a status that is ignored", [at("broken", { response_actions: [{ status_code: 500, action: "ignore" }] }), "plain"]),
  api("a text that is ignored", [at("broken", { response_actions: [{ content: "maintenance", action: "ignore" }] }), "plain"]),
  api("a status that is not ignored", [at("gone", { response_actions: [{ status_code: 500, action: "ignore" }] })]),
  api("steps on rows", [
    {
      name: "plain",
      processing_steps: [
        { filter: { field: "id", above: 2 } },
        { map: { set: { source: "map" } } },
        { yield_map: { copies: 2, number: "copy" } },
      ],
    },
  ]),
  api("defaults of all resources", [{ name: "since", columns: { name: { data_type: "text", nullable: false } } }, "plain"], {
    resource_defaults: {
      primary_key: "id",
      write_disposition: "merge",
      columns: { price: { data_type: "decimal" } },
      endpoint: { params: { since: "2024-05-01T00:00:03Z" } },
    },
    rounds: [1, 2],
  }),
  api(
    "credentials of each kind",
    [
      at("secure", {}, { name: "bearer" }),
      at("secure", { auth: { type: "http_basic", username: "u", password: "p" } }, { name: "basic" }),
      at("secure", { auth: { type: "api_key", name: "x-key", api_key: "right" } }, { name: "header_key" }),
      at("secure", { auth: { type: "api_key", name: "key", api_key: "right", location: "query" } }, { name: "query_key" }),
      { name: "plain", endpoint: { path: "plain", auth: null } },
    ],
    { client: { auth: { type: "bearer", token: "right" } } },
  ),
  api("replace, twice", [at("plain", {}, { write_disposition: "replace" })], { rounds: [1, 2] }),
]

const incremental = [
  api(
    "an incremental block, merged",
    [
      at(
        "since",
        { incremental: { ...since, start_param: "since" }, data_selector: "data" },
        { primary_key: "id", write_disposition: "merge" },
      ),
    ],
    { rounds: [1, 2, 2] },
  ),
  api(
    "an incremental parameter, appended",
    [at("since", { params: { since: { type: "incremental", ...since } }, data_selector: "data" }, { primary_key: "id" })],
    { rounds: [1, 2] },
  ),
  api(
    "an incremental placeholder",
    [at("since", { params: { since: "{incremental.start_value}" }, incremental: since, data_selector: "data" }, { primary_key: "id" })],
    { rounds: [1, 2] },
  ),
  api("a range that is closed", [
    at("since", {
      data_selector: "data",
      incremental: { ...since, end_value: "2024-05-01T00:00:04Z", start_param: "since", end_param: "until" },
    }),
  ]),
]

/** Declarative REST configurations. */
export const rest = [...paginators, ...selectors, ...relatives, ...others, ...incremental]
