import { toJson } from "./json.ts"
import { printable } from "./text.ts"

/** A value as the text of a table cell, in one line. */
export function toCell(value: unknown): string {
  return value === null || value === undefined ? "" : printable(toText(value))
}

/** A row as a line of CSV (RFC 4180, with a line feed): null is empty, an empty text is `""`. */
export function toCsvLine(values: readonly unknown[]): string {
  return `${values.map(toCsvField).join(",")}\n`
}

/** A row as a line of a Markdown table. */
export function toMarkdownLine(values: readonly unknown[]): string {
  return `| ${values.map((value) => toCell(value).replaceAll("\\", "\\\\").replaceAll("|", "\\|")).join(" | ")} |\n`
}

/** Whether a type of a destination is a number, to be shown on the right. */
export function isNumberType(type: string): boolean {
  return /^(u?(tiny|small|big|huge)?int(eger)?(\d+)?|decimal|numeric|bignumeric|float\d*|double|real)\b/i.test(type)
}

function toCsvField(value: unknown): string {
  if (value === null || value === undefined) return ""
  const text = toText(value)
  return text === "" || /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

function toText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex")
  if (value instanceof Date) return value.toISOString()
  return typeof value === "object" ? toJson(value) : String(value)
}
