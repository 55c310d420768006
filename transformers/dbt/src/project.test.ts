import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { DbtProject } from "./options.ts"
import { findProject } from "./project.ts"

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-project-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const find = (project: DbtProject) =>
  findProject({
    ...{ project, baseDirectory: folder, cloneInto: join(folder, "clone") },
    environment: { PATH: process.env.PATH, HOME: folder },
    onProgress: () => undefined,
  })

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function git(...args: readonly string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
  return execFileSync("git", [...identity, "-C", join(folder, "repo"), ...args], { encoding: "utf8" }).trim()
}

describe("a project in a folder", () => {
  it("is found from the folder of the pipeline", async () => {
    put("dbt/dbt_project.yml", "name: a")
    expect(await find("dbt")).toBe(join(folder, "dbt"))
  })

  it("that is not there is an error that names the folder", async () => {
    await expect(find("dbt")).rejects.toMatchObject({ code: "dbt-project-missing", message: expect.stringContaining(join(folder, "dbt")) })
  })
})

describe("a project in a repository", () => {
  beforeEach(() => {
    put("repo/dbt/dbt_project.yml", "name: first")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    git("tag", "v1")
    git("checkout", "--quiet", "-b", "next")
    put("repo/dbt/dbt_project.yml", "name: second")
    git("commit", "--quiet", "-am", "second")
    git("checkout", "--quiet", "main")
  })

  it.each([
    ["its head", undefined, "first"],
    ["a tag", "v1", "first"],
    ["a branch", "next", "second"],
  ])("is cloned at %s", async (_what, revision, name) => {
    const found = await find({ git: "repo", folder: "dbt", ...(revision === undefined ? {} : { revision }) })
    expect(readFileSync(join(found, "dbt_project.yml"), "utf8")).toBe(`name: ${name}`)
  })

  it("is cloned at a commit", async () => {
    const found = await find({ git: `file://${join(folder, "repo")}`, folder: "dbt", revision: git("rev-parse", "--short", "next") })
    expect(readFileSync(join(found, "dbt_project.yml"), "utf8")).toBe("name: second")
  })

  it.each([
    ["has no such revision", { git: "repo", revision: "v9" }, "no branch, tag or commit v9"],
    ["has no project at its root", { git: "repo" }, "has no dbt_project.yml"],
    ["does not exist", { git: "nowhere" }, "could not be cloned"],
    ["cannot be cloned, without telling its password", { git: "file://ana:canary@localhost/nowhere" }, "file://localhost/nowhere"],
  ])("that %s is an error", async (_what, project, message) => {
    const error: Error & { code?: string } = await find(project).then(
      () => new Error("found"),
      (cause) => cause,
    )
    expect(error).toMatchObject({ code: "dbt-project-missing", message: expect.stringContaining(message) })
    expect(error.message).not.toContain("canary")
  })
})

describe("a project in an installed package", () => {
  it.each([
    ["at its root", "dbt_project.yml", undefined, ""],
    ["in its folder dbt", "dbt/dbt_project.yml", undefined, "dbt"],
    ["in a folder that is named", "x/dbt_project.yml", "x", "x"],
  ])("is found %s", async (_where, path, inside, expected) => {
    put("node_modules/@acme/shop/package.json", '{"name":"@acme/shop","exports":{}}')
    put(`node_modules/@acme/shop/${path}`, "name: a")
    const found = await find({ package: "@acme/shop", ...(inside === undefined ? {} : { folder: inside }) })
    expect(found).toBe(join(folder, "node_modules/@acme/shop", expected))
  })

  it("that is not installed is an error with the command that installs it", async () => {
    await expect(find({ package: "@acme/none" })).rejects.toMatchObject({ code: "dbt-project-missing", hint: "npm install @acme/none" })
  })
})
