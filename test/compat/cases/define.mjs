/**
 * A case of one load into table `t` (or `hints.table`).
 * `more` may hold `settings`, `deliberate`, `later`, `exactIds`, `versions` (see README.md for the format).
 */
export function single(name, rows, hints = {}, more = {}) {
  return { name, loads: [load(rows, hints)], ...more }
}

/** A case of several loads of the same table with the same hints; each entry of `batches` is the rows of one load. */
export function sequence(name, batches, hints = {}, more = {}) {
  return { name, loads: batches.map((rows) => load(rows, hints)), ...more }
}

/** One load: rows, or what `rows` says of a file or of JSON lines, with the hints' defaults filled in. */
export function load(rows, hints = {}) {
  const input = Array.isArray(rows) ? { rows } : rows
  return { ...input, hints: { table: "t", ...hints } }
}

/** Lines of JSON text, for what JavaScript values cannot say (`1.0`, integer-like keys in their order, long integers). */
export function lines(...text) {
  return { lines: text }
}

export const timestamp = (text) => ({ $timestamp: text })
export const date = (text) => ({ $date: text })
export const time = (text) => ({ $time: text })
export const decimal = (text) => ({ $decimal: text })
export const bytes = (text) => ({ $bytes: Buffer.from(text, "utf8").toString("base64") })
export const bigint = (text) => ({ $bigint: text })
export const double = (text) => ({ $double: text })
export const merge = (strategy) => ({ disposition: "merge", strategy })
