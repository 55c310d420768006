import { resolve } from "node:path"
import { isSecret, reveal, secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { postgres } from "./destination.ts"
import { fromLibpqVariables } from "./libpq-variables.ts"
import type { PostgresOptions } from "./options.ts"

const request = { dataset: "shop_data", baseDirectory: "/data" }
const profileOf = (options: Parameters<typeof postgres>[0]) => postgres(options).dbtProfile?.(request)

/** The settings of a profile, with the password as it is. */
function settingsOf(options: Parameters<typeof postgres>[0]): Record<string, unknown> {
  const { password, ...settings } = profileOf(options)?.settings ?? {}
  expect(isSecret(password)).toBe(true)
  return { ...settings, password: isSecret(password) ? reveal(password) : undefined }
}

const expected = {
  host: "db",
  port: 6543,
  user: "ana",
  dbname: "shop",
  schema: "shop_data",
  password: "p@ss",
  sslmode: "require",
  connect_timeout: 15,
}

describe("dbt reaches the dataset by the address and the credentials of the destination", () => {
  it.each<readonly [string, string | PostgresOptions | ReturnType<typeof secret>]>([
    ["a connection string", "postgres://ana:p%40ss@db:6543/shop?sslmode=require"],
    ["a secret connection string", secret("postgres://ana:p%40ss@db:6543/shop?sslmode=require")],
    ["single options", { host: "db", port: 6543, user: "ana", password: secret("p@ss"), database: "shop", tls: "require" }],
    [
      "single options beside a connection string",
      { connectionString: "postgres://ana:other@db/shop", port: 6543, password: "p@ss", tls: "require" },
    ],
    [
      "libpq's variables",
      fromLibpqVariables({ PGHOST: "db", PGPORT: "6543", PGUSER: "ana", PGPASSWORD: "p@ss", PGDATABASE: "shop", PGSSLMODE: "require" }),
    ],
  ])("from %s", (_what, options) => {
    expect(profileOf(options)?.type).toBe("postgres")
    expect(settingsOf(options)).toEqual(expected)
  })

  it("with the defaults of the destination where nothing is said, and an empty password where there is none", () => {
    expect(settingsOf({ user: "ana" })).toMatchObject({ host: "localhost", port: 5432, dbname: "ana", sslmode: "prefer", password: "" })
    expect(settingsOf("postgres://ana@%2Fvar%2Frun/shop")).toMatchObject({ host: "/var/run" })
  })

  it("with a time-out in whole seconds, rounded up; zero is none for both", () => {
    expect(settingsOf({ user: "ana", connectTimeoutMs: 1_200 })).toMatchObject({ connect_timeout: 2 })
    expect(settingsOf({ user: "ana", connectTimeoutMs: 0 })).toMatchObject({ connect_timeout: 0 })
  })
})

describe("TLS of the profile", () => {
  it("has the mode, and files as seen from the folder of the pipeline", () => {
    const tls = { mode: "verify-full", caFile: "ca.pem", certificateFile: "client.pem", keyFile: "/keys/client.key" } as const
    expect(settingsOf({ user: "ana", tls })).toMatchObject({
      sslmode: "verify-full",
      sslrootcert: resolve("/data", "ca.pem"),
      sslcert: resolve("/data", "client.pem"),
      sslkey: resolve("/keys/client.key"),
    })
  })

  it.each(["verify-ca", "verify-full"] as const)("that checks certificates (%s) needs to know whom to trust", (tls) => {
    expect(() => profileOf({ user: "ana", tls })).toThrow(
      expect.objectContaining({ code: "dbt-profile", hint: expect.stringContaining("caFile") }),
    )
  })
})

it("shows the password in nothing that is printed", () => {
  const profile = profileOf("postgres://ana:canary@db/shop")
  expect(`${JSON.stringify(profile)}${String(profile?.settings.password)}`).not.toContain("canary")
})
