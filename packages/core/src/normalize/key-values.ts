import { JsonObject } from "../json/json-object.ts"
import type { Table } from "../schema/model.ts"

/**
 * What tells a record from others, for people: the values of its table's keys, else that of `id`. Only short plain values, under the names
 * that the data gives them.
 */
export function keyValues({ columns }: Table, record: unknown): Readonly<Record<string, string | number>> | undefined {
  if (typeof record !== "object" || record === null) return undefined
  const keys = Object.values(columns).filter((column) => column.primary_key === true || column.merge_key === true)
  const names = keys.length > 0 ? keys.map(({ name }) => name) : ["id"]
  const found = names.flatMap((name) => {
    const value = fieldOf(record, name)
    return isPlain(value) ? [[name, value] as const] : []
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

function fieldOf(record: object, name: string): unknown {
  const value: unknown = record instanceof JsonObject ? record.values[record.keys.indexOf(name)] : (record as Record<string, unknown>)[name]
  return typeof value === "bigint" ? value.toString() : value
}

function isPlain(value: unknown): value is string | number {
  return typeof value === "number" || (typeof value === "string" && value.length <= 100)
}
