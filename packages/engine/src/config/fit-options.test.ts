import { type StandardSchema, secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { errorOf } from "../testing/make-project.ts"
import { fitOptions } from "./fit-options.ts"
import type { Layer } from "./layers.ts"

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === "string"
const isNumber: Check = (value) => typeof value === "number"

/** A schema of flat rules that quotes what it was given, as some validators do. */
function schema(rules: Readonly<Record<string, Check>>, root: readonly unknown[] | undefined = undefined): StandardSchema<unknown> {
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => {
        const values = value as Record<string, unknown>
        const wrong = Object.keys(rules).filter((name) => rules[name]?.(values[name]) !== true)
        if (wrong.length === 0) return { value }
        return { issues: wrong.map((name) => ({ message: `wrong (was ${JSON.stringify(values[name])})`, path: root ?? [{ key: name }] })) }
      },
    },
  }
}

const layer = (source: Layer["source"], values: unknown): Layer => ({ source, values, place: (path) => `${source} ${path.join(".")}` })

describe("options from several places", () => {
  it("come from the first place that has them, record by record", async () => {
    const layers = [
      layer("options", { a: 1, nested: { x: "options" }, gone: undefined, nothing: null }),
      layer("environment", { a: "2", nested: { x: "env", y: "env" }, gone: "env", nothing: "env" }),
      layer("file", { nested: { z: [1], x: "file" }, list: [1, 2] }),
    ]
    expect(await fitOptions("test", schema({}), layers)).toEqual({
      a: 1,
      nested: { x: "options", y: "env", z: [1] },
      gone: "env",
      nothing: null,
      list: [1, 2],
    })
  })

  it("keep secrets, instances and lists whole", async () => {
    const password = secret("c4n4ry")
    const at = new Date(0)
    const values = (await fitOptions("test", schema({}), [
      layer("options", { password, at }),
      layer("file", { password: { a: 1 }, at: { b: 1 } }),
    ])) as {
      password: unknown
      at: unknown
    }
    expect([values.password, values.at]).toEqual([password, at])
    expect(values.password).toBe(password)
  })

  it("are given as texts from the environment, and as what they mean only where a text is refused", async () => {
    const environment = layer("environment", { password: "12345", port: "5432", list: '["a"]' })
    const rules = { password: isText, port: isNumber, list: Array.isArray }
    expect(await fitOptions("test", schema(rules), [environment])).toEqual({ password: "12345", port: 5432, list: ["a"] })
  })

  it("are all tried as what they mean when the schema cannot say which one is wrong", async () => {
    expect(await fitOptions("test", schema({ port: isNumber }, []), [layer("environment", { port: "1" })])).toEqual({ port: 1 })
  })

  it("from code and file are never coerced", async () => {
    expect((await errorOf(() => fitOptions("test", schema({ port: isNumber }), [layer("file", { port: "1" })]))).code).toBe(
      "config-invalid",
    )
  })

  it("that nobody gives fail with every place in order", async () => {
    const error = await errorOf(() =>
      fitOptions("test", schema({ port: isNumber }), [layer("options", {}), layer("environment", { a: "x" }), layer("file", {})]),
    )
    expect(error).toMatchObject({
      code: "config-missing",
      hint: "give it in one of these places, for example options port",
      details: { options: ["port"], places: ["options port", "environment port", "file port"] },
    })
    expect(error.message).toBe(
      "test: port is missing: wrong (was undefined)\n  looked at, in order:\n    options port\n    environment port\n    file port",
    )
  })

  it("that do not fit fail with the place they were found in, and without the value", async () => {
    const layers = [layer("environment", { port: "c4n4ry-of-env" }), layer("file", { port: "c4n4ry-of-file" })]
    const error = await errorOf(() => fitOptions("test", schema({ port: isNumber }), layers))
    expect(error).toMatchObject({ code: "config-invalid", hint: "correct it: environment port" })
    expect(error.message).toContain('port is not valid: wrong (was "[value]")')
    expect(error.message).toContain("environment port   <- found here")
    expect(JSON.stringify(error) + error.message + error.hint).not.toContain("c4n4ry")
  })

  it("never show a value that a validator quotes, be it nested, coerced or a secret of another option", async () => {
    const quoting = (text: string): StandardSchema => ({
      "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: `not ${text}`, path: ["a"] }] }) },
    })
    const places = [
      layer("options", { a: { deep: ["c4n4ry-list"] }, other: secret("c4n4ry-secret") }),
      layer("environment", { b: '{"inner":"c4n4ry-json"}' }),
    ]
    for (const text of ["c4n4ry-list", "c4n4ry-secret", '{"inner":"c4n4ry-json"}']) {
      expect((await errorOf(() => fitOptions("test", quoting(text), places))).message).not.toContain("c4n4ry")
    }
  })
})
