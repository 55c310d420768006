import { expect, test } from "vitest"
import { encodeUtf8 } from "../hash/utf8.ts"
import { capabilities, createNormalizer } from "./fixtures/create-normalizer.ts"

const strict = { ...capabilities, hasStrictJson: true }

test.each([
  ["U+0000", "a\0b", "nul-in-text"],
  ["the first half of a surrogate pair", "\ud800", "lone-surrogate"],
  ["the second half of a surrogate pair", "\udfff", "lone-surrogate"],
  ["U+0000 behind a backslash", "\\\0", "nul-in-text"],
  ["what only looks like an escape", "\\u0000 \\\\ud800", undefined],
  ["a whole surrogate pair", "😀", undefined],
  ["other control characters", "\u0001\u001f", undefined],
])("a json column of a destination with strict JSON: %s", (_, text, code) => {
  for (const asText of [false, true]) {
    const { normalizer, target } = createNormalizer({ columns: { d: { dataType: "json" } } }, true, { capabilities: strict })
    const row = { id: 1, d: { deep: [text], [text]: 1 } }
    if (asText) normalizer.pushJsonLines(target, encodeUtf8(JSON.stringify(row)))
    else normalizer.pushRows(target, [row])
    expect(normalizer.takeRejects().map((reject) => reject.code)).toEqual(code === undefined ? [] : [code])
  }
})

test.each([
  ["U+0000", "a\0b", undefined],
  ["half a surrogate pair", "\ud800", "lone-surrogate"],
  ["a whole surrogate pair", "😀", undefined],
])("a json column of any other destination: %s", (_, text, code) => {
  const { normalizer, target } = createNormalizer({ columns: { d: { dataType: "json" } } })
  normalizer.pushRows(target, [{ id: 1, d: { deep: [text] } }])
  expect(normalizer.takeRejects().map((reject) => reject.code)).toEqual(code === undefined ? [] : [code])
})
