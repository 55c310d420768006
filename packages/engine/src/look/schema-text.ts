import { readFileSync } from "node:fs"
import { isSystemName, LadingError, type SchemaDocument, toSchemaFile } from "@lading/core"
import { parseSchemaFile } from "../schema-files/parse-schema-file.ts"
import { toText } from "../schema-files/schema-files.ts"

/**
 * How a schema is shown. `yaml`: what people read and edit, without system tables, hashes and the notes of runs; `dlt`: as dlt exports it;
 * `json`: the stored document.
 */
export type SchemaFormat = "yaml" | "json" | "dlt"

/** A schema document as text, with a line break at its end. */
export function schemaText(document: SchemaDocument, format: SchemaFormat): string {
  if (format === "json") return `${JSON.stringify(document, undefined, 2)}\n`
  if (format === "dlt") return toText(toSchemaFile(document, { processingHints: "keep" }), "yaml")
  const tables = Object.fromEntries(Object.entries(document.tables).filter(([name]) => !isSystemName(name)))
  const { version_hash: _, previous_hashes: _previous, ...shown } = toSchemaFile({ ...document, tables }, { processingHints: "remove" })
  return toText(shown, "yaml")
}

/** File name of an exported schema, as dlt has it. */
export function schemaFileName({ name }: SchemaDocument, format: SchemaFormat): string {
  return `${name.replace(/[^A-Za-z0-9_.-]/g, "_")}.schema.${format === "json" ? "json" : "yaml"}`
}

/**
 * Reads a schema from a file of any of the three formats.
 * @throws LadingError `file-unreadable`, `schema-file-invalid` with the position of each fault
 */
export function readSchemaFile(path: string): SchemaDocument {
  return parseSchemaFile(readText(path), path).schema
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    const message = `The schema file ${path} cannot be read`
    throw new LadingError({ code: "file-unreadable", message, hint: "Check that it exists and may be read.", cause })
  }
}
