import { LadingError } from "../errors.ts"
import { RowFault } from "../normalize/reject.ts"
import type { RecordPlace } from "../normalize/reject-log.ts"
import type { ContractMode } from "../schema/model.ts"
import type { ContractEntity } from "./contract.ts"

/** A change of the schema that a contract does not allow. */
export interface Violation {
  readonly schema: string
  readonly table: string
  /** Undefined for a new table. */
  readonly column: string | undefined
  readonly entity: ContractEntity
  readonly mode: Exclude<ContractMode, "evolve">
  /** What the data brings, for people: `a new column of type text`. */
  readonly what: string
}

const codes: Readonly<Record<ContractEntity, string>> = {
  tables: "contract-table",
  columns: "contract-column",
  data_type: "contract-data-type",
}

/** Codes of rejects that a contract asked for; they do not count against the ceiling. */
export const contractCodes: ReadonlySet<string> = new Set(Object.values(codes))

/**
 * What to throw for a violation: under `freeze` the error that fails the run, else the fault that drops the value or the row, which is
 * kept as a reject.
 */
export function violationFault(violation: Violation): LadingError | RowFault {
  const { schema, table, column, entity, mode, what } = violation
  const place = column === undefined ? table : `${table}.${column}`
  if (mode === "freeze") {
    return new LadingError({
      code: "contract-violation",
      message: `${place} is not allowed: ${what}, and ${entity} of ${table} is frozen`,
      hint: `correct the source, or accept it: contract: { ${entity === "data_type" ? "dataType" : entity}: "evolve" }, or drop such rows: "discard_row"`,
      details: { schema, table, ...(column === undefined ? {} : { column }), entity, mode },
    })
  }
  // Both ways of discarding drop a table as a whole.
  const scope = mode === "discard_value" || entity === "tables" ? "value" : "row"
  return new RowFault(codes[entity], `${place}: ${what}, which the contract discards`, scope)
}

/** The error of a frozen contract with the place and the key of the record that broke it; any other error as it is. */
export function withPlace(
  error: unknown,
  { table, ordinal, origin, line }: RecordPlace,
  key: Readonly<Record<string, string | number>> | undefined,
): unknown {
  if (!(error instanceof LadingError) || error.code !== "contract-violation") return error
  const { code, hint, details } = error
  const place = origin === undefined ? `row ${ordinal + 1} of ${table}` : `${origin}${line === undefined ? "" : ` line ${line}`}`
  const named = Object.entries(key ?? {}).map(([name, value]) => `${name} ${value}`)
  return new LadingError({
    code,
    message: `${error.message} (${[place, ...named].join(", ")})`,
    ...(hint === undefined ? {} : { hint }),
    details: {
      ...details,
      ordinal,
      ...(key === undefined ? {} : { key }),
      ...(origin === undefined ? {} : { origin }),
      ...(line === undefined ? {} : { line }),
    },
  })
}
