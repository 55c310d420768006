import { LadingError } from "@lading/core"
import { expect, test } from "vitest"
import { refused } from "../assert.ts"
import { createTestClock } from "./clock.ts"
import { createExtractContext, createTestContext } from "./test-context.ts"

test("a test clock stands still until it is moved", () => {
  const clock = createTestClock(new Date(1_000))
  expect([clock.now().getTime(), clock.now().getTime()]).toEqual([1_000, 1_000])
  clock.advance(-250)
  expect(clock.now().getTime()).toBe(750)
})

test("a test context has a fake clock, a log in memory, no network and a signal that can be aborted", async () => {
  const context = createTestContext({ baseDirectory: "folder" })
  context.log.warn("careful")
  context.clock.advance(1_000)
  context.abort()
  expect(context.messages).toEqual(["warn: careful"])
  expect(context.now().toISOString()).toBe("2024-05-01T00:00:01.000Z")
  expect(context.signal.aborted).toBe(true)
  await expect(context.fetch("https://example.org")).rejects.toThrow("no network: https://example.org")
})

test("an extract context shares signal, clock and log, and changes the given state", () => {
  const context = createTestContext({ baseDirectory: "folder" })
  const state = {}
  const extract = createExtractContext(context, { state, cursor: { start: 5 } })
  extract.state.position = 1
  extract.log.info("read")
  expect(state).toEqual({ position: 1 })
  expect(extract.cursor).toEqual({ start: 5, end: undefined })
  expect(context.messages).toEqual(["info: read"])
  expect(extract.signal).toBe(context.signal)
})

const error = (hint?: string) => new LadingError({ code: "bad", message: "it is bad", ...(hint === undefined ? {} : { hint }) })

test("a refusal is a LadingError with one of the codes, and a hint where one is needed", async () => {
  await expect(refused(Promise.reject(error("do this")), "x", { codes: ["bad"], needsHint: true })).resolves.toMatchObject({ code: "bad" })
  await expect(refused(Promise.resolve(1), "x")).rejects.toThrow("x must be refused, but was accepted")
  await expect(refused(Promise.reject(new Error("no")), "x")).rejects.toThrow("with a LadingError")
  await expect(refused(Promise.reject(error()), "x", { codes: ["other"] })).rejects.toThrow("code other expected, got bad")
  await expect(refused(Promise.reject(error()), "x", { needsHint: true })).rejects.toThrow("no hint")
})
