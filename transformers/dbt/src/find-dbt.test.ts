import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { adapterPackages } from "./adapters.ts"
import { findDbt } from "./find-dbt.ts"
import { makeManagedVenv } from "./managed-venv.ts"
import type { DbtChoice } from "./options.ts"

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-find-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program made of a shell script. */
function program(path: string, script: string): string {
  mkdirSync(join(folder, path, ".."), { recursive: true })
  writeFileSync(join(folder, path), script)
  chmodSync(join(folder, path), 0o755)
  return join(folder, path)
}

/** A dbt whose Python answers as told when it is asked for packages. */
function fakeDbt(bin: string, python: string): string {
  return program(`${bin}/dbt`, `#!${program(`${bin}/python3`, `#!/bin/sh\n${python}\n`)}\n`)
}

const find = (choice: DbtChoice, path = join(folder, "bin")) =>
  findDbt({
    ...{ choice, adapter: "duckdb", cacheFolder: join(folder, "cache"), baseDirectory: folder },
    environment: { PATH: path },
    onProgress: () => undefined,
  })

describe("looking for dbt", () => {
  it("takes the one on PATH when it has the adapter", async () => {
    const dbt = fakeDbt("bin", "exit 0")
    expect(await find("path")).toBe(dbt)
    expect(await find("auto")).toBe(dbt)
  })

  it("takes the one of a virtual environment, whatever is on PATH", async () => {
    fakeDbt("bin", "exit 0")
    expect(await find({ venv: "venv" }).catch(({ code }) => code)).toBe("dbt-missing")
    const dbt = fakeDbt("venv/bin", "exit 0")
    expect(await find({ venv: "venv" })).toBe(dbt)
  })

  it("passes over a folder of that name", async () => {
    mkdirSync(join(folder, "bin", "dbt"), { recursive: true })
    await expect(find("path")).rejects.toMatchObject({ code: "dbt-missing", message: "There is no dbt on PATH" })
  })

  it("says what is missing, and the command that installs it", async () => {
    await expect(find("path")).rejects.toMatchObject({
      code: "dbt-missing",
      message: "There is no dbt on PATH",
      hint: expect.stringContaining('pip install "dbt-core==1.11.16" "dbt-duckdb==1.11.1" "duckdb==1.5.6"'),
    })
    fakeDbt("bin", "echo 'PackageNotFoundError: No package metadata was found for dbt-duckdb' >&2; exit 1")
    await expect(find("path")).rejects.toMatchObject({ code: "dbt-missing", message: expect.stringContaining("lacks dbt-duckdb") })
  })

  it("refuses an adapter that it knows nothing of", async () => {
    const request = {
      choice: "path",
      adapter: "toString",
      cacheFolder: folder,
      baseDirectory: folder,
      environment: {},
      onProgress: () => undefined,
    }
    await expect(findDbt({ ...request, choice: "path" })).rejects.toMatchObject({ code: "dbt-profile" })
  })

  it("makes one when it has to, and says so when there is no Python", async () => {
    await expect(find("auto")).rejects.toMatchObject({ code: "dbt-missing", hint: expect.stringContaining("Install Python") })
  })
})

describe("a managed environment", () => {
  /** A python3 that makes an environment whose pip writes down what it was given. */
  const script = (pip: string) =>
    `#!/bin/sh\nmkdir -p "$3/bin"\nprintf '#!/bin/sh\\n${pip}\\n' > "$3/bin/python"\nchmod +x "$3/bin/python"\necho made >> "${join(folder, "made")}"\n`
  const make = (signal?: AbortSignal) =>
    makeManagedVenv({
      packages: adapterPackages("duckdb"),
      cacheFolder: join(folder, "cache"),
      environment: { PATH: `${join(folder, "bin")}:${process.env.PATH}` },
      signal,
      onProgress: () => undefined,
    })
  const count = async () =>
    (await import("node:fs/promises")).readFile(join(folder, "made"), "utf8").then((text) => text.trim().split("\n").length)

  it("is made once, also when two ask at the same time", async () => {
    program("bin/python3", script("exit 0"))
    const [first, second] = await Promise.all([make(), make()])
    expect(first).toBe(second)
    expect(await make()).toBe(first)
    expect(await count()).toBe(1)
  })

  it("does not depend on the link by which its folder was found", async () => {
    program("bin/python3", script("exit 0"))
    mkdirSync(join(folder, "elsewhere"))
    symlinkSync(join(folder, "elsewhere"), join(folder, "cache"))
    expect(await make()).toContain(join(realpathSync(folder), "elsewhere"))
  })

  it("is made anew when it was left half made", async () => {
    program("bin/python3", script("echo no route to host >&2; exit 1"))
    await expect(make()).rejects.toMatchObject({
      code: "dbt-missing",
      message: expect.stringContaining("no route to host"),
      retryable: true,
    })
    program("bin/python3", script("exit 0"))
    await make()
    expect(await count()).toBe(2)
  })

  it("is not waited for once the run is told to stop", async () => {
    program("bin/python3", script("exec sleep 60"))
    const controller = new AbortController()
    const both = Promise.allSettled([make(controller.signal), make(controller.signal)])
    controller.abort()
    const stopped = { status: "rejected", reason: expect.objectContaining({ code: "interrupted" }) }
    expect(await both).toEqual([stopped, stopped])
  })
})
