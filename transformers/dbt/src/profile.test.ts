import { secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { writeProfile } from "./profile.ts"
import { createScrub } from "./scrub.ts"

const password = "p{{ 1/0 }}{% raw %}w$HOME'\"#:@%41"

describe("a profile", () => {
  it("for DuckDB holds path, schema and threads", () => {
    const profile = { type: "duckdb", settings: { path: "/data/a b.duckdb", schema: "player_data" } }
    expect(JSON.parse(writeProfile(profile, { target: "lading", threads: 3 }).text)).toEqual({
      lading: {
        target: "lading",
        outputs: { lading: { type: "duckdb", path: "/data/a b.duckdb", schema: "player_data", threads: 3 } },
      },
    })
  })

  it("for PostgreSQL refers to the password by an environment variable, and holds no part of it", () => {
    const settings = { host: "localhost", port: 5432, user: "ana", dbname: "shop", schema: "shop_data", password: secret(password) }
    const { text, variables, secrets } = writeProfile({ type: "postgres", settings }, { target: "prod", threads: 4 })
    const { outputs } = JSON.parse(text).lading
    expect(outputs.prod).toMatchObject({
      type: "postgres",
      host: "localhost",
      port: 5432,
      user: "ana",
      dbname: "shop",
      schema: "shop_data",
      password: "{{ env_var('DBT_ENV_SECRET_LADING_PASSWORD') }}",
    })
    expect(variables).toEqual({ DBT_ENV_SECRET_LADING_PASSWORD: password })
    expect(secrets).toEqual([password])
    for (let start = 0; start + 6 <= password.length; start += 1) expect(text).not.toContain(password.slice(start, start + 6))
  })

  it.each(["a{{ b }}", "{% raw %}", "{# note"])("keeps the text %s from being rendered", (user) => {
    const { text, variables } = writeProfile({ type: "postgres", settings: { user } }, { target: "lading", threads: 1 })
    expect(text).not.toContain(user)
    expect(variables).toEqual({ LADING_DBT_USER: user })
  })

  it("writes models to another schema where that is asked for", () => {
    const { text } = writeProfile({ type: "duckdb", settings: { schema: "raw" } }, { target: "lading", threads: 1, schema: "marts" })
    expect(JSON.parse(text).lading.outputs.lading.schema).toBe("marts")
  })
})

describe("scrubbing", () => {
  it.each([
    ["as it is", `login with ${password} failed`],
    ["as JSON", JSON.stringify({ password })],
    ["in an address", `postgres://ana:${encodeURIComponent(password)}@localhost/shop`],
  ])("removes a secret %s", (_form, text) => {
    const scrubbed = createScrub([password])(text)
    expect(scrubbed).toContain("[secret]")
    expect(scrubbed).not.toContain("1/0")
  })

  it("leaves texts alone in which very short secrets happen to stand", () => {
    expect(createScrub(["a", ""])("a banana")).toBe("a banana")
  })
})
