import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type PostgresServer, readAll, startPostgres } from "@lading/testkit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { environment } from "./testing/environment.ts"
import type { TlsMode, TlsOptions } from "./tls.ts"

const certificate = new URL("../test/fixtures/server.crt", import.meta.url)
const caFile = fileURLToPath(certificate)
let fixture: Fixture
let server: PostgresServer
beforeAll(async () => {
  fixture = await createFixture()
  server = await startPostgres({
    environment,
    settings: { ssl: "on" },
    files: {
      "server.crt": readFileSync(certificate, "utf8"),
      "server.key": readFileSync(new URL("../test/fixtures/server.key", import.meta.url), "utf8"),
    },
  })
})
afterAll(async () => {
  await fixture.dispose()
  await server.remove()
})

/** Whether the connection is encrypted. */
async function isEncrypted(tls: TlsMode | TlsOptions, host: string): Promise<unknown> {
  const { port, user, password, database } = server
  const session = await fixture.open({ host, port, user, password, database, tls })
  const { rows } = await readAll(session, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
  await session.close()
  return rows[0]?.[0]
}

test.each<readonly [TlsMode | TlsOptions, string, boolean]>([
  ["disable", "127.0.0.1", false],
  ["prefer", "127.0.0.1", true],
  ["require", "127.0.0.1", true],
  [{ mode: "verify-ca", caFile }, "127.0.0.1", true],
  [{ mode: "verify-full", caFile }, "localhost", true],
])("TLS mode %j to %s: encrypted %s", async (tls, host, expected) => {
  expect(await isEncrypted(tls, host)).toBe(expected)
})

test.each<readonly [TlsMode | TlsOptions, string, string]>([
  ["verify-full", "localhost", "connection-failed"],
  ["verify-ca", "localhost", "connection-failed"],
  [{ mode: "verify-full", caFile }, "127.0.0.1", "connection-failed"],
  [{ mode: "require", caFile: "missing.pem" }, "localhost", "invalid-options"],
])("TLS mode %j to %s is refused with %s", async (tls, host, code) => {
  await expect(isEncrypted(tls, host)).rejects.toMatchObject({ code })
})

test("a server without TLS is refused by require, and taken by prefer", async () => {
  await expect(fixture.open({ tls: "require" })).rejects.toMatchObject({ code: "connection-failed" })
  const session = await fixture.open({ tls: "prefer" })
  expect((await readAll(session, "SELECT 1")).rows).toEqual([[1]])
})
