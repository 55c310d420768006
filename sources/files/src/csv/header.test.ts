import { expect, it } from "vitest"
import { nameColumns } from "./header.ts"

it.each([
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [
    ["name", "name", "name"],
    ["name", "name_2", "name_3"],
  ],
  [
    ["name", "name", "name_2"],
    ["name", "name_3", "name_2"],
  ],
  [
    ["name", "name", "NAME_2"],
    ["name", "name_3", "NAME_2"],
  ],
  [
    ["", "", "column_2"],
    ["column_1", "column_2_2", "column_2"],
  ],
  [
    ["a", " "],
    ["a", "column_2"],
  ],
  [
    ["a", "A"],
    ["a", "A"],
  ],
])("names columns %j as %j", (given, expected) => {
  expect(nameColumns(given).names).toEqual(expected)
  expect(new Set(nameColumns(given).names).size).toBe(given.length)
})
