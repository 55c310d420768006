import { reveal } from "@lading/core"
import { expect, it } from "vitest"
import { fromEnvironment } from "./from-environment.ts"

it("a secret from the environment is read when it is needed, and names its variable when that is not set", () => {
  const environment: Record<string, string> = {}
  const password = fromEnvironment("SHOP_PASSWORD", environment)
  expect(() => reveal(password)).toThrow(
    expect.objectContaining({ code: "config-missing", message: "environment variable SHOP_PASSWORD is not set" }),
  )
  environment.SHOP_PASSWORD = "c4n4ry"
  expect(reveal(password)).toBe("c4n4ry")
  expect(`${password}`).toBe("[secret]")
})
