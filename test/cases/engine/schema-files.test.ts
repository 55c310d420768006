import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type PipelineOptions, resource } from "@lading/engine"
import { describe, expect, it } from "vitest"
import { parse, stringify } from "yaml"
import { makeFolder, type Target, targetIn } from "../support/target.ts"

const folders = { exportTo: "schemas/export", importFrom: "schemas/import" }
const exported = "schemas/export/case.schema.yaml"
const importable = "schemas/import/case.schema.yaml"

/** The parts of a schema file that these tests look at. */
interface Content {
  readonly [key: string]: unknown
  readonly tables: Record<string, { description?: string; columns: Record<string, Record<string, unknown>> }>
}

interface Project {
  readonly target: Target
  read(path: string): string
  content(path: string): Content
  edit(path: string, change: (content: Content) => void): void
  readonly folder: string
}

function createProject(options: Partial<PipelineOptions> = { schema: folders }): Project {
  const folder = makeFolder()
  const read = (path: string): string => readFileSync(join(folder, path), "utf8")
  return {
    folder,
    target: targetIn(folder, { baseDirectory: folder, ...options }),
    read,
    content: (path) => parse(read(path)),
    edit(path, change) {
      const content = parse(read(path))
      change(content)
      writeFileSync(join(folder, path), stringify(content))
    },
  }
}

function at(tables: Content["tables"]): Content["tables"][string] {
  return tables["orders"] ?? { columns: {} }
}

const orders = (...rows: readonly object[]) => resource("orders", { primaryKey: "id" }, [rows])

describe("exporting the schema", () => {
  it("writes what is committed after every load that changed it, in dlt's form, and not otherwise", async () => {
    const { target, content, folder } = createProject({ schema: { exportTo: "schemas/export" } })
    await target.pipeline.run(orders({ id: 1, total: 2.5 }))
    const first = content(exported)
    expect(Object.keys(first)).toEqual([
      ...["version", "version_hash", "engine_version", "name", "tables", "settings", "normalizers", "previous_hashes"],
    ])
    expect(first.tables["orders"]?.columns).toMatchObject({
      id: { data_type: "bigint", primary_key: true },
      total: { data_type: "double" },
    })
    expect(first.tables["orders"]).not.toHaveProperty("name")
    const [stored] = await target.read("select version_hash from _dlt_version order by version desc limit 1")
    expect(first["version_hash"]).toBe(stored?.["version_hash"])
    const written = statSync(join(folder, exported)).mtimeMs
    await target.pipeline.run(orders({ id: 2, total: 3 }))
    expect(statSync(join(folder, exported)).mtimeMs).toBe(written)
    await target.pipeline.run(orders({ id: 3, note: "x" }))
    expect(content(exported).tables["orders"]?.columns).toHaveProperty("note")
    expect(readdirSync(join(folder, "schemas/export"))).toEqual(["case.schema.yaml"])
  })

  it("writes JSON where that is asked for", async () => {
    const { target, read } = createProject({ schema: { exportTo: "schemas", format: "json" } })
    await target.pipeline.run(orders({ id: 1 }))
    expect(JSON.parse(read("schemas/case.schema.json")).tables.orders.columns).toHaveProperty("id")
  })

  it("says in the receipt when it cannot be written, and the load stays committed", async () => {
    const { target, folder } = createProject({ schema: { exportTo: "taken/export" } })
    writeFileSync(join(folder, "taken"), "a file")
    const receipt = await target.pipeline.run(orders({ id: 1 }))
    expect(receipt.status).toBe("committed")
    expect(receipt.warnings.join()).toContain("the schema could not be written to")
  })
})

describe("importing the schema", () => {
  it("first writes what was declared, without what data brought, and leaves that file alone from then on", async () => {
    const { target, content, read, edit } = createProject()
    await target.pipeline.run(orders({ id: 1, total: 2.5 }))
    const { columns } = at(content(importable).tables)
    expect(columns).toEqual({ id: { nullable: false, primary_key: true } })
    expect(content(exported).tables["orders"]?.columns).toHaveProperty("total")
    edit(importable, ({ tables }) => {
      at(tables).description = "everything sold"
    })
    const edited = read(importable)
    await target.pipeline.run(orders({ id: 2, total: 1, note: "x" }))
    expect(read(importable)).toBe(edited)
    expect(content(exported).tables["orders"]?.description).toBe("everything sold")
  })

  it("starts a new dataset from the file: types, descriptions, contract", async () => {
    const { target, folder } = createProject()
    mkdirSync(join(folder, "schemas/import"), { recursive: true })
    writeFileSync(
      join(folder, importable),
      "name: case\nsettings:\n  schema_contract: {columns: discard_value}\ntables:\n  orders:\n    columns:\n      id: {data_type: text}\n      total: {data_type: decimal, description: with tax}\n",
    )
    const receipt = await target.pipeline.run([{ id: 1, total: 2, extra: true }], { table: "orders" })
    expect(await target.types("orders")).toMatchObject({ id: "VARCHAR", total: expect.stringMatching(/^DECIMAL/) })
    expect(await target.columns("orders")).toEqual(["id", "total"])
    expect(receipt.rejects.byCode).toEqual({ "contract-column": 1 })
    const [version] = await target.read("select schema from _dlt_version order by version desc limit 1")
    expect(JSON.parse(String(version?.["schema"]))).toMatchObject({ imported_version_hash: expect.stringMatching(/^.{43}=$/) })
  })

  it("takes an edited file over once: hints for columns to come, and what data holds stays known", async () => {
    const { target, edit, content } = createProject()
    await target.pipeline.run(orders({ id: 1, total: 2.5 }))
    edit(importable, ({ tables }) => {
      at(tables).columns["placed"] = { data_type: "date" }
      at(tables).columns["total"] = { description: "with tax" }
    })
    await target.pipeline.run(orders({ id: 2, placed: "2024-05-01", total: 3.5 }))
    expect(await target.types("orders")).toEqual({ id: "BIGINT", total: "DOUBLE", placed: "DATE" })
    expect(content(exported).tables["orders"]?.columns["total"]).toEqual({ description: "with tax", data_type: "double", nullable: true })
    expect(content(exported)["previous_hashes"]).toHaveLength(2)
  })

  it("goes on with the stored schema as long as the file stays as it is", async () => {
    const { target, content } = createProject()
    await target.pipeline.run(orders({ id: 1 }))
    await target.pipeline.run(resource("orders", { primaryKey: "id", columns: { id: { description: "number" } } }, [[{ id: 2 }]]))
    await target.pipeline.run(orders({ id: 3 }))
    expect(content(exported).tables["orders"]?.columns["id"]?.["description"]).toBe("number")
  })

  it("refuses a type that contradicts what is stored, before anything is read", async () => {
    const { target, edit } = createProject()
    await target.pipeline.run(orders({ id: 1 }))
    edit(importable, ({ tables }) => {
      at(tables).columns["id"] = { data_type: "date" }
    })
    const run = target.pipeline.run(
      resource("orders", () => {
        throw new Error("was read")
      }),
    )
    await expect(run).rejects.toMatchObject({ code: "type-conflict", message: expect.stringContaining("import file says date") })
  })

  it("refuses a broken file, a file of another schema, and two files, before anything is read", async () => {
    const { target, folder } = createProject()
    const place = (name: string, text: string): void => {
      rmSync(join(folder, "schemas"), { recursive: true, force: true })
      mkdirSync(join(folder, "schemas/import"), { recursive: true })
      for (const extension of name.split(",")) writeFileSync(join(folder, `schemas/import/case.schema.${extension}`), text)
    }
    place("yaml", "name: case\ntables: {orders: {columns: {id: {data_type: number}}}}\n")
    await expect(target.pipeline.run(orders({ id: 1 }))).rejects.toMatchObject({
      code: "schema-file-invalid",
      details: { faults: [{ line: 2, column: 45 }] },
    })
    place("yaml", "name: other\n")
    await expect(target.pipeline.run(orders({ id: 1 }))).rejects.toMatchObject({ code: "schema-file-invalid" })
    place("yaml,json", '{"name": "case"}')
    await expect(target.pipeline.run(orders({ id: 1 }))).rejects.toMatchObject({ code: "schema-file-ambiguous" })
    expect(existsSync(join(folder, exported))).toBe(false)
  })

  it("works in one folder that is exported to and imported from", async () => {
    const { target, content, edit } = createProject({ schema: { exportTo: "schemas", importFrom: "schemas" } })
    const file = "schemas/case.schema.yaml"
    await target.pipeline.run(orders({ id: 1, total: 2 }))
    await target.pipeline.run(orders({ id: 2, total: 2.5 }))
    expect(content(file).tables["orders"]?.columns["total"]?.["data_type"]).toBe("double")
    expect(content(file).tables["orders"]).not.toHaveProperty("x-normalizer")
    edit(file, ({ tables }) => {
      at(tables).columns["total"] = { ...at(tables).columns["total"], description: "with tax" }
    })
    const receipt = await target.pipeline.run(orders({ id: 3, total: 1 }))
    expect(receipt.status).toBe("committed")
    expect(content(file).tables["orders"]?.columns["total"]?.["description"]).toBe("with tax")
  })
})
