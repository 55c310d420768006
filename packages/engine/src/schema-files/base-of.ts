import { type Column, importSchema, LadingError, type SchemaDocument } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { withSettings } from "../with-settings.ts"
import type { ImportedSchema } from "./parse-schema-file.ts"

/**
 * The schema that a load starts from when there is an import file.
 * @throws LadingError `type-conflict`, `naming-changed` where the file contradicts what is stored
 */
export function baseOf(stored: SchemaDocument | undefined, imported: ImportedSchema, options: PipelineOptions): SchemaDocument {
  const base = importSchema(stored, imported, refuse)
  if (stored === undefined) return withSettings(base, options)
  const [is, wanted] = [stored.normalizers.names, imported.schema.normalizers.names]
  if (is === wanted || base === stored) return base
  throw new LadingError({
    code: "naming-changed",
    message: `the dataset's names were made by ${is}, and the import file asks for ${wanted}`,
    hint: `write names: ${is}, or load into another dataset`,
  })
}

function refuse(stored: Column, imported: Column, table: string): never {
  throw new LadingError({
    code: "type-conflict",
    message: `column ${table}.${stored.name} holds ${stored.data_type}, but the import file says ${imported.data_type}`,
    hint: `write data_type: ${stored.data_type}, or load into another dataset`,
    details: { table, column: stored.name, stored: stored.data_type, imported: imported.data_type },
  })
}
