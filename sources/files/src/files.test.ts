import { appendFile, mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import plugin, { type FilesOptions, files } from "./index.ts"
import { fakeContext, folderWith, put, readAll, rowsOf } from "./test-folder.ts"

async function ids(folder: string, options: FilesOptions, state: Record<string, unknown> = {}) {
  const context = fakeContext(folder, state)
  const rows = rowsOf(await readAll(files(options), context)) as { id: number }[]
  return { ids: rows.map((row) => row.id), messages: context.messages }
}

const row = (id: number) => `{"id":${id}}\n`

describe("finding files", () => {
  it("takes patterns, lists, exclusions, absolute and literal paths, each file once and by name", async () => {
    const folder = await folderWith({
      "b.ndjson": row(2),
      "a.ndjson": row(1),
      "in/deep/c.jsonl": row(3),
      ".hidden.ndjson": row(4),
      "x[1].ndjson": row(5),
    })
    expect((await ids(folder, { path: "*.ndjson" })).ids).toEqual([4, 1, 2, 5])
    expect((await ids(folder, { path: ["a.ndjson", "./a.ndjson", "[ab].ndjson"] })).ids).toEqual([1, 2])
    expect((await ids(folder, { path: ["**/*.{ndjson,jsonl}", "!.*", "!x*"] })).ids).toEqual([1, 2, 3])
    expect((await ids(folder, { path: join(folder, "in/**") })).ids).toEqual([3])
    expect((await ids(join(folder, "in"), { path: "../b.ndjson" })).ids).toEqual([2])
    expect((await ids(folder, { path: "x[1].ndjson" })).ids).toEqual([5])
  })

  it.each(["nothing.ndjson", "*.parquet", "folder", "missing/*.csv"])(
    "fails when nothing matches %s, naming pattern and folder",
    async (path) => {
      const folder = await folderWith({ "a.ndjson": row(1) })
      await mkdir(join(folder, "folder"))
      const failure = { code: "no-files", message: `no file matches ${path} in ${folder}` }
      await expect(ids(folder, { path: ["a.ndjson", path] })).rejects.toMatchObject(failure)
    },
  )

  it("fails for a dangling link and an unknown extension", async () => {
    const folder = await folderWith({ "a.log": row(1) })
    await symlink(join(folder, "gone"), join(folder, "b.ndjson"))
    await expect(ids(folder, { path: "b.ndjson" })).rejects.toMatchObject({ code: "no-files" })
    await expect(ids(folder, { path: "a.log" })).rejects.toMatchObject({ code: "unknown-format", details: { file: "a.log" } })
    expect((await ids(folder, { path: "a.log", format: "ndjson" })).ids).toEqual([1])
  })
})

describe("the resource", () => {
  it("has a name, hints and the place of its rows", async () => {
    const resource = files({
      path: "data/events.ndjson.gz",
      primaryKey: "id",
      writeDisposition: "merge",
      maxTableNesting: 2,
      incremental: "name",
    })
    expect(resource).toMatchObject({
      kind: "resource",
      name: "events",
      hints: { primaryKey: "id", writeDisposition: "merge", maxTableNesting: 2 },
      steps: [],
    })
    expect(resource.hints).not.toHaveProperty("incremental")
    expect(files({ path: "*.csv" }).name).toBe("files")
    expect(files({ path: "*.csv", table: "t" })).toMatchObject({ name: "t", hints: { table: "t" } })
    expect(files({ path: "a.csv", incremental: { cursor: "at" } }).hints.incremental).toEqual({ cursor: "at" })
    const folder = await folderWith({ "in/a.ndjson": row(1) })
    const [batch] = await readAll(files({ path: "in/*" }), fakeContext(folder))
    expect(batch?.origin).toEqual({ name: "in/a.ndjson", line: 1 })
  })

  it("refuses options that do not exist or do not fit, all at once", () => {
    const wrong = { path: [], fromat: "csv", quote: "''" } as unknown as FilesOptions
    expect(() => files(wrong)).toThrow(
      "path must be a path or a list of paths; there is no option fromat; quote must be one character or false",
    )
    expect(plugin.options["~standard"].validate({})).toEqual({ issues: [{ message: "path is missing", path: ["path"] }] })
    expect(plugin.options["~standard"].validate({ path: "a.csv" })).toEqual({ value: { path: "a.csv" } })
  })

  it("stops when the run is cancelled", async () => {
    const folder = await folderWith({ "a.ndjson": row(1) })
    const context = { ...fakeContext(folder), signal: AbortSignal.abort() }
    await expect(readAll(files({ path: "a.ndjson" }), context)).rejects.toThrow()
  })
})

describe("incremental by time of modification", () => {
  const options: FilesOptions = { path: "*.ndjson", incremental: "modified" }

  it("reads oldest first, then only what is new, also at the very same time", async () => {
    const state = {}
    const folder = await folderWith({})
    await put(folder, "b.ndjson", row(1), 1000)
    await put(folder, "a.ndjson", row(2), 2000)
    expect((await ids(folder, options, state)).ids).toEqual([1, 2])
    expect(await ids(folder, options, state)).toEqual({ ids: [], messages: ["no new file among the 2 that match"] })
    await put(folder, "c.ndjson", row(3), 2000)
    expect(await ids(folder, options, state)).toEqual({ ids: [3], messages: [] })
    expect((await ids(folder, options, state)).ids).toEqual([])
    await put(folder, "d.ndjson", row(4), 3000)
    expect((await ids(folder, options, state)).ids).toEqual([4])
    expect(JSON.parse(JSON.stringify(state))).toEqual({ lastModified: { modifiedNs: "3000000000000", sizes: { "d.ndjson": "9" } } })
  })

  it("loads a rewritten file again, with a warning, by its time and by its size", async () => {
    const state = {}
    const folder = await folderWith({})
    await put(folder, "a.ndjson", row(1), 1000)
    await ids(folder, options, state)
    await put(folder, "a.ndjson", row(5), 2000)
    const warning = "a.ndjson has changed since it was there at the last load: all its rows are loaded again"
    expect(await ids(folder, options, state)).toEqual({ ids: [5], messages: [warning] })
    await appendFile(join(folder, "a.ndjson"), row(6))
    await put(folder, "a.ndjson", row(5) + row(6), 2000)
    expect(await ids(folder, options, state)).toEqual({ ids: [5, 6], messages: [warning] })
  })

  it("notes a file before its last batch goes out and not sooner, so that a crash neither loses nor doubles rows", async () => {
    const folder = await folderWith({})
    const line = `${JSON.stringify({ text: "x".repeat(100_000) })}\n`
    await put(folder, "a.ndjson", line.repeat(50), 1000)
    await put(folder, "empty.ndjson", "", 1500)
    await put(folder, "b.ndjson", row(1), 2000)
    const context = fakeContext(folder)
    const notes: unknown[] = []
    for await (const batch of (await files(options).read(context)) as AsyncIterable<unknown>) {
      if (batch !== undefined) notes.push(Object.keys((context.state.lastModified as { sizes: object } | undefined)?.sizes ?? {}))
    }
    expect(notes.length).toBeGreaterThan(3)
    expect(notes.slice(-3)).toEqual([[], ["a.ndjson"], ["b.ndjson"]])
  })

  it("notes files without rows too", async () => {
    const state = {}
    const folder = await folderWith({})
    await put(folder, "empty.ndjson", "", 1000)
    await ids(folder, options, state)
    expect(state).toMatchObject({ lastModified: { sizes: { "empty.ndjson": "0" } } })
  })
})

describe("incremental by name", () => {
  it("reads the files that come after the last one", async () => {
    const state = {}
    const options: FilesOptions = { path: "*.ndjson", incremental: "name" }
    const folder = await folderWith({ "2024-01.ndjson": row(1), "2024-02.ndjson": row(2) })
    expect((await ids(folder, options, state)).ids).toEqual([1, 2])
    await put(folder, "2024-03.ndjson", row(3))
    await put(folder, "2024-01b.ndjson", row(4))
    expect((await ids(folder, options, state)).ids).toEqual([3])
    expect(state).toEqual({ lastFile: "2024-03.ndjson" })
  })
})
