import { LadingError, type PartFormat, type TableBatch } from "@lading/core"
import { encodeCopyText, encodeNdjson, encodeParquet } from "@lading/parts"

const encoders: Readonly<Record<PartFormat, (batch: TableBatch) => readonly Uint8Array[]>> = {
  parquet: encodeParquet,
  ndjson: (batch) => [encodeNdjson(batch)],
  "copy-text": encodeCopyText,
}

/**
 * The first of a destination's part formats that can be written.
 * @throws LadingError `unsupported-part-format` when there is none
 */
export function chooseFormat(formats: readonly PartFormat[]): PartFormat {
  const found = formats.find((format) => Object.hasOwn(encoders, format))
  if (found !== undefined) return found
  throw new LadingError({
    code: "unsupported-part-format",
    message: `the destination reads parts in ${formats.join(", ") || "no format"}, and none of these can be written`,
    hint: `use a version of the destination that reads one of: ${Object.keys(encoders).join(", ")}`,
  })
}

/** The bytes of a part, in pieces to be written one after the other; some are views of the batch's own memory. */
export function encodePart(format: PartFormat, batch: TableBatch): readonly Uint8Array[] {
  return encoders[format](batch)
}
