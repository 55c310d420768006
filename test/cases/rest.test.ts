import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Receipt } from "@lading/engine"
import { type RestOptions, rest } from "@lading/source-rest"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createTarget, input, makeLastingFolder, type Target } from "./support/target.ts"

const { folder, remove } = makeLastingFolder()
const log = join(folder, "requests.ndjson")
let server: ChildProcess
let address = ""

beforeAll(async () => {
  server = spawn(process.execPath, [input("rest-server.mjs"), "0", log], { stdio: ["ignore", "pipe", "inherit"] })
  const [chunk] = await once(server.stdout ?? server, "data")
  address = String(chunk).trim()
})

afterAll(() => {
  server.kill()
  remove()
})

interface LogLine {
  readonly case: string
  readonly url: string
  readonly status: number
}

/** Requests of a case since the last reset. */
function requestsOf(name: string): readonly LogLine[] {
  const lines: LogLine[] = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  return lines.filter((line) => line.case === name).slice(marks.get(name) ?? 0)
}

const marks = new Map<string, number>()

async function reset(name: string): Promise<void> {
  await fetch(`${address}/${name}/_reset`)
  marks.set(name, 0)
  try {
    marks.set(name, requestsOf(name).length)
  } catch {
    // there is no log before the first request
  }
}

function source(name: string, resources: RestOptions["resources"], client: Partial<RestOptions["client"]> = {}) {
  const retry = { baseDelayMs: 5, maxAttempts: 3 }
  return rest({ client: { baseUrl: `${address}/${name}`, allowPrivateAddresses: true, retry, ...client }, resources })
}

async function ids(target: Target, table = "items"): Promise<unknown[]> {
  return (await target.read(`select id from ${table} order by id`)).map(({ id }) => id)
}

async function tables(target: Target): Promise<unknown[]> {
  const found = await target.read(
    "select table_name from information_schema.tables where table_schema = 'data' and table_name not like '\\_%' escape '\\'",
  )
  return found.map(({ table_name }) => table_name).sort()
}

describe("rest-cursor-on-last-page (dlt-hub/dlt#3358)", () => {
  const name = "rest-cursor-on-last-page"
  beforeEach(() => reset(name))
  const items = (paginator: object) =>
    source(name, [
      { name: "items", endpoint: { dataSelector: "items", paginator: { type: "cursor", cursorPath: "cursor", ...paginator } } },
    ])

  it("(a) a flag that says there is no more ends it, although there is a cursor", async () => {
    const target = createTarget()
    await target.pipeline.run(items({ hasMorePath: "has_more" }))
    expect(await ids(target)).toEqual([1, 2, 3])
    expect(requestsOf(name)).toHaveLength(2)
  })

  it("(b) without the flag the repeated cursor is noticed: one more request, a warning, and no row twice", async () => {
    const target = createTarget()
    const warnings: string[] = []
    const onProgress = (event: { kind: string; message?: string }) => void (event.kind === "warning" && warnings.push(event.message ?? ""))
    await target.with({ onProgress }).pipeline.run(items({}))
    expect(await ids(target)).toEqual([1, 2, 3])
    expect(requestsOf(name)).toHaveLength(3)
    expect(warnings.join("\n")).toMatch(/as cursor c1 was named again/)
  })
})

describe("rest-total-null (dlt-hub/dlt#4429)", () => {
  const name = "rest-total-null"
  beforeEach(() => reset(name))
  const items = (paginator: object) =>
    source(name, [{ name: "items", endpoint: { paginator: { type: "offset", limit: 2, ...paginator } } }])

  it("a total of null leaves it to an empty page to end, and says so", async () => {
    const target = createTarget()
    const warnings: string[] = []
    const onProgress = (event: { kind: string; message?: string }) => void (event.kind === "warning" && warnings.push(event.message ?? ""))
    await target.with({ onProgress }).pipeline.run(items({}))
    expect(await ids(target)).toEqual([1, 2, 3, 4, 5])
    expect(requestsOf(name)).toHaveLength(4)
    expect(warnings.join("\n")).toMatch(/total is not usable/)
  })

  it("a maximum is one: no page at or behind it is asked for", async () => {
    const target = createTarget()
    await target.pipeline.run(items({ maximumOffset: 4 }))
    expect(await ids(target)).toEqual([1, 2, 3, 4])
    expect(requestsOf(name).map(({ url }) => new URL(url, address).searchParams.get("offset"))).toEqual(["0", "2"])
  })
})

describe("rest-no-content (dlt-hub/dlt#1849)", () => {
  const name = "rest-no-content"
  beforeEach(() => reset(name))
  const notes = { name: "notes", includeFromParent: ["id"], endpoint: { path: "items/{resources.items.id}/notes" } }

  it("204 is an empty page, and an ignored 404 is none", async () => {
    const target = createTarget()
    const ignoring = { ...notes, endpoint: { ...notes.endpoint, responseActions: [{ status: 404, action: "ignore" as const }] } }
    const receipt = await target.pipeline.run(source(name, ["items", ignoring]))
    expect(await ids(target)).toEqual([1, 2, 3])
    expect(await target.read("select note, _items_id from notes order by note")).toEqual([
      { note: "n1", _items_id: 1 },
      { note: "n2", _items_id: 1 },
    ])
    expect(receipt.tables["notes"]).toMatchObject({ extracted: 2, loaded: 2 })
    expect(requestsOf(name).filter(({ url }) => url.endsWith("/items"))).toHaveLength(1)
  })

  it("without the action, the error names the status and the address of the parent, and nothing is committed", async () => {
    const target = createTarget()
    const run = target.pipeline.run(source(name, ["items", notes]))
    await expect(run).rejects.toMatchObject({ code: "http-status", details: { status: 404 } })
    await expect(run).rejects.toThrow(/items\/3\/notes answered 404/)
    expect(await tables(target)).toEqual([])
  })
})

describe("rest-token-expires-while-waiting (airbytehq/airbyte#13660)", () => {
  const name = "rest-token-expires-while-waiting"
  beforeEach(() => reset(name))

  it("a request that had to wait goes out with a live token, and no secret is written anywhere", async () => {
    const target = createTarget()
    const events: unknown[] = []
    const auth = {
      type: "oauth2ClientCredentials",
      tokenUrl: `${address}/${name}/token`,
      clientId: "me",
      clientSecret: "client-canary",
    } as const
    const paginator = { type: "cursor", cursorPath: "next_page", cursorParam: "page" } as const
    const receipt: Receipt = await target
      .with({ onProgress: (event) => events.push(event) })
      .pipeline.run(source(name, [{ name: "items", endpoint: { paginator } }], { auth, retry: {} }))
    expect(await ids(target)).toEqual([1, 2, 3, 4])
    const requests = requestsOf(name)
    const tokens = requests.filter(({ url }) => url.endsWith("/token"))
    expect(tokens.length).toBeGreaterThanOrEqual(2)
    expect(tokens.length).toBeLessThanOrEqual(4)
    expect(requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(1)
    const written = [JSON.stringify(events), JSON.stringify(receipt, (_, value) => (typeof value === "bigint" ? String(value) : value))]
    expect([...written, ...filesBelow(dirname(target.database))].filter((text) => /secret-token-|client-canary/.test(text))).toEqual([])
  })
})

describe("scd2-broken-snapshot (NangoHQ/nango#1132)", () => {
  const name = "scd2-broken-snapshot"
  beforeEach(() => reset(name))

  it("a snapshot that breaks off replaces nothing: the table stays as it was, and the next run makes it whole", async () => {
    const target = createTarget()
    const paginator = { type: "cursor", cursorPath: "next_page", cursorParam: "page" } as const
    const load = () =>
      target.pipeline.run(source(name, [{ name: "dim", writeDisposition: "replace", endpoint: { path: "items", paginator } }]))
    await load()
    expect(await ids(target, "dim")).toEqual([1, 2, 3, 4])
    await fetch(`${address}/${name}/_break`)
    await expect(load()).rejects.toThrow(/items\?page=2 answered 500/)
    expect(await ids(target, "dim")).toEqual([1, 2, 3, 4])
    await fetch(`${address}/${name}/_mend`)
    await load()
    expect(await ids(target, "dim")).toEqual([1, 2, 3, 4])
  })
})

/** The bytes of every file below a folder as text. */
function filesBelow(path: string): string[] {
  return readdirSync(path).flatMap((name) => {
    const full = join(path, name)
    return statSync(full).isDirectory() ? filesBelow(full) : [readFileSync(full, "latin1")]
  })
}
