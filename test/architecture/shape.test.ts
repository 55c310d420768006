import { existsSync } from "node:fs"
import { basename, join } from "node:path"
import { describe, expect, it } from "vitest"
import { plugins, publishedPackages, readText, root } from "./support/workspace.ts"

const workspace = JSON.parse(readText("package.json"))
const changesets = JSON.parse(readText(".changeset/config.json"))

describe.each(publishedPackages().map((one) => [one.manifest.name, one] as const))("the package %s", (name, { folder, manifest }) => {
  it("has a README that starts with its name and shows how to use it", () => {
    expect(existsSync(join(root, folder, "README.md"))).toBe(true)
    const text = readText(`${folder}/README.md`)
    expect(text.split("\n")[0]).toContain(name)
    expect(text).toContain("```")
  })

  it("says what it is, under which license and on which Node it runs", () => {
    expect(manifest.description).toMatch(/\S/)
    expect(manifest.license).toBe("Apache-2.0")
    expect(manifest.type).toBe("module")
    expect(manifest.engines?.node).toBe(workspace.engines.node)
  })

  it("publishes its build and its README, and offers the sources only to this workspace", () => {
    expect(manifest.private).toBeUndefined()
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "README.md"]))
    const entry = manifest.exports?.["."] ?? {}
    expect(Object.keys(entry)).toEqual(["@lading/source", "types", "default"])
    expect(entry["@lading/source"]).toBe("./src/index.ts")
    expect(existsSync(join(root, folder, "src/index.ts"))).toBe(true)
  })

  it("has a version of its own", () => {
    const tied = [...changesets.fixed, ...changesets.linked].flat()
    expect(tied).not.toContain(name)
    expect(changesets.ignore).not.toContain(name)
  })
})

describe.each(plugins().map((one) => [one.manifest.name, one] as const))("the plugin %s", (name, { folder, role, manifest }) => {
  it("carries a manifest field that agrees with its name", () => {
    expect(manifest.lading).toEqual({ kind: role, name: basename(folder), spec: 1 })
    expect(name).toBe(`@lading/${role}-${basename(folder)}`)
    expect(manifest.keywords).toEqual(expect.arrayContaining(["lading-plugin", `lading-${role}`]))
  })

  it("runs the conformance suite of its kind", () => {
    const path = `${folder}/src/conformance.test.ts`
    expect(existsSync(join(root, path)), path).toBe(true)
    expect(readText(path)).toContain(`test${role.charAt(0).toUpperCase()}${role.slice(1)}(`)
    expect(manifest.devDependencies?.["@lading/testkit"]).toBeDefined()
  })

  it("has a plugin object as its default export", () => {
    expect(readText(`${folder}/src/index.ts`)).toMatch(/export default |export \{[^}]*\bdefault\b[^}]*\}/)
  })
})
