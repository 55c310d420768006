import { LadingError, type RejectBatch, type RowBatch, type StandardResult, type StandardSchema } from "@lading/core"

/** What a row schema makes of a batch: the rows that passed, as it returns them, and the rows that did not. */
export interface ValidatedBatch {
  readonly rows: RowBatch
  readonly rejects: RejectBatch | undefined
}

/**
 * Validates every row; a row that fails is a reject with code `schema-mismatch`, unless the resource's types are frozen.
 * @throws LadingError `contract-violation` for the first row that fails when `isFrozen`
 */
export async function validateRows(batch: RowBatch, schema: StandardSchema, isFrozen: boolean): Promise<ValidatedBatch> {
  const rows: unknown[] = []
  const lines: number[] = []
  const rejects: RejectBatch["rejects"][number][] = []
  const first = batch.origin?.line
  for (let i = 0; i < batch.rows.length; i++) {
    const line = batch.lines?.[i] ?? (first === undefined ? undefined : first + i)
    const checked = schema["~standard"].validate(batch.rows[i])
    const result = checked instanceof Promise ? await checked : checked
    if (result.issues === undefined) {
      rows.push(result.value)
      if (line !== undefined) lines.push(line)
      continue
    }
    const message = describeIssues(result.issues)
    if (isFrozen) throw frozen(message, batch, line)
    rejects.push({ code: "schema-mismatch", message, value: previewRow(batch.rows[i]), ...(line === undefined ? {} : { line }) })
  }
  const origin = batch.origin === undefined ? {} : { origin: batch.origin }
  return {
    rows: {
      kind: "rows",
      rows,
      ...(batch.table === undefined ? {} : { table: batch.table }),
      ...origin,
      ...(lines.length === rows.length ? { lines } : {}),
    },
    rejects: rejects.length === 0 ? undefined : { kind: "rejects", rejects, ...origin },
  }
}

function describeIssues(issues: NonNullable<StandardResult<unknown>["issues"]>): string {
  return issues
    .map(({ path = [], message }) => {
      const pointer = path
        .map((part) => `/${String(typeof part === "object" && part !== null && "key" in part ? part.key : part)}`)
        .join("")
      return pointer === "" ? message : `${pointer}: ${message}`
    })
    .join("; ")
}

function frozen(message: string, { origin }: RowBatch, line: number | undefined): LadingError {
  const place = origin === undefined ? "a row" : `${origin.name}${line === undefined ? "" : ` line ${line}`}`
  return new LadingError({
    code: "contract-violation",
    message: `${place} does not fit the schema of its resource: ${message}`,
    hint: 'correct the source or the schema, or keep such rows as rejects: leave contract.dataType at "evolve"',
    details: {
      entity: "data_type",
      mode: "freeze",
      ...(origin === undefined ? {} : { origin: origin.name }),
      ...(line === undefined ? {} : { line }),
    },
  })
}

/** A row as JSON text, for a reject. */
export function previewRow(row: unknown): string {
  try {
    return JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value)) ?? String(row)
  } catch {
    return String(row)
  }
}
