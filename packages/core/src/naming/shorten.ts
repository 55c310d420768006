import { LadingError } from "../errors.ts"
import { toBase64 } from "../hash/base64.ts"
import { shake128 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"

/** Characters of a tag. */
export const tagLength = 6

/**
 * Six characters out of `[0-9a-z]` that stand for `text`: 4 bytes of SHAKE-128 in base64, `/` as `a`, `+` as `b`, lower case
 * (reference: schema 4.2).
 * @throws LadingError `lone-surrogate`
 */
export function computeTag(text: string): string {
  return toBase64(shake128(encodeUtf8(text), 4), { padding: false })
    .replaceAll("/", "a")
    .replaceAll("+", "b")
    .toLowerCase()
}

/** What the limit of a name counts. */
export type IdentifierUnit = "code-points" | "bytes"

/**
 * `normalized` cut to `maxLength` units, the tag of `original` in its middle (reference: schema 4.2); unchanged when it is short
 * enough or there is no limit. No character is cut in two, so a limit in bytes may not be used up.
 * @throws LadingError `identifier-limit-too-small` when a tag does not fit into the limit
 */
export function shorten(normalized: string, original: string, maxLength: number | undefined, unit: IdentifierUnit = "code-points"): string {
  if (maxLength === undefined || normalized.length * (unit === "bytes" ? 3 : 1) <= maxLength) return normalized
  const points = [...normalized]
  if (points.reduce((sum, point) => sum + sizeOf(point, unit), 0) <= maxLength) return normalized
  if (maxLength < tagLength)
    throw new LadingError({
      code: "identifier-limit-too-small",
      message: `Names of at most ${maxLength} characters leave no room for a tag of ${tagLength}`,
      hint: `Set the identifier limit to ${tagLength} or more`,
    })
  const tail = Math.floor((maxLength - tagLength) / 2)
  const head = maxLength - tagLength - tail
  return cut(points, head, unit).join("") + computeTag(original) + cut(points.toReversed(), tail, unit).toReversed().join("")
}

/** As many of the first code points as fit into `room`. */
export function cut(points: readonly string[], room: number, unit: IdentifierUnit): readonly string[] {
  let left = room
  const end = points.findIndex((point) => (left -= sizeOf(point, unit)) < 0)
  return end < 0 ? points : points.slice(0, end)
}

function sizeOf(point: string, unit: IdentifierUnit): number {
  if (unit === "code-points") return 1
  const code = point.codePointAt(0) ?? 0
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
