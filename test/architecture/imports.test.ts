import { dirname, join, normalize } from "node:path"
import { describe, expect, it } from "vitest"
import { codeFiles, importsOf, isTest, publishedPackages, readText, repositoryFiles, type WorkspacePackage } from "./support/workspace.ts"

const helpers = ["@lading/sql", "@lading/http", "@lading/parts"]

/** The packages of ours that each package may need at run time. A package that is not listed here may need none. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "@lading/core": [],
  "@lading/parts": ["@lading/core"],
  "@lading/sql": ["@lading/core"],
  "@lading/http": ["@lading/core"],
  "@lading/testkit": ["@lading/core", "@lading/parts"],
  "@lading/engine": ["@lading/core", "@lading/parts"],
  lading: ["@lading/core", "@lading/engine"],
  "create-lading-plugin": [],
}

const packages = publishedPackages()
const ours = new Set(packages.map(({ manifest }) => manifest.name))

function oursIn(...lists: readonly (Readonly<Record<string, string>> | undefined)[]): string[] {
  return lists.flatMap((list) => Object.keys(list ?? {})).filter((name) => ours.has(name))
}

function mayNeed({ role, manifest }: WorkspacePackage): readonly string[] {
  return role === "package" ? (allowed[manifest.name] ?? []) : ["@lading/core", ...helpers]
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")
}

describe.each(packages.map((one) => [one.manifest.name, one] as const))("%s", (_name, one) => {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = one.manifest
  const files = codeFiles().filter((path) => path.startsWith(`${one.folder}/src/`))

  it("needs at run time only the packages that the import graph allows", () => {
    const needed = oursIn(dependencies, peerDependencies, optionalDependencies)
    expect(needed.filter((name) => !mayNeed(one).includes(name))).toEqual([])
  })

  it("is developed with nothing of ours but the testkit and what it may need anyway", () => {
    const needed = oursIn(devDependencies)
    expect(needed.filter((name) => name !== "@lading/testkit" && !mayNeed(one).includes(name))).toEqual([])
  })

  it("imports only what its package.json declares", () => {
    const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }))
    const undeclared = files
      .filter((path) => !isTest(path))
      .flatMap((path) => importsOf(readText(path)).map((specifier) => ({ path, specifier })))
      .filter(({ specifier }) => !/^(\.|node:)/.test(specifier) && !declared.has(packageName(specifier)))
    expect(undeclared.map(({ path, specifier }) => `${path} imports ${specifier}`)).toEqual([])
  })

  it("reaches other packages by name, never by a path out of its own folder", () => {
    const escaping = files.flatMap((path) =>
      importsOf(readText(path))
        .filter((specifier) => specifier.startsWith("."))
        .filter((specifier) => !normalize(join(dirname(path), specifier)).startsWith(`${one.folder}/`))
        .map((specifier) => `${path} imports ${specifier}`),
    )
    expect(escaping).toEqual([])
  })
})

describe("plugins", () => {
  const plugins = packages.filter(({ role }) => role !== "package")

  it("take the core as a dependency, not a peer", () => {
    for (const { manifest } of plugins) {
      expect(manifest.dependencies?.["@lading/core"], manifest.name).toBeDefined()
      expect(manifest.peerDependencies?.["@lading/core"], manifest.name).toBeUndefined()
    }
  })

  it("use at most one helper package", () => {
    for (const { manifest } of plugins) {
      expect(oursIn(manifest.dependencies).filter((name) => helpers.includes(name)).length, manifest.name).toBeLessThan(2)
    }
  })

  it("are never named by an import of the core, the engine or a helper", () => {
    const pluginImports = codeFiles()
      .filter((path) => path.startsWith("packages/") && !path.includes("/create-plugin/"))
      .filter((path) =>
        importsOf(readText(path)).some((specifier) => /^(@lading\/|lading-)(source|destination|transformer)-/.test(specifier)),
      )
    expect(pluginImports).toEqual([])
  })
})

describe("libraries of others", () => {
  it("are each named, with a reason, in a decision record", () => {
    const decisions = repositoryFiles().filter((path) => /^docs\/decisions\/\d{4}-.*\.md$/.test(path))
    const lines = decisions.flatMap((path) => readText(path).split("\n"))
    const unexplained = packages.flatMap(({ manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies })
        .filter((dependency) => !ours.has(dependency))
        .filter((dependency) => !lines.some((line) => line.includes(`| ${manifest.name} | ${dependency} |`)))
        .map((dependency) => `${manifest.name} needs ${dependency}`),
    )
    expect(unexplained).toEqual([])
  })
})
