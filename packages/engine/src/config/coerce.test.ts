import { expect, it } from "vitest"
import { coerceText } from "./coerce.ts"

it.each([
  ["5", 5],
  ["-0.25", -0.25],
  ["1e3", 1000],
  [" 7 ", 7],
  ["true", true],
  ["False", false],
  ['["a", 1]', ["a", 1]],
  ['{"a": {"b": null}}', { a: { b: null } }],
  ["007", "007"],
  ["9007199254740993", "9007199254740993"],
  ["1e999", "1e999"],
  ["null", "null"],
  ["yes", "yes"],
  ["", ""],
  ['"quoted"', '"quoted"'],
  ["[1", "[1"],
  ["2024-01-01", "2024-01-01"],
])("the text %j means %j", (text, meaning) => {
  expect(coerceText(text)).toEqual(meaning)
})
