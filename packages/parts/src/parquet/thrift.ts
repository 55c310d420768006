/** A value of Thrift's compact protocol; only what Parquet's metadata needs. */
export type ThriftValue =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "i32" | "i64"; readonly value: number }
  | { readonly kind: "binary"; readonly value: Uint8Array }
  | { readonly kind: "list"; readonly of: ThriftValue["kind"]; readonly items: readonly ThriftValue[] }
  | { readonly kind: "struct"; readonly fields: readonly ThriftField[] }

/** Field id and value; an undefined value is an optional field that is left out. */
export type ThriftField = readonly [id: number, value: ThriftValue | undefined]

const utf8 = new TextEncoder()

export const bool = (value: boolean): ThriftValue => ({ kind: "bool", value })
export const i32 = (value: number): ThriftValue => ({ kind: "i32", value })
/** A 64-bit integer given as a JavaScript number: exact between -2^52 and 2^52. */
export const i64 = (value: number): ThriftValue => ({ kind: "i64", value })
export const text = (value: string): ThriftValue => ({ kind: "binary", value: utf8.encode(value) })
export const list = (of: ThriftValue["kind"], items: readonly ThriftValue[]): ThriftValue => ({ kind: "list", of, items })
/** Fields in ascending order of their ids, with gaps of at most 15. */
export const struct = (...fields: readonly ThriftField[]): ThriftValue => ({ kind: "struct", fields })

/**
 * Serializes a value in Thrift's compact protocol.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function encodeThrift(value: ThriftValue): Uint8Array {
  const out: number[] = []
  writeValue(out, value)
  return Uint8Array.from(out)
}

/** Appends an unsigned LEB128 integer (0 to 2^53). */
export function writeVarint(out: number[], value: number): void {
  let rest = value
  while (rest > 127) {
    out.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  out.push(rest)
}

/** Appends a signed integer, zigzag and LEB128. */
export function writeZigzag(out: number[], value: number): void {
  writeVarint(out, value < 0 ? -2 * value - 1 : 2 * value)
}

function writeValue(out: number[], value: ThriftValue): void {
  switch (value.kind) {
    case "bool":
      out.push(value.value ? 1 : 2)
      return
    case "i32":
    case "i64":
      writeZigzag(out, value.value)
      return
    case "binary":
      writeVarint(out, value.value.length)
      for (const byte of value.value) out.push(byte)
      return
    case "list":
      writeList(out, value.of, value.items)
      return
    case "struct":
      writeStruct(out, value.fields)
  }
}

function writeList(out: number[], of: ThriftValue["kind"], items: readonly ThriftValue[]): void {
  const code = typeCode(of)
  if (items.length < 15) out.push((items.length << 4) | code)
  else {
    out.push(0xf0 | code)
    writeVarint(out, items.length)
  }
  for (const item of items) writeValue(out, item)
}

function writeStruct(out: number[], fields: readonly ThriftField[]): void {
  let previous = 0
  for (const [id, value] of fields) {
    if (value === undefined) continue
    const gap = (id - previous) << 4
    previous = id
    if (value.kind === "bool") out.push(gap | (value.value ? 1 : 2))
    else {
      out.push(gap | typeCode(value.kind))
      writeValue(out, value)
    }
  }
  out.push(0)
}

function typeCode(kind: ThriftValue["kind"]): number {
  switch (kind) {
    case "bool":
      return 1
    case "i32":
      return 5
    case "i64":
      return 6
    case "binary":
      return 8
    case "list":
      return 9
    case "struct":
      return 12
  }
}
