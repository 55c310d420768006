import { existsSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createFixture, type Fixture } from "../test/fixture.ts"
import { lendDatabase } from "./database.ts"
import { duckdb } from "./destination.ts"
import { driver } from "./driver.ts"

let fixture: Fixture
beforeEach(() => {
  fixture = createFixture()
})
afterEach(() => fixture.dispose())

test("dbt reaches the dataset by the path of the file, seen from the folder of the pipeline", () => {
  const profile = duckdb("data.duckdb").dbtProfile?.({ dataset: "player_data", baseDirectory: "/data" })
  expect(profile).toMatchObject({ type: "duckdb", settings: { path: join("/data", "data.duckdb"), schema: "player_data" } })
})

test("a file that is lent is open nowhere, and no session gets it until it is given back", async () => {
  const giveBack = await lendDatabase({ path: fixture.path })
  const other = await driver.DuckDBInstance.create(fixture.path)
  other.closeSync()
  await expect(lendDatabase({ path: fixture.path })).rejects.toMatchObject({ code: "database-locked" })
  await giveBack()
  expect(existsSync(`${fixture.path}.lock`)).toBe(false)
  await (await lendDatabase({ path: fixture.path }))()
})

test("a file with an open session is not lent", async () => {
  const session = await fixture.open()
  await expect(lendDatabase({ path: fixture.path })).rejects.toMatchObject({
    code: "database-locked",
    message: expect.stringContaining("an open session of this process"),
  })
  await session.close()
  await (await lendDatabase({ path: fixture.path }))()
})
