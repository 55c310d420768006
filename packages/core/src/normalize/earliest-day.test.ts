import { expect, test } from "vitest"
import { capabilities, createNormalizer } from "./fixtures/create-normalizer.ts"

/** 1 January of 1000. */
const limited = { ...capabilities, earliestDay: -354_285 }

test.each([
  ["the first day", new Date("1000-01-01T00:00:00Z"), "1000-01-01", true],
  ["the last moment before it", new Date("0999-12-31T23:59:59.999Z"), "0999-12-31", false],
  ["the end of time", new Date(8.64e15), "9999-12-31", true],
  ["the beginning of time", new Date(-8.64e15), "0001-01-01", false],
])("a destination with a first day holds %s: %s", (_, moment, day, holds) => {
  const columns = { moment: { dataType: "timestamp" }, day: { dataType: "date" } } as const
  for (const row of [{ moment }, { day }]) {
    const { normalizer, target } = createNormalizer({ columns }, true, { capabilities: limited })
    normalizer.pushRows(target, [row])
    expect(normalizer.takeRejects().map(({ code }) => code)).toEqual(holds ? [] : ["date-out-of-range"])
    const other = createNormalizer({ columns })
    other.normalizer.pushRows(other.target, [row])
    expect(other.normalizer.takeRejects()).toEqual([])
  }
})
