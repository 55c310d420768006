import { LadingError } from "../errors.ts"
import type { NamingName } from "../naming/convention.ts"
import { bumpVersion } from "./hash.ts"
import type { SchemaDocument } from "./model.ts"
import { loadsTable, versionTable } from "./system-tables.ts"

/** Version of the schema document that Lading writes, as dlt counts. */
export const schemaEngineVersion = 11

/**
 * A new schema with dlt's two system tables and default hints (reference: schema 1.1), version 1.
 * @throws LadingError `invalid-schema-name` when the name is not an identifier of at most 64 characters
 */
export function createSchema(name: string, options: { readonly naming?: NamingName } = {}): SchemaDocument {
  if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]{0,63}$/u.test(name)) throw invalidName(name)
  return bumpVersion({
    version: 1,
    version_hash: "",
    engine_version: schemaEngineVersion,
    name,
    tables: { _dlt_version: versionTable(), _dlt_loads: loadsTable() },
    settings: {
      detections: ["iso_timestamp"],
      default_hints: {
        not_null: ["_dlt_id", "_dlt_root_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_load_id"],
        parent_key: ["_dlt_parent_id"],
        root_key: ["_dlt_root_id"],
        unique: ["_dlt_id"],
        row_key: ["_dlt_id"],
      },
    },
    normalizers: { names: options.naming ?? "snake_case", json: { module: "dlt.common.normalizers.json.relational" } },
    previous_hashes: [],
  })
}

function invalidName(name: string): LadingError {
  return new LadingError({
    code: "invalid-schema-name",
    message: `${JSON.stringify(name)} cannot name a schema`,
    hint: "Use letters, digits and underscores, not starting with a digit, at most 64 characters",
  })
}
