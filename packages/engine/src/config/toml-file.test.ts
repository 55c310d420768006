import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { readTomlFile } from "./toml-file.ts"

const read = (folder: string) => readTomlFile(folder, ".lading/secrets.toml")

describe("a TOML file", () => {
  it("is found from the folder upwards to the package's root", () => {
    const folder = makeProject({ "package.json": {}, ".lading/secrets.toml": "a = 1", "src/deep/.keep": "" })
    expect(read(join(folder, "src", "deep"))).toEqual({
      place: join(folder, ".lading/secrets.toml"),
      path: join(folder, ".lading/secrets.toml"),
      values: { a: 1 },
    })
    const inner = makeProject({ ".lading/secrets.toml": "a = 1", "app/package.json": {} })
    expect(read(join(inner, "app"))).toEqual({
      place: `.lading/secrets.toml (there is none in ${join(inner, "app")})`,
      path: undefined,
      values: {},
    })
  })

  it("has tables, lists, exact integers, and dates as their text", () => {
    const text = '\uFEFF[a.b]\nlist = ["x", 1]\nbig = 9007199254740993\non = 2024-02-29\nat = 2024-02-29T12:00:00Z\n"__proto__" = 1\n'
    const { values } = read(makeProject({ ".lading/secrets.toml": text }))
    const table = { list: ["x", 1], big: 9007199254740993n, on: "2024-02-29", at: "2024-02-29T12:00:00.000Z" }
    expect(values).toMatchObject({ a: { b: table } })
    expect(Object.hasOwn((values.a as { b: object }).b, "__proto__")).toBe(true)
  })

  it.each([
    ["no value", "[a]\npassword = c4n4ry\n", "2:12"],
    ["an unclosed text", '[a]\n\npassword = "c4n4ry\n', "3:20"],
    ["a key that is there twice", 'a = "c4n4ry"\na = "c4n4ry"\n', "2:1"],
    ["no TOML at all", "c4n4ry", "1:7"],
  ])("with %s is refused with file, line and column, and without its text", async (_name, text, place) => {
    const folder = makeProject({ ".lading/secrets.toml": text })
    const error = await errorOf(() => read(folder))
    const [file = "", line] = [join(folder, ".lading/secrets.toml"), place.split(":")[0]]
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringMatching(new RegExp(`^${file}:${line}:\\d+: \\w`)) })
    expect([error.message, error.hint, error.stack, JSON.stringify(error), String(error.cause)].join()).not.toContain("c4n4ry")
  })

  it("that cannot be read is an error", async () => {
    const folder = makeProject()
    mkdirSync(join(folder, ".lading/secrets.toml"), { recursive: true })
    expect(await errorOf(() => read(folder))).toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining("cannot be read (EISDIR)"),
    })
  })
})
