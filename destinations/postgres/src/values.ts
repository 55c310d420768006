import type { CustomTypesConfig } from "pg"

/** OIDs of built-in types (pg_type.dat of PostgreSQL). */
const oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
} as const

/** OID of numeric, whose number of fraction digits is told by the type modifier. */
export const numericOid = 1700

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [oid.bool, (text) => text === "t"],
  [oid.bytea, (text) => Uint8Array.from(Buffer.from(text.slice(2), "hex"))],
  [oid.int8, toInteger],
  [oid.int2, Number],
  [oid.int4, Number],
  [oid.oid, Number],
  [oid.float4, Number],
  [oid.float8, Number],
  [oid.timestamp, isoTimestamp],
  [oid.timestamptz, isoTimestamp],
])

const asText = (text: string): unknown => text

/**
 * Values of PostgreSQL as JavaScript values without loss: integers as number where that is exact, else bigint; numeric, dates and times as text
 * (timestamps in ISO form with microseconds when there are any, `+00:00` when they have a zone); bytea as Uint8Array; JSON as its text; anything else
 * as PostgreSQL prints it.
 */
export const typeParsers: CustomTypesConfig = { getTypeParser: (id: number) => parsers.get(id) ?? asText }

function toInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** `2024-01-02 03:04:05.1+00` as `2024-01-02T03:04:05.100000+00:00`; infinities and years before Christ stay as PostgreSQL prints them. */
function isoTimestamp(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?(\+00)?$/.exec(text)
  if (match === null) return text
  const [, day, time, fraction, zone] = match
  return `${day}T${time}${fraction === undefined ? "" : fraction.padEnd(7, "0")}${zone === undefined ? "" : "+00:00"}`
}

/** A numeric of dlt's wei columns has 78 fraction digits, all of them zero for whole numbers. */
export function trimFraction(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text
}
