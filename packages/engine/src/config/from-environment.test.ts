import { reveal } from "@lading/core"
import { describe, expect, it } from "vitest"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { fromConfiguration, fromEnvironment } from "./from-environment.ts"

it("a secret from the environment is read when it is needed, and names its variable when that is not set", () => {
  const environment: Record<string, string> = {}
  const password = fromEnvironment("SHOP_PASSWORD", environment)
  expect(() => reveal(password)).toThrow(
    expect.objectContaining({ code: "config-missing", message: "environment variable SHOP_PASSWORD is not set" }),
  )
  environment.SHOP_PASSWORD = "c4n4ry"
  expect(reveal(password)).toBe("c4n4ry")
  expect(`${password}`).toBe("[secret]")
})

describe("a value of the configuration by its name", () => {
  const files = {
    "package.json": {},
    ".lading/secrets.toml": '[sources.github]\ntoken = "from secrets"\n',
    ".lading/config.toml": '[sources.github]\ntoken = "from config"\nretries = 3\nmax_pages = 9\n',
  }

  it.each([
    ["sources.github.token", { SOURCES__GITHUB__TOKEN: "from env" }, "from env"],
    ["sources.github.token", {}, "from secrets"],
    ["sources.github.retries", {}, "3"],
    ["sources.github.maxPages", {}, "9"],
  ])("%s comes from the environment, then secrets.toml, then config.toml: %j", (name, environment, value) => {
    const one = fromConfiguration(name, { environment: environment as Record<string, string>, baseDirectory: makeProject(files) })
    expect(`${one}`).toBe("[secret]")
    expect(reveal(one)).toBe(value)
  })

  it("is not looked for before it is needed, and then every place is told", async () => {
    const baseDirectory = makeProject(files)
    const one = fromConfiguration("sources.github.apiKey", { environment: {}, baseDirectory })
    expect(await errorOf(() => reveal(one))).toMatchObject({
      code: "config-missing",
      details: {
        places: [
          "environment variable SOURCES__GITHUB__API_KEY",
          `${baseDirectory}/.lading/secrets.toml sources.github.apiKey`,
          `${baseDirectory}/.lading/config.toml sources.github.apiKey`,
        ],
      },
    })
  })

  it("is one value, not a table", async () => {
    const one = fromConfiguration("sources.github", { environment: {}, baseDirectory: makeProject(files) })
    expect(await errorOf(() => reveal(one))).toMatchObject({ code: "config-invalid" })
  })
})
