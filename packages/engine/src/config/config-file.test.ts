import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { readConfigFile } from "./config-file.ts"

const typescript =
  'interface Options { path: string }\nconst duckdb: Options = { path: "from.ts" }\nexport default { destinations: { duckdb } } as const\n'

describe("the configuration file", () => {
  it("is found from the folder upwards to the package's root, in TypeScript and JavaScript", async () => {
    const folder = makeProject({ "package.json": {}, "lading.config.ts": typescript, "src/deep/.keep": "" })
    expect(await readConfigFile(join(folder, "src", "deep"))).toEqual({
      place: join(folder, "lading.config.ts"),
      config: { destinations: { duckdb: { path: "from.ts" } } },
    })
    const javascript = makeProject({ "package.json": {}, "lading.config.mjs": 'export default { dataset: "d" }' })
    expect((await readConfigFile(javascript)).config).toEqual({ dataset: "d" })
  })

  it("is not looked for beyond the package's root", async () => {
    const folder = makeProject({ "lading.config.ts": typescript, "app/package.json": {}, "app/src/.keep": "" })
    const { config, place } = await readConfigFile(join(folder, "app", "src"))
    expect(config).toEqual({})
    expect(place).toBe(`lading.config.ts (there is none in ${join(folder, "app", "src")}, nor in ${join(folder, "app")})`)
  })

  it("counts only in the folder itself where no package is around", async () => {
    const folder = makeProject({ "lading.config.mjs": "export default {}", "inner/.keep": "" })
    expect((await readConfigFile(folder)).place).toBe(join(folder, "lading.config.mjs"))
    expect((await readConfigFile(join(folder, "inner"))).place).toBe(`lading.config.ts (there is none in ${join(folder, "inner")})`)
  })

  it.each([
    ["no default export", "export const a = 1", /has no default export/],
    ["an unknown option", "export default { datset: 1 }", /datset is no option/],
    ["an unknown option of a pipeline", "export default { pipelines: { chess: { datset: 1 } } }", /pipelines\.chess\.datset is no option/],
    ["options that are no object", "export default { destinations: { duckdb: 'c4n4ry' } }", /destinations\.duckdb is no object/],
    ["a section that is no object", "export default { sources: [] }", /sources is no object/],
    ["a pipeline that is no object", "export default { pipelines: { chess: true } }", /pipelines\.chess is no object/],
    ["an exception", 'throw new Error("broken\\nc4n4ry")', /failed while it was loaded: broken$/],
    ["no program", 'const password = "c4n4ry"\nexport default {{', /failed while it was loaded/],
  ])("with %s is refused without quoting it", async (_name, text, message) => {
    for (const name of ["lading.config.mjs", "lading.config.ts"]) {
      const error = await errorOf(() => readConfigFile(makeProject({ [name]: text })))
      expect(error).toMatchObject({ code: "config-invalid", message: expect.stringMatching(message) })
      expect(error.message + String(error.cause)).not.toContain("c4n4ry")
    }
  })
})
