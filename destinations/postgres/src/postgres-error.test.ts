import { expect, test } from "vitest"
import { isWorthRepeating, toLadingError } from "./postgres-error.ts"

/** An error as the driver makes it from the server's message. */
const server = (code: string, more: object = {}) => Object.assign(new Error("it failed"), { severity: "ERROR", code, ...more })

test.each([
  [new Error("Connection terminated unexpectedly"), "connection-failed", true, true],
  [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), "connection-failed", true, true],
  [Object.assign(new Error("write EPIPE"), { code: "EPIPE" }), "connection-failed", true, true],
  [server("08006"), "connection-failed", true, true],
  [server("57P01"), "connection-failed", true, true],
  [server("25P03"), "connection-failed", true, true],
  [server("40001"), "destination-busy", true, true],
  [server("40P01"), "destination-busy", true, true],
  [server("55P03"), "destination-busy", true, false],
  [server("57014"), "destination-busy", true, false],
  [server("53300"), "destination-busy", true, false],
  [server("28P01"), "login-refused", false, false],
  [server("3D000"), "login-refused", false, false],
  [server("42501"), "permission-denied", false, false],
  [server("42P01"), "destination-error", false, false],
  [server("22P02"), "destination-error", false, false],
])("%s is %s", (error, code, retryable, isRepeated) => {
  const mapped = toLadingError(error, "load")
  expect(mapped).toMatchObject({ code, retryable, message: expect.stringContaining("PostgreSQL could not load") })
  expect(isWorthRepeating(mapped)).toBe(isRepeated)
})

test("detail and context of the server, which may hold rows, are left out; line and column are told", () => {
  const mapped = toLadingError(server("22P02", { detail: "canary", where: 'COPY t, line 7, column amount: "canary"' }), "load")
  expect(mapped.details).toEqual({ sqlstate: "22P02", line: 7, column: "amount" })
  expect(`${JSON.stringify(mapped)}${mapped.stack}${String(mapped.cause)}`).not.toContain("canary")
})
