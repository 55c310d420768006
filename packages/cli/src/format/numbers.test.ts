import { describe, expect, it } from "vitest"
import { formatBytes, formatCount, formatCountOf, formatDuration } from "./numbers.ts"

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [20_000, "20,000"],
    [9007199254740993n, "9,007,199,254,740,993"],
  ])("separates the thousands of %s", (value, text) => {
    expect(formatCount(value)).toBe(text)
  })

  it.each([
    [0, "0 rows"],
    [1, "1 row"],
    [1_500, "1,500 rows"],
  ])("counts %s in words", (value, text) => {
    expect(formatCountOf(value, "row")).toBe(text)
  })

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [12_400_000, "12.4 MB"],
    [999_960, "1.0 MB"],
    [5e15, "5000.0 TB"],
  ])("gives %s bytes a unit", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0.4, "0 ms"],
    [85.2, "85 ms"],
    [999.6, "1.0 s"],
    [1_312, "1.3 s"],
    [59_970, "1 min 00 s"],
    [125_000, "2 min 05 s"],
    [3_599_600, "1 h 00 min"],
    [11_220_000, "3 h 07 min"],
  ])("says how long %s ms are", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})
