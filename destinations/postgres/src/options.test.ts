import { secret } from "@lading/core"
import { expect, test } from "vitest"
import { parseConnectionString } from "./connection-string.ts"
import { postgres } from "./destination.ts"
import { fromLibpqVariables } from "./libpq-variables.ts"
import { optionsSchema, type PostgresOptions } from "./options.ts"
import { resolveSettings } from "./settings.ts"

test.each([
  ["postgres://u@h/d", { user: "u", host: "h", database: "d" }],
  ["postgresql://u:p%40%2F@h:6543/d%20b", { user: "u", password: "p@/", host: "h", port: 6543, database: "d b" }],
  ["postgres://u@[::1]:5433/d", { user: "u", host: "::1", port: 5433, database: "d" }],
  ["postgres://u@%2Fvar%2Frun/d", { user: "u", host: "/var/run", database: "d" }],
  ["postgres:///d?host=/var/run&user=u", { user: "u", host: "/var/run", database: "d" }],
  ["postgres://u@/d", { user: "u", database: "d" }],
  ["postgres://h?dbname=d&user=u&password=x&port=1", { host: "h", user: "u", password: "x", database: "d", port: 1 }],
  [
    "postgres://u@h/d?sslmode=verify-full&sslrootcert=ca.pem",
    { user: "u", host: "h", database: "d", tls: { mode: "verify-full", caFile: "ca.pem" } },
  ],
  [
    "postgres://u@h/d?connect_timeout=3&application_name=x",
    { user: "u", host: "h", database: "d", connectTimeoutMs: 3_000, applicationName: "x" },
  ],
])("%s", (text, expected) => {
  expect(parseConnectionString(text)).toEqual(expected)
})

test.each([
  ["mysql://u@h/d", "postgres://"],
  ["h=1 dbname=d", "postgres://"],
  ["postgres://u:50%@h/d", "percent-encoded"],
  ["postgres://u@h/d?sslmode=maybe", "sslmode"],
  ["postgres://u@h/d?nonsense=1", "nonsense"],
  ["postgres://u@h1,h2/d", "several hosts"],
])("%s is refused in words that do not repeat it", (text, word) => {
  const problem = parseConnectionString(text)
  expect(problem).toContain(word)
  expect(problem).not.toContain("u:50")
  expect(() => postgres(text)).toThrow(expect.objectContaining({ code: "invalid-options" }))
})

test("single options go before the connection string, which goes before defaults", () => {
  const settings = resolveSettings({ connectionString: "postgres://u:p@h:1/d", host: "other", password: secret("q") }, ".")
  expect(settings).toMatchObject({ host: "other", port: 1, database: "d", user: "u", tls: { mode: "prefer" }, lockTimeoutMs: 60_000 })
  expect(settings.password()).toBe("q")
  expect(resolveSettings({ user: "u" }, ".")).toMatchObject({ host: "localhost", port: 5432, database: "u" })
})

test("a password is nowhere in what a destination shows", () => {
  const destination = postgres("postgres://u:canary@h/d")
  expect(destination.location).toBe("h:5432/d")
  expect(JSON.stringify(destination)).not.toContain("canary")
  expect(postgres(secret("postgres://u:canary@h/d")).location).toBe("h:5432/d")
})

test("libpq's variables become options when they are handed over", () => {
  const options = fromLibpqVariables({
    PGHOST: "h",
    PGPORT: "6543",
    PGDATABASE: "d",
    PGUSER: "u",
    PGPASSWORD: "p",
    PGSSLMODE: "require",
    HOME: "/x",
  })
  expect(options).toMatchObject({ host: "h", port: 6543, database: "d", user: "u", tls: { mode: "require" } })
  expect(JSON.stringify(options)).not.toContain('"p"')
  expect(resolveSettings(options, ".").password()).toBe("p")
  expect(fromLibpqVariables({})).toEqual({})
})

test("dlt's names of its section `credentials` are understood", () => {
  const { value } = optionsSchema["~standard"].validate({
    ...{ drivername: "postgresql", username: "loader", host: "h", port: 6543, database: "d", connectTimeout: 7 },
  }) as { value: PostgresOptions }
  expect(resolveSettings(value, ".")).toMatchObject({ user: "loader", host: "h", port: 6543, database: "d", connectTimeoutMs: 7_000 })
  expect(resolveSettings({ ...value, user: "other" }, ".").user).toBe("other")
})
