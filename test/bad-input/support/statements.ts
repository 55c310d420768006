/** Settings of a server under which its log tells which application a statement came from. */
export const taggedLog = { log_line_prefix: "<%a> ", log_error_verbosity: "terse" } as const

/**
 * Statements in a PostgreSQL log that was written under `taggedLog`, as the server got them, of applications of this name (a word of their own may
 * follow it). A record starts at a line's start; its further lines are indented by a tab, so no text inside of a statement can look like a record.
 */
export function statementsOf(log: string, application: string): string[] {
  const records = log.replaceAll("\n\t", "\0").split("\n")
  return records.flatMap((record) => {
    const [, name = "", sql = ""] = /^<([^>]*)> LOG: {2}(?:statement|execute [^:]*): (.*)$/s.exec(record) ?? []
    return name === application || name.startsWith(`${application} `) ? sql.replaceAll("\0", "\n") : []
  })
}

const token =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<literal>[Ee]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?<tag>[A-Za-z_]*)\$[\s\S]*?\$\k<tag>\$)|(?<name>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_]\w*)|(?<blank>\s+)|(?<sign>[\s\S])/gu

/**
 * The structure of a statement: quoted names are `"n"`, literals `?`, numbers `0`, comments `COMMENT`; words and signs stay (PostgreSQL 15 manual, 4.1
 * Lexical Structure, with standard_conforming_strings). Two statements with one shape differ in names and values only. A quote without its end stays.
 * What is listed several times (`"n" bigint , "n" bigint`) is there once, followed by `...`.
 */
export function shapeOf(sql: string): string {
  const parts = [...sql.matchAll(token)].flatMap(({ groups = {} }) => {
    if (groups["comment"] !== undefined) return "COMMENT"
    if (groups["literal"] !== undefined) return "?"
    if (groups["name"] !== undefined) return '"n"'
    if (groups["number"] !== undefined) return "0"
    return groups["blank"] === undefined ? (groups["word"] ?? groups["sign"] ?? "") : []
  })
  return parts.join(" ").replaceAll(/(\( [^()]* \)|"n"(?: \. "n")*(?: [a-z]+)*|\?|0)(?: , \1)+(?= |$)/g, "$1 ...")
}
