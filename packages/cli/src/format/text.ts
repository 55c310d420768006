const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })
const wideCharacter =
  /\p{Emoji_Presentation}|\u{FE0F}|[\u{1100}-\u{115F}\u{2E80}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{20000}-\u{3FFFD}]/u
const control = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g

/** Columns that a text takes on a terminal: two for East Asian wide characters and emoji, one for anything else that is visible. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007E]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += segmentWidth(segment)
  return width
}

/** The text in at most `width` columns; what is cut off becomes an ellipsis. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width < 1) return ""
  let kept = ""
  let used = 0
  for (const { segment } of segmenter.segment(text)) {
    used += segmentWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** The text filled with blanks to `width` columns. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)))
  return align === "left" ? text + blanks : blanks + text
}

/** A text that data brought, safe to print in one line: control characters, which could drive a terminal, become visible escapes. */
export function printable(text: string): string {
  return text.replace(control, escapeCharacter)
}

/** As `printable`, but with its line breaks. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n")
}

/** Hides what looks like a password, a token or a key in a text that somebody else wrote. */
export function redact(text: string): string {
  return text
    .replace(/(:\/\/[^\s:/@]*:)[^\s/]+(?=@)/g, "$1***")
    .replace(/\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic)?\s*)[^\s"',;]+/gi, "$1***")
    .replace(
      /\b((?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)|pwd|sig|signature)["']?\s*[=:]\s*["']?)[^\s&"',;]+/gi,
      "$1***",
    )
}

function segmentWidth(segment: string): number {
  if (wideCharacter.test(segment)) return 2
  return /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(segment) ? 0 : 1
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

function escapeCharacter(character: string): string {
  return named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
}
