import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  installTarballs,
  listFiles,
  makeFolder,
  pack,
  readPackedManifest,
  root,
  runIn,
  type Tarball,
  tarballBytes,
} from "./support/consumer.ts"

const folders = [
  "packages/core",
  "packages/parts",
  "packages/sql",
  "packages/engine",
  "packages/cli",
  "destinations/duckdb",
  "sources/files",
]

const workFolder = makeFolder("lading-packed-")
const tarballs = new Map<string, Tarball>()

function tarballOf(folder: string): Tarball {
  const tarball = tarballs.get(folder)
  if (!tarball) throw new Error(`${folder} was not packed`)
  return tarball
}

beforeAll(async () => {
  const unbuilt = folders.filter((folder) => !existsSync(join(root, folder, "dist/index.js")))
  if (unbuilt.length > 0) throw new Error(`build first (node scripts/pnpm.mjs build): no dist in ${unbuilt.join(", ")}`)
  for (const folder of folders) tarballs.set(folder, await pack(folder, join(workFolder, "tarballs")))
})

afterAll(() => rmSync(workFolder, { recursive: true, force: true }))

describe.each(folders)("the tarball of %s", (folder) => {
  it("holds the build, its types, the README and the license, and neither sources nor tests", async () => {
    const files = await listFiles(tarballOf(folder))
    expect(files).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"]))
    expect(files.filter((name) => name.startsWith("src/") || name.includes(".test."))).toEqual([])
  })

  it("names released versions of its dependencies, not the workspace", async () => {
    const manifest = await readPackedManifest(tarballOf(folder))
    expect(manifest).not.toContain("workspace:")
  })

  it("has nothing that publint objects to", async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: tarballBytes(tarballOf(folder)) },
      strict: true,
    })
    const found = messages.filter(({ type }) => type !== "suggestion")
    expect(found.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })
})

describe("a stranger's project", () => {
  const consumer = join(workFolder, "consumer")
  const demo = join(consumer, "demo")

  beforeAll(async () => {
    mkdirSync(consumer)
    await installTarballs(consumer, [...tarballs.values()])
  })

  /** Runs a query with `--json`; the document is a list of rows, or has one under `rows`. */
  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const { stdout } = await runIn(demo, "npx", ["lading", "query", sql, "--json"])
    const document = JSON.parse(stdout)
    return Array.isArray(document) ? document : document.rows
  }

  it("can import the library and the plugins", async () => {
    const program = `
      import { pipeline, resource } from "lading"
      import { duckdb } from "@lading/destination-duckdb"
      import { files } from "@lading/source-files"
      process.stdout.write([pipeline, resource, duckdb, files].map((one) => typeof one).join())`
    const { stdout } = await runIn(consumer, process.execPath, ["--input-type=module", "--eval", program])
    expect(stdout).toBe("function,function,function,function")
  })

  it("is made by `lading init`, without a network and without an install", async () => {
    await runIn(consumer, "npx", ["lading", "init", "demo"])
    const manifest = JSON.parse(readFileSync(join(demo, "package.json"), "utf8"))
    expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining(["lading", "@lading/destination-duckdb"]))
    expect(existsSync(join(demo, "node_modules"))).toBe(false)
  })

  it("loads its data with `lading run`, and `lading query` shows the rows", async () => {
    await runIn(demo, "npx", ["lading", "run"])
    const tables = await query(
      "select table_schema || '.' || table_name as name from information_schema.tables where left(table_name, 1) <> '_' order by 1",
    )
    expect(tables.length).toBeGreaterThan(0)
    for (const { name } of tables) {
      const [count] = await query(`select count(*) as row_count, count(distinct _dlt_id) as ids from ${name}`)
      expect(Number(count?.row_count), `rows of ${name}`).toBeGreaterThan(0)
      expect(Number(count?.ids), `row ids of ${name}`).toBe(Number(count?.row_count))
    }
  })

  it("has one committed load per run, and keeps what the first one loaded", async () => {
    await runIn(demo, "npx", ["lading", "run"])
    const [schema] = await query("select table_schema as name from information_schema.tables where table_name = '_dlt_loads'")
    const loads = await query(`select load_id, status from ${schema?.name}._dlt_loads`)
    expect(loads.length).toBeGreaterThan(0)
    expect(new Set(loads.map(({ load_id: loadId }) => loadId)).size).toBe(loads.length)
    expect(loads.every(({ status }) => Number(status) === 0)).toBe(true)
  })
})
