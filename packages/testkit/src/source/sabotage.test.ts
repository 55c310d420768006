import { LadingError, type Resource, type ResourceHints, type SourcePlugin } from "@lading/core"
import { describe, expect, it } from "vitest"
import { sourceChecks } from "./checks.ts"
import { createSourceFixture, type SourceCheck, type SourceScenario } from "./fixture.ts"

interface ListOptions {
  readonly count: number
}

interface Row {
  readonly id: number
}

/** A source over a list in memory that keeps its position in its state, or leaves it to the cursor; two rows a batch. */
function listSource(list: Row[], hints: ResourceHints, broken: Partial<Resource>): SourcePlugin<ListOptions> {
  const resource: Resource = {
    kind: "resource",
    name: "list",
    hints,
    steps: [],
    async *read({ state, signal }) {
      const start = hints.incremental === undefined ? Number(state.position ?? 0) : 0
      for (let at = start; at < list.length; at += 2) {
        signal.throwIfAborted()
        state.position = Math.min(at + 2, list.length)
        yield list.slice(at, at + 2)
      }
    },
    ...broken,
  }
  return {
    kind: "source",
    name: "list",
    specVersion: 1,
    options: { "~standard": { version: 1, vendor: "kit", validate } },
    create: ({ count }) => {
      if (count > 5) throw new LadingError({ code: "too-many", message: `${count} rows`, hint: "ask for fewer" })
      return resource
    },
  }
}

function validate(value: unknown): { readonly value: ListOptions } | { readonly issues: readonly { readonly message: string }[] } {
  if (typeof value !== "object" || value === null || !("count" in value)) return { issues: [{ message: "count is missing" }] }
  const unknown = Object.keys(value).find((key) => key !== "count")
  return unknown === undefined ? { value: { count: Number(value.count) } } : { issues: [{ message: `there is no option ${unknown}` }] }
}

interface Breakage {
  readonly hints?: ResourceHints
  readonly resource?: (list: Row[]) => Partial<Resource>
  readonly plugin?: Partial<SourcePlugin<ListOptions>>
}

function createFixture({ hints = {}, resource, plugin = {} }: Breakage) {
  const list: Row[] = [1, 2, 3, 4, 5].map((id) => ({ id }))
  const makeFixture = (): SourceScenario<ListOptions> => ({
    options: { count: 5 },
    rows: [...list],
    failures: [{ name: "too many rows", options: { count: 9 }, code: "too-many" }],
    async addRows() {
      list.push({ id: 6 })
      return [{ id: 6 }]
    },
  })
  return createSourceFixture({ plugin: { ...listSource(list, hints, resource?.(list) ?? {}), ...plugin }, makeFixture })
}

async function run({ check }: SourceCheck, breakage: Breakage): Promise<void> {
  const fixture = await createFixture(breakage)
  try {
    await check(fixture)
  } finally {
    await fixture.dispose()
  }
}

let reads = 0
const breakages: Readonly<Record<string, readonly [breakage: Breakage, noticedBy: string]>> = {
  "loses its last row": [{ resource: (list) => ({ read: () => [list.slice(0, -1)] }) }, "gives the rows that are there"],
  "gives other rows each time": [{ resource: () => ({ read: () => [[{ id: reads++ }]] }) }, "gives the same rows in the same order"],
  "can be read only once": [
    {
      resource: (list) => ({
        read: (
          (rows) => () =>
            rows
        )([[...list]].values()),
      }),
    },
    "gives the same rows in the same order",
  ],
  "cuts a line of JSON": [
    { resource: () => ({ read: () => [{ kind: "json-lines" as const, bytes: new TextEncoder().encode('{"id":') }] }) },
    "gives valid batches",
  ],
  "counts lines wrongly": [{ resource: (rows) => ({ read: () => [{ kind: "rows" as const, rows, lines: [1] }] }) }, "gives valid batches"],
  "goes on after an abort": [{ resource: (list) => ({ read: () => list }) }, "ends soon after the run was aborted"],
  "begins after an abort": [{ resource: (list) => ({ read: () => list }) }, "gives nothing when the run was aborted"],
  "forgets its position": [{ resource: (list) => ({ read: () => [[...list]] }) }, "gives nothing again when nothing is new"],
  "moves its position too early": [
    {
      resource: (list) => ({
        async *read({ state }) {
          const from = Number(state.position ?? 0)
          state.position = list.length
          for (const row of list.slice(from)) yield row
        },
      }),
    },
    "loses nothing when a run is cut short",
  ],
  "keeps what is not JSON in its state": [
    {
      resource: (list) => ({
        async *read({ state }) {
          state.position = new Date(0)
          yield list
        },
      }),
    },
    "loses nothing when a run is cut short",
  ],
  "skips a row at the cursor's boundary": [
    {
      hints: { incremental: { cursor: "id" } },
      resource: (list) => ({ read: ({ cursor }) => list.filter(({ id }) => id > Number(cursor.start ?? 0) + 1) }),
    },
    "gives nothing again when nothing is new",
  ],
  "throws a bare error": [
    {
      plugin: {
        create: () => {
          throw new Error("no")
        },
      },
    },
    "fails with a LadingError",
  ],
  "claims another kind": [{ plugin: { kind: "destination" as "source" } }, "is a plugin object of kind source"],
  "takes any options": [
    { plugin: { options: { "~standard": { version: 1, vendor: "kit", validate: () => ({ value: { count: 5 } }) } } } },
    "refuses wrong and misspelt options",
  ],
}

function find(start: string): SourceCheck {
  const found = sourceChecks.filter(({ name }) => name.startsWith(start))
  expect(found.length, start).toBe(1)
  return found[0] as SourceCheck
}

describe("the checks of sources", () => {
  it.each(Object.entries(breakages))("notice a source that %s", async (_, [breakage, start]) => {
    await expect(run(find(start), breakage)).rejects.toMatchObject({ name: "AssertionError" })
  })

  it.each([
    ["its own position", {}],
    ["a cursor", { hints: { incremental: { cursor: "id" } } }],
  ] as const)("pass a sound source with %s", async (_, breakage) => {
    for (const check of sourceChecks) await run(check, breakage)
  })
})
