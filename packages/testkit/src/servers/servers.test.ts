import { connect } from "node:net"
import { expect, test } from "vitest"
import { sharedPostgres } from "./postgres.ts"
import { startTcpProxy } from "./tcp-proxy.ts"

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f])

/** Sends a request for TLS; resolves to the answer, or to undefined when the connection was cut in place of one. */
function ask(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(sslRequest))
    socket.once("data", (bytes) => {
      resolve(bytes.toString("latin1"))
      socket.destroy()
    })
    socket.once("error", () => resolve(undefined))
    socket.once("close", () => resolve(undefined))
  })
}

test("a real PostgreSQL answers, and is the same for all who ask in this process", async () => {
  const server = await sharedPostgres(process.env)
  expect(await ask(server.port)).toMatch(/^[NS]/)
  expect(await sharedPostgres({})).toBe(server)
  expect(server.url).toContain(`:${server.port}/`)
})

test("a proxy passes everything on, until it is told to cut, to lose an answer, or to be down", async () => {
  const proxy = await startTcpProxy(await sharedPostgres(process.env))
  expect(await ask(proxy.port)).toMatch(/^[NS]/)
  for (const action of ["cut", "lose-answer", "strand"] as const) {
    proxy.decide = () => action
    expect(await ask(proxy.port), action).toBeUndefined()
  }
  proxy.decide = undefined
  proxy.down()
  expect(await ask(proxy.port)).toBeUndefined()
  proxy.up()
  expect(await ask(proxy.port)).toMatch(/^[NS]/)
  expect(proxy.connectionCount).toBe(5)
  await proxy.close()
})
