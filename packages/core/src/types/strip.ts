/** What Python's `str.strip` and `str.isspace` take for white space; JavaScript's `trim` differs at U+001C..U+001F, U+0085 and U+FEFF. */
const space = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
const edges = new RegExp(`^${space}+|${space}+$`, "g")

/** `text` without white space at both ends, as Python strips. */
export function strip(text: string): string {
  return text.replace(edges, "")
}

/** True for text that is empty or nothing but white space. */
export function isBlank(text: string): boolean {
  return strip(text) === ""
}
