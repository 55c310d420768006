import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { fault, onFault } from "@lading/core"
import { afterEach, describe, expect, it } from "vitest"
import { faultPoints, installFaults } from "./faults.ts"

afterEach(() => onFault(undefined))

describe("LADING_FAULT", () => {
  it("kills at the point it names, the n-th time, across runs of one process", () => {
    let kills = 0
    const environment = { LADING_FAULT: "package.after-part:3" }
    for (let run = 0; run < 3; run++) {
      installFaults(environment, () => kills++)
      fault("publish.after-commit")
      fault("package.after-part")
      expect(kills).toBe(run === 2 ? 1 : 0)
    }
    fault("package.after-part")
    expect(kills).toBe(1)
  })

  it("means the first time without a number", () => {
    let kills = 0
    installFaults({ LADING_FAULT: "publish.before-commit" }, () => kills++)
    fault("publish.before-commit")
    expect(kills).toBe(1)
  })

  it("does nothing when it is not set", () => {
    let calls = 0
    onFault(() => calls++)
    installFaults({}, () => undefined)
    installFaults({ LADING_FAULT: "" }, () => undefined)
    fault("publish.after-commit")
    expect(calls).toBe(1)
  })

  it.each(["nowhere", "publish.after-commit:0", "publish.after-commit:x", "publish.after-commit:1:2"])("refuses %s", (value) => {
    expect(() => installFaults({ LADING_FAULT: value })).toThrow(expect.objectContaining({ code: "config-invalid" }))
  })
})

describe("the list of fault points", () => {
  it("is that of the source", () => {
    const root = fileURLToPath(new URL("../../../..", import.meta.url))
    const found = ["packages", "sources", "destinations", "transformers"].flatMap((group) => sourcesOf(join(root, group))).flatMap(pointsOf)
    expect([...new Set(found)].sort()).toEqual([...faultPoints].sort())
  })
})

function sourcesOf(folder: string): string[] {
  let entries: ReturnType<typeof listFolder>
  try {
    entries = listFolder(folder)
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ["node_modules", "dist", "testing", "fixtures", "test"].includes(entry.name) ? [] : sourcesOf(path)
    return /\.ts$/.test(entry.name) && !/\.(test|d)\.ts$/.test(entry.name) ? [path] : []
  })
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
}

function pointsOf(path: string): string[] {
  return [...readFileSync(path, "utf8").matchAll(/(?<![.\w])fault\("([a-z.-]+)"\)/g)].map(([, point]) => point as string)
}
