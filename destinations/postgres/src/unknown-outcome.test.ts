import { type DestinationSession, onFault } from "@lading/core"
import { begin, defineState, defineTable, load, type ProxyAction, readAll, sealOf, startTcpProxy, type TcpProxy } from "@lading/testkit"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { ask, testServer } from "../test/server.ts"

let fixture: Fixture
let proxy: TcpProxy
beforeEach(async () => {
  fixture = await createFixture()
  proxy = await startTcpProxy(await testServer())
})
afterEach(async () => {
  onFault(undefined)
  await fixture.dispose()
  await proxy.close()
})

const things = defineTable("things", { a: "bigint" })
const seal = async (loadId = "1") =>
  sealOf(loadId, [things], [await fixture.part(things, [{ a: 1 }, { a: 2 }])], { state: defineState("s1", 1, "p") })

/** Does something to the next COMMIT of a load, once. */
function meddle(action: ProxyAction): void {
  onFault((point) => {
    if (point !== "publish.before-commit") return
    onFault(undefined)
    proxy.decide = (bytes) => {
      if (!bytes.includes("COMMIT\0")) return "pass"
      proxy.decide = undefined
      return action
    }
  })
}

async function expectOnce(session: DestinationSession): Promise<void> {
  expect((await readAll(session, "SELECT count(*), count(DISTINCT a) FROM things")).rows).toEqual([[2, 2]])
  expect((await readAll(session, "SELECT load_id FROM _dlt_loads")).rows).toEqual([["1"]])
  expect((await session.snapshot()).state?.version_hash).toBe("s1")
  const left = await ask("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename LIKE '%stage%'", [fixture.dataset])
  expect(left).toEqual([])
}

test.each<ProxyAction>(["lose-answer", "cut", "strand"])(
  "a COMMIT whose connection breaks (%s) ends with the load there once",
  async (action) => {
    const session = await fixture.open({ port: proxy.port })
    meddle(action)
    const result = await load(session, await seal())
    expect(result).toEqual({ status: "committed", tables: { things: { loaded: 2, inserted: 2 } } })
    await expectOnce(session)
  },
)

test.each<ProxyAction>(["lose-answer", "cut", "strand"])("so it does when there were rows before (%s)", async (action) => {
  const session = await fixture.open({ port: proxy.port })
  await load(session, sealOf("0", [things], [await fixture.part(things, [{ a: 0 }])]))
  meddle(action)
  await load(session, await seal())
  expect((await readAll(session, "SELECT a FROM things ORDER BY a")).rows).toEqual([[0], [1], [2]])
})

test("a connection that breaks before the COMMIT makes the whole transaction run again", async () => {
  const session = await fixture.open({ port: proxy.port })
  const { writer, epoch } = await begin(session, "1")
  const sealed = await seal()
  for (const part of sealed.parts) await writer.stage(part, { things })
  let isCut = false
  proxy.decide = (bytes) => {
    if (isCut || !bytes.includes("_dlt_loads")) return "pass"
    isCut = bytes.includes("INSERT INTO")
    return isCut ? "cut" : "pass"
  }
  expect((await writer.commit({ ...sealed, epoch })).status).toBe("committed")
  expect(isCut).toBe(true)
  await expectOnce(session)
})

test("a connection that breaks in the middle of COPY fails the load, and the same load loads once afterwards", async () => {
  const session = await fixture.open({ port: proxy.port })
  const large = sealOf(
    "1",
    [things],
    [
      await fixture.part(
        things,
        Array.from({ length: 50_000 }, (_, a) => ({ a })),
      ),
    ],
  )
  let seen = 0
  proxy.decide = (bytes) => {
    if (seen === 0 && !bytes.includes("COPY ")) return "pass"
    seen += bytes.length
    return seen > 400_000 ? "cut" : "pass"
  }
  await expect(load(session, large)).rejects.toMatchObject({ code: "connection-failed", retryable: true })
  proxy.decide = undefined
  expect((await load(session, large)).status).toBe("committed")
  expect((await readAll(session, "SELECT count(*), count(DISTINCT a) FROM things")).rows).toEqual([[50_000, 50_000]])
})

test("a server that stays away fails the commit, and the load is found undone", async () => {
  const session = await fixture.open({ port: proxy.port })
  const sealed = await seal()
  onFault((point) => {
    if (point === "publish.before-commit") proxy.down()
  })
  await expect(load(session, sealed)).rejects.toMatchObject({ code: "connection-failed", retryable: true })
  onFault(undefined)
  proxy.up()
  expect(await session.committedLoads(["1"])).toEqual(new Set())
  expect((await load(session, sealed)).status).toBe("committed")
})

test("a session whose own connection broke connects again", async () => {
  const session = await fixture.open({ port: proxy.port })
  await load(session, await seal())
  proxy.down()
  await expect(session.committedLoads(["1"])).rejects.toMatchObject({ code: "connection-failed" })
  proxy.up()
  expect(await session.committedLoads(["1"])).toEqual(new Set(["1"]))
})
