import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { isSecret, reveal, secret } from "./secret.ts"

const canary = "c4n4ry-correct-horse"

describe("a secret", () => {
  const prints: readonly (readonly [string, (value: unknown) => string])[] = [
    ["a template string", (value) => `${value}`],
    ["joined texts", (value) => ["", value].join("")],
    ["String()", (value) => String(value)],
    ["JSON", (value) => JSON.stringify({ value, list: [value] })],
    ["the console", (value) => inspect({ value }, { depth: 9 })],
    ["the console with hidden properties", (value) => inspect(value, { showHidden: true, depth: 9, getters: true })],
    ["the console without custom inspection", (value) => inspect(value, { customInspect: false, showHidden: true, depth: 9 })],
    ["a spread", (value) => JSON.stringify({ ...(value as object) })],
    ["a clone", (value) => inspect(structuredClone(value))],
    ["an error", (value) => inspect(new Error(`cannot connect with ${value}`, { cause: value }))],
  ]

  it.each(prints)("does not show in %s", (_name, print) => {
    expect(print(secret(canary))).not.toContain(canary)
    expect(print(secret(() => canary))).not.toContain(canary)
  })

  it("prints as [secret]", () => {
    expect([`${secret(canary)}`, JSON.stringify(secret(canary)), inspect(secret(canary))]).toEqual(["[secret]", '"[secret]"', "[secret]"])
  })

  it("has no enumerable property and cannot be changed", () => {
    const value = secret(canary)
    expect(Object.keys(value)).toEqual([])
    expect(Object.entries(value)).toEqual([])
    expect(Object.isFrozen(value)).toBe(true)
  })

  it("is revealed as it was given", () => {
    expect(reveal(secret(canary))).toBe(canary)
    expect(reveal("plain")).toBe("plain")
    expect(reveal(secret(secret(canary)))).toBe(canary)
  })

  it("made of a function is read at every reveal and not before", () => {
    let reads = 0
    const value = secret(() => String(++reads))
    expect(reads).toBe(0)
    expect([reveal(value), reveal(value)]).toEqual(["1", "2"])
  })

  it("is told from other values", () => {
    expect([isSecret(secret("")), isSecret(""), isSecret(null), isSecret({ toJSON: () => "[secret]" })]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})
