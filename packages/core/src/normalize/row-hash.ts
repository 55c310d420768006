import { decodeUtf8 } from "../hash/utf8.ts"
import { JsonObject } from "../json/json-object.ts"
import type { Table } from "../schema/model.ts"
import { hashText } from "../types/json-text.ts"
import { idLength, keyHashId } from "./row-id.ts"
import type { RowIdRule } from "./table-builder.ts"

/** How the rows of a root table get their ids, by its merge strategy (reference: schema 3.5). */
export function rowIdRule(table: Table): RowIdRule {
  if (table.write_disposition !== "merge") return "sequence"
  const strategy = table["x-merge-strategy"]
  if (strategy === "upsert" || strategy === "insert-only") return "key-hash"
  return strategy === "scd2" && table.columns["_dlt_id"]?.["x-row-version"] === true ? "row-hash" : "sequence"
}

/**
 * The id of a version of a row: SHAKE-128 over the compact JSON, keys sorted, of the record as it came, nested data included, keys that start with `_dlt`
 * left out (reference: schema 3.5). The order of keys does not matter, everything else does.
 */
export function rowHash(record: object): string {
  const content = new JsonObject()
  const [keys, values] = membersOf(record)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    if (!key.startsWith("_dlt")) content.set(key, values[i])
  }
  return decodeUtf8(keyHashId(hashText(content)), 0, idLength) ?? ""
}

function membersOf(record: object): readonly [readonly string[], readonly unknown[]] {
  if (record instanceof JsonObject) return [record.keys, record.values]
  if (record instanceof Map) return [[...record.keys()].map(String), [...record.values()]]
  return [Object.keys(record), Object.values(record)]
}
