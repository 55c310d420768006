import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createSchema, type TableBatch } from "@lading/core"
import { describe, expect, it } from "vitest"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { archivePackage, LoadPackage, listPackages, sealedParts, verifyParts } from "./load-package.ts"
import type { Manifest } from "./manifest.ts"

const batch = (table: string, value: number): TableBatch => ({
  table,
  rowCount: 1,
  columns: [
    {
      name: "id",
      dataType: "double",
      timezone: true,
      valueCount: 1,
      validity: undefined,
      vector: { kind: "double", values: Float64Array.of(value) },
    },
  ],
})

const manifestOf = (pack: LoadPackage): Manifest => ({
  format: 1,
  loadId: pack.loadId,
  pipeline: "p",
  dataset: "d",
  destination: "test",
  parentStateHash: null,
  state: null,
  schema: createSchema("p", { naming: "snake_case" }),
  schemaChanges: "[]",
  names: [],
  counters: {},
  emptied: [],
  parts: pack.parts,
  sealedAt: "2024-01-01T00:00:00.000Z",
  versions: {},
})

async function makePackage(packages: string, loadId = "1.0", durability: "full" | "process" = "full"): Promise<Manifest> {
  const pack = await LoadPackage.create(packages, loadId, { durability, partFormats: ["parquet"] })
  for (const part of [batch("a", 1), batch("b", 2), batch("a", 3)]) await pack.writePart(part).written
  const manifest = manifestOf(pack)
  await pack.seal(manifest)
  return manifest
}

describe("a load package", () => {
  it.each(["full", "process"] as const)(
    "holds its parts, named after their content, and is sealed by its manifest (%s)",
    async (durability) => {
      const packages = makeProject()
      const manifest = await makePackage(packages, "1.0", durability)
      expect(manifest.parts.map(({ table, file }) => [table, file.replace(/\.[0-9a-f]{8}\./, ".hash.")])).toEqual([
        ["a", "parts/t0001/000001.hash.parquet"],
        ["b", "parts/t0002/000001.hash.parquet"],
        ["a", "parts/t0001/000002.hash.parquet"],
      ])
      expect(await listPackages(packages)).toEqual({ sealed: [manifest], unsealed: [] })
      for (const part of sealedParts(packages, manifest)) expect(statSync(part.path).size).toBe(part.byteCount)
      await verifyParts(sealedParts(packages, manifest))
    },
  )

  it("can be read by its owner only", async () => {
    const packages = makeProject()
    const manifest = await makePackage(packages)
    const paths = [join(packages, "1.0", "manifest.json"), ...sealedParts(packages, manifest).map(({ path }) => path)]
    for (const path of paths) expect((statSync(path).mode & 0o077).toString(8)).toBe("0")
    expect((statSync(join(packages, "1.0")).mode & 0o077).toString(8)).toBe("0")
  })

  it("does not exist before it is sealed, nor when its manifest is torn", async () => {
    const packages = makeProject()
    await (await LoadPackage.create(packages, "2.0", { durability: "full", partFormats: ["parquet"] })).writePart(batch("a", 1)).written
    await makePackage(packages, "1.0")
    truncateSync(join(packages, "1.0", "manifest.json"), 20)
    expect(await listPackages(packages)).toEqual({ sealed: [], unsealed: ["1.0", "2.0"] })
  })

  it("is listed with others in the order of its load", async () => {
    const packages = makeProject()
    for (const loadId of ["3.0", "1.0", "2.0"]) await makePackage(packages, loadId)
    expect((await listPackages(packages)).sealed.map(({ loadId }) => loadId)).toEqual(["1.0", "2.0", "3.0"])
    expect(await listPackages(join(packages, "nowhere"))).toEqual({ sealed: [], unsealed: [] })
  })

  it.each([
    ["is missing", (path: string) => rmSync(path)],
    ["is shorter", (path: string) => truncateSync(path, statSync(path).size - 1)],
    ["is longer", (path: string) => appendFileSync(path, "x")],
    [
      "has another bit",
      (path: string) => {
        const bytes = readFileSync(path)
        bytes[10] = (bytes[10] ?? 0) ^ 1
        writeFileSync(path, bytes)
      },
    ],
  ])("with a part that %s is damaged, and says which", async (_name, damage) => {
    const packages = makeProject()
    const parts = sealedParts(packages, await makePackage(packages))
    const path = parts[1]?.path ?? ""
    damage(path)
    const error = await errorOf(() => verifyParts(parts))
    expect(error).toMatchObject({ code: "damaged-package", message: expect.stringContaining(path) })
    expect(error.message).toContain("of table b")
  })

  it("is not sealed when a part cannot be written", async () => {
    const packages = makeProject()
    const pack = await LoadPackage.create(packages, "1.0", { durability: "process", partFormats: ["parquet"] })
    const { written } = pack.writePart(batch("a", 1))
    await written
    rmSync(pack.folder, { recursive: true })
    await expect(async () => {
      pack.writePart(batch("a", 2))
      await pack.seal(manifestOf(pack))
    }).rejects.toThrow(/ENOENT/)
    expect((await listPackages(packages)).sealed).toEqual([])
  })

  it("leaves its receipt and nothing else when it is archived, once or twice", async () => {
    const folder = makeProject()
    const packages = join(folder, "packages")
    await makePackage(packages)
    for (let time = 0; time < 2; time++) await archivePackage(packages, "1.0", '{"loadId":"1.0"}')
    expect(existsSync(join(packages, "1.0"))).toBe(false)
    expect(readdirSync(join(folder, "receipts"))).toEqual(["1.0.json"])
    expect(readFileSync(join(folder, "receipts", "1.0.json"), "utf8")).toBe('{"loadId":"1.0"}')
  })
})
