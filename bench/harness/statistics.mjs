/** The median; the mean of the middle two for an even number of values; NaN for none. */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Rounds to a number of decimals; null when there is nothing to round. */
export function round(value, decimals) {
  if (value === undefined || !Number.isFinite(value)) return null
  return Math.round(value * 10 ** decimals) / 10 ** decimals
}
