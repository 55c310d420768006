import type { Table } from "@lading/core"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture, load, nestedColumns, rootColumns, rows, sealOf, table } from "../test/fixture.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

const orders = table("orders", { id: "bigint", ...rootColumns }, { write_disposition: "replace" })
const lines = table("orders__lines", { sku: "text", ...nestedColumns }, { parent: "orders" })
const taxes = table("orders__lines__taxes", { rate: "double", ...nestedColumns }, { parent: "orders__lines" })
const chain: readonly Table[] = [orders, lines, taxes]

const orderPart = (ids: readonly number[]) =>
  fixture.part(
    "orders",
    { id: "bigint", _dlt_load_id: "text", _dlt_id: "text" },
    ids.map((id) => [id, "1", `o${id}`]),
  )
const nestedTypes = { _dlt_root_id: "text", _dlt_parent_id: "text", _dlt_list_idx: "bigint", _dlt_id: "text" }
const linePart = (ids: readonly number[]) =>
  fixture.part(
    "orders__lines",
    { sku: "text", ...nestedTypes },
    ids.map((id) => [`s${id}`, `o${id}`, `o${id}`, 0, `l${id}`]),
  )
const taxPart = (ids: readonly number[]) =>
  fixture.part(
    "orders__lines__taxes",
    { rate: "double", ...nestedTypes },
    ids.map((id) => [0.5, `o${id}`, `l${id}`, 0, `t${id}`]),
  )

async function firstLoad() {
  const session = await fixture.open()
  await load(session, sealOf("1", chain, [await orderPart([1, 2]), await linePart([1, 2]), await taxPart([1])]))
  return session
}

const counts = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM orders__lines), (SELECT count(*) FROM orders__lines__taxes)"

test("replace empties the whole chain once, also nested tables without new rows", async () => {
  const session = await firstLoad()
  const parts = [await orderPart([3]), await orderPart([4, 5]), await linePart([4])]
  const result = await load(session, sealOf("2", chain, parts))
  expect(await rows(session, counts)).toEqual([[3, 1, 0]])
  expect(result.tables).toEqual({
    orders: { loaded: 3, inserted: 3, deleted: 2 },
    orders__lines: { loaded: 1, inserted: 1, deleted: 2 },
    orders__lines__taxes: { loaded: 0, inserted: 0, deleted: 1 },
  })
})

test("nested tables that become known only with the seal are emptied too", async () => {
  const session = await firstLoad()
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: "2", epoch: lease.epoch })
  const part = await orderPart([9])
  await writer.stage(part, { orders })
  await writer.commit(sealOf("2", chain, [part], { epoch: lease.epoch }))
  expect(await rows(session, counts)).toEqual([[1, 0, 0]])
})

test("readers see the old rows until the commit", async () => {
  const session = await firstLoad()
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: "2", epoch: lease.epoch })
  const part = await orderPart([9])
  await writer.stage(part, { orders, orders__lines: lines, orders__lines__taxes: taxes })
  expect(await rows(session, counts)).toEqual([[2, 2, 1]])
  await writer.commit(sealOf("2", chain, [part], { epoch: lease.epoch }))
  expect(await rows(session, counts)).toEqual([[1, 0, 0]])
})

test("a load without rows leaves the table alone, unless an empty replace was asked for", async () => {
  const session = await firstLoad()
  await load(session, sealOf("2", chain, []))
  expect(await rows(session, counts)).toEqual([[2, 2, 1]])
  await load(session, sealOf("3", chain, [], { emptied: ["orders"] }))
  expect(await rows(session, counts)).toEqual([[0, 0, 0]])
})

test("columns that grow while a replaced table is being filled start the load again, without losing or doubling rows", async () => {
  const session = await firstLoad()
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: "2", epoch: lease.epoch })
  const wider = table("orders", { id: "double", ...rootColumns, note: "text" }, { write_disposition: "replace" })
  const other = table("log", { a: "bigint" })
  const logPart = await fixture.part("log", { a: "bigint" }, [[1], [2]])
  const first = await orderPart([1])
  const second = await fixture.part("orders", { id: "double", _dlt_load_id: "text", _dlt_id: "text", note: "text" }, [[1.5, "1", "x", "n"]])
  await writer.stage(logPart, { log: other })
  await writer.stage(first, { orders, orders__lines: lines })
  await writer.stage(second, { orders: wider, orders__lines: lines })
  await writer.commit(sealOf("2", [wider, lines, taxes, other], [logPart, first, second], { epoch: lease.epoch }))
  expect(await rows(session, "SELECT id, note FROM orders ORDER BY id")).toEqual([
    [1, null],
    [1.5, "n"],
  ])
  expect(await rows(session, "SELECT count(*) FROM log")).toEqual([[2]])
  expect(await rows(session, counts)).toEqual([[2, 0, 0]])
})

test("a column that only the seal brings to a replaced table starts the load again", async () => {
  const session = await firstLoad()
  const lease = await session.takeLease({ owner: "test", takeOver: true })
  const writer = await session.begin({ loadId: "2", epoch: lease.epoch })
  const part = await orderPart([7])
  await writer.stage(part, { orders })
  const wider = table("orders", { id: "bigint", ...rootColumns, note: "text" }, { write_disposition: "replace" })
  await writer.commit(sealOf("2", [wider, lines, taxes], [part], { epoch: lease.epoch }))
  expect(await rows(session, "SELECT id, note FROM orders")).toEqual([[7, null]])
})
