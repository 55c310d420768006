import type { ContractMode, SchemaContract, SchemaDocument, Table } from "../schema/model.ts"

/** What a contract rules: new tables, new columns of known tables, and types of known columns. */
export type ContractEntity = "tables" | "columns" | "data_type"

/** A contract with a mode for every entity. */
export type ResolvedContract = Readonly<Record<ContractEntity, ContractMode>>

const entities: readonly ContractEntity[] = ["tables", "columns", "data_type"]

/** What holds where nobody said anything, and for system tables always. */
export const allEvolve: ResolvedContract = { tables: "evolve", columns: "evolve", data_type: "evolve" }

/**
 * The contract of a table: for each entity the nearest mode on the way from the table over its parents to the schema's setting. An entity
 * that a level does not name is inherited from the next one, unlike in dlt, where it falls back to `evolve`.
 */
export function resolveContract(schema: SchemaDocument, table: Table): ResolvedContract {
  const levels: SchemaContract[] = []
  for (let at: Table | undefined = table; at !== undefined; at = at.parent === undefined ? undefined : schema.tables[at.parent]) {
    if (at.schema_contract !== undefined) levels.push(at.schema_contract)
  }
  if (schema.settings.schema_contract !== undefined) levels.push(schema.settings.schema_contract)
  const resolved: Record<ContractEntity, ContractMode> = { ...allEvolve }
  for (const entity of entities)
    resolved[entity] = levels.map((level) => modeOf(level, entity)).find((mode) => mode !== undefined) ?? "evolve"
  return resolved
}

function modeOf(contract: SchemaContract, entity: ContractEntity): ContractMode | undefined {
  return typeof contract === "string" ? contract : contract[entity]
}
