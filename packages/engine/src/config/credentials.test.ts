import { reveal, type Secret, type StandardSchema } from "@lading/core"
import { describe, expect, it } from "vitest"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { pluginLayers, readConfiguration } from "./configuration.ts"
import { credentialsRule } from "./credentials.ts"
import { fitOptions } from "./fit-options.ts"

/** A destination like PostgreSQL: a text is a connection string, unknown options are refused. */
const database: StandardSchema<Record<string, unknown>> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate(value) {
      if (typeof value === "string") return { value: { connectionString: value } }
      const options = { ...(value as object) } as Record<string, unknown>
      const unknown = Object.keys(options).find((name) => !["connectionString", "host", "port", "user", "password"].includes(name))
      if (unknown !== undefined) return { issues: [{ message: "unknown option", path: [unknown] }] }
      for (const name of ["connectionString", "host", "user"])
        if (options[name] !== undefined && typeof options[name] !== "string")
          return { issues: [{ message: "expected a text", path: [name] }] }
      if (options.connectionString === undefined && options.user === undefined)
        return { issues: [{ message: "expected a user", path: ["user"] }] }
      return { value: options }
    },
  },
}

async function optionsFrom(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}, schema = database) {
  const configuration = await readConfiguration(makeProject({ "package.json": {}, ...files }), environment)
  const request = {
    kind: "destination",
    name: "pg",
    pipeline: "shop",
    given: {},
    label: "option",
    credentials: await credentialsRule(schema),
  } as const
  return (await fitOptions("destination pg", schema, await pluginLayers(configuration, request))) as Record<string, unknown>
}

describe("the section credentials of a destination", () => {
  it("holds options, as in dlt's files: secrets stay secrets, the rest is what the destination takes", async () => {
    const options = await optionsFrom({
      ".lading/config.toml": '[destination.pg]\nport = 6543\n[destination.pg.credentials]\nhost = "config"\nuser = "loader"\nport = 1\n',
      ".lading/secrets.toml": '[shop.destination.pg.credentials]\nhost = "secret-host"\npassword = "c4n4ry"\n',
    })
    expect({ ...options, password: undefined }).toEqual({ host: "secret-host", port: 6543, user: "loader", password: undefined })
    expect(`${options.password}`).toBe("[secret]")
    expect(reveal(options.password as Secret)).toBe("c4n4ry")
  })

  it("comes from the environment, too, which goes before files that hold for the same pipelines", async () => {
    const environment = { DESTINATION__PG__CREDENTIALS__USER: "env", DESTINATION__PG__CREDENTIALS__PASSWORD: "123" }
    const files = { ".lading/secrets.toml": '[destination.pg.credentials]\nuser = "file"\n' }
    expect(await optionsFrom(files, environment)).toEqual({ user: "env", password: "123" })
    const own = { ".lading/secrets.toml": '[shop.destination.pg.credentials]\nuser = "file"\n' }
    expect(await optionsFrom(own, environment)).toEqual({ user: "file", password: "123" })
  })

  it("may be one text, for which the destination has options", async () => {
    expect(await optionsFrom({}, { DESTINATION__PG__CREDENTIALS: "pg://u:p@h/d" })).toEqual({ connectionString: "pg://u:p@h/d" })
    const inFile = await optionsFrom({ ".lading/secrets.toml": '[destination.pg]\ncredentials = "pg://u:p@h/d"\n' })
    expect(inFile).toEqual({ connectionString: "pg://u:p@h/d" })
  })

  it("stays what it is where the destination has an option of that name", async () => {
    const own: typeof database = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) => {
          const { credentials = {} } = value as { credentials?: Record<string, unknown> }
          return credentials.token === undefined
            ? { issues: [{ message: "no token", path: ["credentials", "token"] }] }
            : { value: { credentials } }
        },
      },
    }
    expect(await optionsFrom({}, { DESTINATION__PG__CREDENTIALS__TOKEN: "t" }, own)).toEqual({ credentials: { token: "t" } })
  })

  it("is named among the places, and alone where the value was found in it", async () => {
    const missing = await errorOf(() => optionsFrom({}))
    expect(missing.message).toContain("environment variable DESTINATION__PG__USER or DESTINATION__PG__CREDENTIALS__USER")
    expect(missing.message).toContain(") shop.destination.pg.user or shop.destination.pg.credentials.user")
    const wrong = await errorOf(() => optionsFrom({ ".lading/config.toml": "[destination.pg.credentials]\nuser = 7\n" }))
    expect(wrong.hint).toMatch(/^correct it: .*config\.toml destination\.pg\.credentials\.user$/)
  })
})
