import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { restFromFile } from "./from-file.ts"

const folder = mkdtempSync(join(tmpdir(), "lading-rest-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string): string {
  const path = join(folder, "api.json")
  writeFileSync(path, text)
  return path
}

it("a source can be declared in a JSON file, with secrets from elsewhere", () => {
  const path = file(
    '{ "name": "api", "client": { "baseUrl": "https://api.example.com" }, "resources": ["posts", { "name": "users", "primaryKey": "id" }] }',
  )
  const source = restFromFile(path, { auth: { type: "bearer", token: "t" } })
  expect(source).toMatchObject({ name: "api", resources: [{ name: "posts" }, { name: "users", hints: { primaryKey: "id" } }] })
})

it.each([
  ["is not there", () => join(folder, "nothing.json"), "file-unreadable"],
  ["is no JSON", () => file("{ canary"), "invalid-json"],
  ["is no object", () => file("1"), "invalid-json"],
  ["lacks keys", () => file("{}"), "invalid-options"],
])("a file that %s is told without what is in it", (_, path, code) => {
  expect(() => restFromFile(path())).toThrow(expect.objectContaining({ code, message: expect.not.stringContaining("canary") }))
})
