import { describe, expect, it } from "vitest"
import { publicNames } from "./support/exports.ts"
import { codeFiles, publishedPackages, readText } from "./support/workspace.ts"

describe.each(publishedPackages().map((one) => [one.manifest.name, one] as const))("the index of %s", (_name, { folder }) => {
  const path = `${folder}/src/index.ts`

  it("exports something, and every name leads to a declaration with a docstring", () => {
    const names = publicNames(path)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter(({ file }) => file === undefined).map(({ name }) => `${name}: declaration not found`)).toEqual([])
    expect(names.filter(({ documented }) => !documented).map(({ name, file }) => `${name} (${file}): no docstring`)).toEqual([])
  })

  it("lists its names one by one", () => {
    expect(readText(path)).not.toMatch(/^export\s+(type\s+)?\*/m)
  })
})

describe("default exports", () => {
  it("are plugin objects, tool configuration, or pipelines that the command loads", () => {
    const allowed =
      /^(sources|destinations|transformers)\/[^/]+\/src\/(index|plugin)\.ts$|\.config\.ts$|^scripts\/summary-reporter\.ts$|^examples\/|^test\/.*\/pipelines\//
    const found = codeFiles().filter((path) => !allowed.test(path) && /^export\s+(default\b|\{[^}]*\bas default\b)/m.test(readText(path)))
    expect(found).toEqual([])
  })
})

describe("inner barrels", () => {
  it("do not exist: the only index file of a package is the one it publishes", () => {
    const inner = codeFiles().filter((path) => /\/src\/.+\/index\.ts$/.test(path))
    expect(inner).toEqual([])
  })
})
