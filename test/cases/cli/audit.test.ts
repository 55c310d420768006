import { rm } from "node:fs/promises"
import { sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { postgres } from "../../../destinations/postgres/src/index.ts"
import { type Destination, resource, type WriteDispositionHint } from "../../../packages/cli/src/index.ts"
import { makeFolder } from "./harness.ts"
import { openShop, type Shop, tamper } from "./shop.ts"

const root = makeFolder()
afterAll(() => rm(root, { recursive: true, force: true }))

const rows = (...ids: readonly number[]) => ids.map((id) => ({ id, items: [{ sku: `a${id}` }, { sku: `b${id}`, tags: ["x"] }] }))
const table = (writeDisposition: WriteDispositionHint, ...ids: readonly number[]) =>
  resource("orders", { primaryKey: "id", writeDisposition }, [rows(...ids)])

const dispositions: readonly WriteDispositionHint[] = [
  "append",
  "replace",
  "merge",
  { disposition: "merge", strategy: "upsert" },
  { disposition: "merge", strategy: "insert-only" },
]

/** A destination on the server of the tests; the dataset goes away with the test. */
async function onServer(dataset: string): Promise<Destination> {
  const { url, host, port, user, password, database } = await sharedPostgres(process.env)
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`DROP SCHEMA IF EXISTS ${dataset} CASCADE`)
    await client.end()
  })
  return postgres({ host, port, user, password, database })
}

interface Finding {
  readonly check: string
  readonly table?: string
  readonly holds: boolean
  readonly message: string
}

async function auditOf(
  shop: Shop,
  loadId: string,
): Promise<{ readonly code: number; readonly holds: boolean; readonly findings: readonly Finding[] }> {
  const { code, stdout } = await shop.lading("audit", loadId, "--json")
  const { audit } = JSON.parse(stdout)
  return { code, ...audit }
}

const messageOf = (findings: readonly Finding[], check: string, name: string): string | undefined =>
  findings.find((one) => one.check === check && one.table === name)?.message

describe("lading audit", () => {
  describe.each(["duckdb", "postgres"] as const)("on %s", (kind) => {
    it.each(dispositions)("proves a load of %j before and after a later load into the same tables", async (disposition) => {
      const dataset = `audit_${typeof disposition === "string" ? disposition : disposition.strategy.replace("-", "_")}`
      const shop = openShop(root, `${kind}-${dataset}`, kind === "duckdb" ? {} : { destination: await onServer(dataset), dataset })
      const first = await shop.load(table(disposition, 1, 2, 3))
      expect(await auditOf(shop, first)).toMatchObject({ code: 0, holds: true })
      const second = await shop.load(table(disposition, 3, 4))
      const audits = [await auditOf(shop, first), await auditOf(shop, second)]
      expect(audits.flatMap(({ findings }) => findings.filter(({ holds }) => !holds))).toEqual([])
      expect(audits.map(({ code }) => code)).toEqual([0, 0])
    })
  })

  describe("of a load of three orders", () => {
    let shop: Shop
    let loadId = ""
    beforeAll(async () => {
      shop = openShop(root, "three")
      loadId = await shop.load(
        resource("orders", { writeDisposition: "append" }, [[...rows(1, 2), { id: 3, items: [] }, { id: () => 4 }]]),
        { rejects: { maxShare: 1 } },
      )
    })

    it("says what was recounted", async () => {
      const { findings } = await auditOf(shop, loadId)
      expect(messageOf(findings, "rows", "orders")).toBe("3 rows recounted, as recorded")
      expect(messageOf(findings, "rows", "orders__items")).toBe("4 rows recounted, as recorded")
      expect(messageOf(findings, "rows", "orders__items__tags")).toBe("2 rows recounted, as recorded")
      expect(messageOf(findings, "children", "orders__items")).toBe("every row has its parent in orders")
      expect(messageOf(findings, "accounting", "orders")).toBe("4 extracted = 0 filtered + 0 seen before + 1 rejected + 3 loaded")
      expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(["committed", "schema", "rejects"]))
      const { code, stdout } = await shop.lading("audit", loadId)
      expect(code).toBe(0)
      expect(stdout).toMatch(/ok {4}rows +orders +3 rows recounted, as recorded/)
      expect(stdout).toContain("the load is there as it was recorded")
    })

    it("knows no other load", async () => {
      const { code, stdout, stderr } = await shop.lading("audit", "1.5")
      expect(code).toBe(1)
      expect(stdout).toContain("load 1.5 is not in this dataset")
      expect(stderr).toContain("error audit-failed:")
    })

    it.each([
      ["rows", "orders", "DELETE FROM shop_data.orders WHERE id = 3", "2 rows recounted, but 3 were recorded"],
      [
        "rows",
        "orders",
        "INSERT INTO shop_data.orders SELECT * FROM shop_data.orders WHERE id = 1",
        "1 of 3 rows have the row id of another one",
      ],
      ["children", "orders__items", "DELETE FROM shop_data.orders WHERE id = 1", "rows have no parent in orders"],
      ["rejects", undefined, "DELETE FROM shop_data._lading_rejects", "0 rejected rows are kept, but 1 were recorded"],
      ["schema", undefined, `UPDATE shop_data._dlt_version SET "schema" = replace("schema", '"text"', '"json"')`, "the load names"],
      ["accounting", "orders", "UPDATE shop_data._lading_load_tables SET extracted = 9 WHERE table_name = 'orders'", "9 extracted, but"],
      ["rows", "orders__items", "DROP TABLE shop_data.orders__items", "the table is not there"],
    ])("finds what was changed behind its back: %s of %s by %s", async (check, name, sql, message) => {
      await tamper(shop, sql)
      const { code, holds, findings } = await auditOf(shop, loadId)
      expect([code, holds]).toEqual([1, false])
      const broken = findings.filter((one) => !one.holds && one.check === check && one.table === name)
      expect(broken.map((one) => one.message)).toEqual([expect.stringContaining(message)])
    })
  })
})
