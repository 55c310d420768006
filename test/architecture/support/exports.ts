import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { publishedPackages, readText, root } from "./workspace.ts"

/** A public name and what stands behind it: the file and whether a docstring precedes its declaration there. */
export interface PublicName {
  readonly name: string
  readonly file: string | undefined
  readonly documented: boolean
}

interface ReExport {
  readonly local: string
  readonly exported: string
  readonly from: string
}

const reExportStatement = /^export\s+(?:type\s+)?\{([^}]*)\}\s*from\s*["']([^"']+)["']/gm

function reExportsOf(text: string): ReExport[] {
  return [...text.matchAll(reExportStatement)].flatMap(([, names = "", from = ""]) =>
    names
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
      .split(",")
      .map((name) => name.trim().replace(/^type\s+/, ""))
      .filter((name) => name !== "")
      .map((name) => {
        const [local = name, exported = local] = name.split(/\s+as\s+/)
        return { local, exported, from }
      }),
  )
}

function declarationPattern(name: string): RegExp {
  const escaped = name.replaceAll("$", "\\$")
  const named = `(?:async\\s+)?(?:declare\\s+)?(?:abstract\\s+)?(?:function\\s*\\*?|const|let|class|interface|type)\\s+${escaped}\\b`
  return new RegExp(`^(?:export\\s+(?:default\\s+)?)?${named}`, "m")
}

/** Whether a text ends with a docstring. A docstring may hold `/*`, as in a file pattern, but never the two characters that end it. */
function endsWithDocstring(before: string): boolean {
  return /(?:^|\n)[ \t]*\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.test(before)
}

function targetFile(from: string, importer: string): string | undefined {
  if (from.startsWith(".")) return join(dirname(importer), from)
  const target = publishedPackages().find(({ manifest }) => manifest.name === from)
  return target && `${target.folder}/src/index.ts`
}

function resolveName(name: string, file: string, local: string): PublicName {
  if (!existsSync(join(root, file))) return { name, file: undefined, documented: false }
  const text = readText(file)
  const declaration = declarationPattern(local).exec(text)
  if (declaration) return { name, file, documented: endsWithDocstring(text.slice(0, declaration.index)) }
  const onward = reExportsOf(text).find(({ exported }) => exported === local)
  const next = onward && targetFile(onward.from, file)
  return next ? resolveName(name, next, onward.local) : { name, file: undefined, documented: false }
}

function declaredNames(text: string): string[] {
  const exported = /^export\s+(?:async\s+)?(?:abstract\s+)?(?:function\s*\*?|const|let|class|interface|type)\s+([\w$]+)/gm
  return [...text.matchAll(exported)].map((match) => match[1] ?? "")
}

/** Every name that the index file `file` exports, followed through re-exports (of files and of our other packages) to its declaration. */
export function publicNames(file: string): PublicName[] {
  const text = readText(file)
  const own = declaredNames(text).map((name) => resolveName(name, file, name))
  const passedOn = reExportsOf(text)
    .filter(({ exported }) => exported !== "default")
    .map(({ local, exported, from }) => {
      const target = targetFile(from, file)
      return target ? resolveName(exported, target, local) : { name: exported, file: undefined, documented: false }
    })
  return [...own, ...passedOn]
}
