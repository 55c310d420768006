import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { decimal, isLadingError, LadingError, pipeline, resource, wei } from "./index.ts"

describe("the library", () => {
  it("offers what a pipeline file needs under one name", () => {
    expect([pipeline, resource, decimal, wei].map((one) => typeof one)).toEqual(["function", "function", "function", "function"])
    expect(isLadingError(new LadingError({ code: "a", message: "b" }))).toBe(true)
  })

  it("does not load the parts of the command", () => {
    const text = readFileSync(new URL("index.ts", import.meta.url), "utf8")
    const imported = [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1])
    expect(imported).toEqual(["@lading/core", "@lading/engine"])
  })
})
