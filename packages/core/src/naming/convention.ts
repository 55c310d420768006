import { LadingError } from "../errors.ts"
import { isBlank, strip } from "../types/strip.ts"
import { type IdentifierUnit, shorten } from "./shorten.ts"
import { prefixLeadingDigit, toSnakeCase } from "./snake-case.ts"

/** The naming conventions of dlt that Lading knows (reference: schema 4). */
export type NamingName = "snake_case" | "direct" | "duck_case" | "sql_cs_v1" | "sql_ci_v1"

/** Name of a key that is empty, blank, or made of separators only. */
export const emptyKeyName = "_empty"

/** How keys of the data become names of tables and columns. */
export interface NamingConvention {
  readonly name: NamingName
  /** Stands between the fragments of a path. */
  readonly separator: string
  readonly isCaseSensitive: boolean
  /** Longest name in `unit`s; undefined: no limit. */
  readonly maxLength: number | undefined
  readonly unit: IdentifierUnit
  /**
   * One identifier, trimmed, normalized and shortened.
   * @throws LadingError `blank-identifier` when it is empty or blank
   */
  normalizeIdentifier(identifier: string): string
  /** A key that may hold separators: each part normalized on its own. Blank gives `_empty`. */
  normalizePath(path: string): string
  /** Joins fragments, leaving out blank ones. */
  makePath(fragments: readonly string[]): string
  /** Splits at the separator, leaving out blank parts. */
  breakPath(path: string): string[]
  /** Joins normalized fragments and shortens the whole. */
  shortenFragments(fragments: readonly string[]): string
}

interface Rules {
  readonly separator: string
  readonly isCaseSensitive: boolean
  readonly normalize: (trimmed: string) => string
}

const rules: Readonly<Record<NamingName, Rules>> = {
  snake_case: { separator: "__", isCaseSensitive: false, normalize: toSnakeCase },
  direct: { separator: "\u25b6", isCaseSensitive: true, normalize: (text) => text.replace(/[\n\r'"\u25b6]/g, "_") },
  duck_case: { separator: "__", isCaseSensitive: true, normalize: (text) => text.replace(/[\n\r"]/g, "_").replace(/__+/g, "_") },
  sql_cs_v1: { separator: "__", isCaseSensitive: true, normalize: toSqlName },
  // the tag is computed before lower-casing, so that is done after shortening
  sql_ci_v1: { separator: "__", isCaseSensitive: false, normalize: toSqlName },
}

/** True for a name that `createNaming` takes. */
export function isNamingName(name: string): name is NamingName {
  return Object.hasOwn(rules, name)
}

/**
 * Creates a naming convention (reference: schema 4.1 to 4.4). `maxLength` is the smaller of the destination's limits for tables and
 * columns, and `unit` what it counts (code points by default). `contractsSeparators` is for schemas that dlt made before engine version 11: a key's own separators are contracted.
 */
export function createNaming(
  name: NamingName,
  maxLength: number | undefined,
  options: { readonly contractsSeparators?: boolean; readonly unit?: IdentifierUnit } = {},
): NamingConvention {
  const { separator, isCaseSensitive, normalize } = rules[name]
  const unit = options.unit ?? "code-points"
  const finish = (text: string) => (name === "sql_ci_v1" ? text.toLowerCase() : text)

  const normalizePart = (trimmed: string) => finish(shorten(normalize(trimmed), trimmed, maxLength, unit))

  function normalizeIdentifier(identifier: string): string {
    const trimmed = strip(identifier)
    if (trimmed === "") throw blankIdentifier()
    return normalizePart(trimmed) || emptyKeyName
  }

  function breakPath(path: string): string[] {
    return path.split(separator).filter((part) => !isBlank(part))
  }

  function makePath(fragments: readonly string[]): string {
    return fragments.filter((fragment) => !isBlank(fragment)).join(separator)
  }

  function normalizePath(path: string): string {
    const parts = breakPath(path)
    if (parts.length === 0) return emptyKeyName
    if (options.contractsSeparators === true) return normalizeIdentifier(path)
    const normalized = makePath(parts.map((part) => normalizePart(strip(part))))
    return shorten(normalized, path, maxLength, unit) || emptyKeyName
  }

  function shortenFragments(fragments: readonly string[]): string {
    const joined = makePath(fragments)
    return shorten(joined, joined, maxLength, unit)
  }

  return { name, separator, isCaseSensitive, maxLength, unit, normalizeIdentifier, normalizePath, makePath, breakPath, shortenFragments }
}

function toSqlName(text: string): string {
  const name = prefixLeadingDigit(text.replace(/[^a-zA-Z\p{Nd}_]+/gu, "_"))
  return (name === "_" ? name : name.replace(/_+$/, "")).replace(/__+/g, "_")
}

function blankIdentifier(): LadingError {
  return new LadingError({ code: "blank-identifier", message: "A name of a table or column is empty or blank", hint: "Give it a name" })
}
