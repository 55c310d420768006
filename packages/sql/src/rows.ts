/** A row of a system table; the readers below check what they take from it. */
export type Row = Readonly<Record<string, unknown>>

/** A text column of a row; empty when it is null. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column]
  return typeof value === "string" ? value : ""
}

/** An integer column of a row as a number; 0 when it is null. */
export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column]
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : 0
}
