import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { duckdb } from "@lading/destination-duckdb"
import { pipeline, resource } from "lading"
import { expect, it, onTestFinished } from "vitest"
import { pythonWithDlt } from "./python/environment.mjs"

/** Prints what dlt makes of a schema file: the hash that it computes, and a few columns. */
const reader = `
import json, sys, yaml
from dlt.common.schema import Schema
for path in sys.argv[1:]:
    content = yaml.safe_load(open(path, encoding="utf-8"))
    schema = Schema.from_dict(content)
    columns = schema.tables["orders"]["columns"]
    print(json.dumps([content["version_hash"] == schema.version_hash, schema.name, columns["on"], schema.tables["orders__items"].get("parent")]))
`

it("schema files that Lading writes are read by dlt, which computes the hash that they hold", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lading-schema-files-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const files = { exportTo: "export", importFrom: "import" }
  const shop = pipeline({
    name: "shop",
    destination: duckdb(join(folder, "s.duckdb")),
    dataset: "data",
    baseDirectory: folder,
    schema: files,
  })
  const columns = { on: { dataType: "text", description: "yes: 'no', 2024-01-01" } } as const
  await shop.run(
    resource("orders", { primaryKey: "id", columns, nested: { items: { primaryKey: "sku" } } }, [[{ id: 1, items: [{ sku: "é" }] }]]),
  )
  const paths = Object.values(files).map((name) => join(folder, name, "shop.schema.yaml"))
  const { stdout } = await promisify(execFile)(await pythonWithDlt(), ["-c", reader, ...paths])
  const column = { name: "on", data_type: "text", description: "yes: 'no', 2024-01-01" }
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(paths.map(() => [true, "shop", column, null]))
}, 600_000)
