import { bumpVersion, type SchemaDocument } from "@lading/core"
import type { PipelineOptions } from "./options.ts"

/** A new schema with what the options of its pipeline say about types and nesting. */
export function withSettings(schema: SchemaDocument, options: PipelineOptions): SchemaDocument {
  const { detections, preferredTypes, maxTableNesting } = options
  const json =
    maxTableNesting === undefined ? schema.normalizers.json : { ...schema.normalizers.json, config: { max_nesting: maxTableNesting } }
  return bumpVersion({
    ...schema,
    settings: {
      ...schema.settings,
      ...(detections === undefined ? {} : { detections: [...detections] }),
      ...(preferredTypes === undefined ? {} : { preferred_types: { ...preferredTypes } }),
    },
    normalizers: { ...schema.normalizers, json },
  })
}
