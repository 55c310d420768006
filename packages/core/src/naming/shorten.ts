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

/**
 * `normalized` cut to `maxLength` code points, the tag of `original` in its middle (reference: schema 4.2); unchanged when it is
 * short enough or there is no limit.
 * @throws LadingError `identifier-limit-too-small` when a tag does not fit into the limit
 */
export function shorten(normalized: string, original: string, maxLength: number | undefined): string {
  if (maxLength === undefined || normalized.length <= maxLength) return normalized
  const points = [...normalized]
  if (points.length <= maxLength) return normalized
  if (maxLength < tagLength)
    throw new LadingError({
      code: "identifier-limit-too-small",
      message: `Names of at most ${maxLength} characters leave no room for a tag of ${tagLength}`,
      hint: `Set the identifier limit to ${tagLength} or more`,
    })
  const tail = Math.floor((maxLength - tagLength) / 2)
  const head = maxLength - tagLength - tail
  return points.slice(0, head).join("") + computeTag(original) + points.slice(points.length - tail).join("")
}
