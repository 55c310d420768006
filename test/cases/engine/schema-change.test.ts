import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { changeLog, resource, type SchemaChangeNotice, slack, webhook } from "@lading/engine"
import { describe, expect, it, onTestFinished } from "vitest"
import { createPostgresTarget } from "../support/postgres-target.ts"
import { createTarget, makeFolder } from "../support/target.ts"

/** A server that keeps what is posted to it and answers with `status`. */
async function listen(status: number): Promise<{ readonly url: string; readonly bodies: unknown[] }> {
  const bodies: unknown[] = []
  const server = createServer(async (request, response) => {
    let text = ""
    for await (const chunk of request) text += String(chunk)
    bodies.push(JSON.parse(text))
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies }
}

const players = (rows: readonly unknown[]) => resource("players", { owner: "league-office" }, [rows])

describe("a load that changes the schema", () => {
  it("tells every sink what changed, whose it is, and since which load", async () => {
    const hook = await listen(200)
    const room = await listen(200)
    const log = join(makeFolder(), "changes.ndjson")
    const target = createTarget({ onSchemaChange: [webhook(hook.url), slack(room.url), changeLog(log)] })
    const first = await target.pipeline.run(players([{ id: 1 }]))
    const second = await target.pipeline.run(players([{ id: 2, note: "<new>" }]))
    expect(second.warnings).toEqual([])
    expect(hook.bodies[1]).toMatchObject({
      pipeline: "case",
      loadId: second.loadId,
      sinceLoadId: first.loadId,
      changes: [{ kind: "column-added", table: "players", column: "note", after: "text", resource: "players", owner: "league-office" }],
      text: expect.stringContaining("+ players.note text from players (league-office)"),
    })
    expect(room.bodies[1]).toMatchObject({ text: expect.stringContaining("players.note"), mrkdwn: true })
    const [, last = ""] = readFileSync(log, "utf8").trim().split("\n")
    expect((JSON.parse(last) as SchemaChangeNotice).sinceLoadId).toBe(first.loadId)
  })

  it("is committed whatever becomes of the message, and the receipt says so", async () => {
    const broken = await listen(500)
    const target = createTarget({
      onSchemaChange: [
        webhook(broken.url),
        () => {
          throw new Error("nobody listens")
        },
      ],
    })
    const receipt = await target.pipeline.run(players([{ id: 1 }]))
    expect(receipt.status).toBe("committed")
    expect(receipt.warnings.join("\n")).toMatch(/answered 500[\s\S]*nobody listens/)
    expect(await target.read("select id from players")).toEqual([{ id: 1 }])
  })

  it("says nothing when the schema stays as it is", async () => {
    const notices: SchemaChangeNotice[] = []
    const target = createTarget({ onSchemaChange: (notice) => void notices.push(notice) })
    await target.pipeline.run(players([{ id: 1 }]))
    await target.pipeline.run(players([{ id: 2 }]))
    expect(notices).toHaveLength(1)
  })
})

describe("the table of schema changes", () => {
  it.each([
    ["DuckDB", async () => createTarget()],
    ["PostgreSQL", createPostgresTarget],
  ] as const)("holds each change of a committed load as a row, on %s", async (_, create) => {
    const { pipeline, read } = await create()
    await pipeline.run(players([{ id: 1, tags: ["a"] }]))
    const second = await pipeline.run(players([{ id: 2, note: "x", score: 0.5 }]))
    await pipeline.run(players([{ id: 3 }]))
    const rows: readonly Record<string, unknown>[] = await read("select load_id, changes from _lading_schema_changes order by load_id")
    const changes = rows.map(({ load_id, changes: text }) => ({ isSecond: load_id === second.loadId, changes: JSON.parse(String(text)) }))
    const kinds = changes.map(({ isSecond, changes: [{ kind, table, column }] }) => [isSecond, kind, table, column])
    expect(kinds.sort()).toEqual([
      [false, "table-added", "players", undefined],
      [false, "table-added", "players__tags", undefined],
      [true, "column-added", "players", "note"],
      [true, "column-added", "players", "score"],
    ])
    expect(second.schemaChanges).toEqual(changes.filter(({ isSecond }) => isSecond).map(({ changes: [change] }) => change))
  })
})
