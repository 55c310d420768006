import { toBase64 } from "../hash/base64.ts"
import { sha3of256 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import { sortedJsonText } from "../types/json-text.ts"
import { compareCodePoints } from "../types/python-text.ts"
import type { SchemaDocument } from "./model.ts"

const rememberedHashes = 10

/**
 * The content hash of a schema as dlt computes it (reference: schema 1.7): base64 of SHA3-256 over the sorted JSON of the document
 * without its versions, then over the names of each table and its columns in order. The order of columns counts, that of tables not.
 */
export function schemaHash(document: SchemaDocument): string {
  const { version: _, version_hash: _hash, previous_hashes: _previous, imported_version_hash: _imported, ...content } = document
  const tables = Object.keys(document.tables).sort(compareCodePoints)
  const names = tables.map((table) => table + Object.keys(document.tables[table]?.columns ?? {}).join(""))
  return toBase64(sha3of256(encodeUtf8(sortedJsonText(content) + names.join(""))), { padding: true })
}

/**
 * The document with its hash. When the content differs from what its stored hash stands for, the version rises by one and the old
 * hash goes to the front of `previous_hashes`. A document without hash gets one and keeps its version.
 */
export function bumpVersion(document: SchemaDocument): SchemaDocument {
  const hash = schemaHash(document)
  const before = document.version_hash
  if (before === hash) return document
  if (before === "") return { ...document, version: document.version || 1, version_hash: hash }
  const known = document.previous_hashes
  const previous = known.includes(before) ? known : [before, ...known].slice(0, rememberedHashes)
  return { ...document, version: document.version + 1, version_hash: hash, previous_hashes: previous }
}
