import { closeSync, constants, openSync, readSync } from "node:fs"
import { access, stat } from "node:fs/promises"
import { delimiter, join, resolve } from "node:path"
import { LadingError } from "@lading/core"
import { type AdapterPackages, adapterPackages } from "./adapters.ts"
import { allowedEnvironment, type Environment } from "./environment.ts"
import { makeManagedVenv } from "./managed-venv.ts"
import type { DbtChoice } from "./options.ts"
import type { OnDbtProgress } from "./progress.ts"
import { runProgram } from "./run-program.ts"
import { binFolder } from "./venv-layout.ts"

/** What is looked for, and where. */
export interface FindRequest {
  readonly choice: DbtChoice
  /** Name of the adapter that dbt must have. */
  readonly adapter: string
  readonly cacheFolder: string
  readonly baseDirectory: string
  readonly environment: Environment
  readonly signal?: AbortSignal | undefined
  readonly onProgress: OnDbtProgress
}

/**
 * Path of the dbt program that runs.
 * @throws LadingError `dbt-missing` with the remedy, `dbt-profile` for an adapter that nobody knows, `interrupted`
 */
export async function findDbt(request: FindRequest): Promise<string> {
  const { choice, baseDirectory, environment } = request
  const packages = adapterPackages(request.adapter)
  if (typeof choice === "object") return fromVenv(resolve(baseDirectory, choice.venv), packages, request)
  if (choice === "managed") return makeManagedVenv({ ...request, packages })
  const found = await onPath(environment)
  const lacks = found === undefined ? "dbt itself" : await missingPackage(found, packages, request)
  if (found !== undefined && lacks === undefined) return found
  if (choice === "auto") return makeManagedVenv({ ...request, packages })
  throw missing(found === undefined ? "There is no dbt on PATH" : `The dbt on PATH, ${found}, lacks ${lacks}`, packages)
}

async function fromVenv(venv: string, packages: AdapterPackages, request: FindRequest): Promise<string> {
  for (const name of ["dbt", "dbt.exe"]) {
    const path = join(binFolder(venv), name)
    if (!(await isExecutable(path))) continue
    const lacks = await missingPackage(path, packages, request)
    if (lacks === undefined) return path
    throw missing(`The virtual environment ${venv} lacks ${lacks}`, packages)
  }
  throw missing(`There is no dbt in the virtual environment ${venv}`, packages)
}

function missing(message: string, { requirements }: AdapterPackages): LadingError {
  return new LadingError({
    code: "dbt-missing",
    message,
    hint: `pip install ${requirements.map((one) => `"${one}"`).join(" ")}, or let one be made: dbt({ ..., dbt: "managed" })`,
  })
}

async function onPath(environment: Environment): Promise<string | undefined> {
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((folder) => folder !== "")
  const names = process.platform === "win32" ? ["dbt.exe"] : ["dbt"]
  for (const path of folders.flatMap((folder) => names.map((name) => resolve(folder, name)))) if (await isExecutable(path)) return path
  return undefined
}

/** Asks the Python that a dbt program names in its first line. `dbt --version` would ask a package index for the newest version. */
async function missingPackage(dbt: string, { adapter }: AdapterPackages, request: FindRequest): Promise<string | undefined> {
  const python = /^#!\s*(\S*python[\d.]*)\s*$/m.exec(firstLine(dbt))?.[1]
  if (python === undefined) return undefined
  const script = "import sys, importlib.metadata as m; [m.version(n) for n in sys.argv[1:]]"
  const { exitCode, complaint } = await runProgram(python, ["-I", "-c", script, "dbt-core", adapter], {
    environment: allowedEnvironment(request.environment),
    signal: request.signal,
  })
  if (exitCode === 0) return undefined
  return /No package metadata was found for (\S+)/.exec(complaint)?.[1] ?? `a working Python (${python})`
}

function firstLine(path: string): string {
  const buffer = Buffer.alloc(512)
  const file = openSync(path, "r")
  try {
    return buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0)).split("\n", 1)[0] ?? ""
  } finally {
    closeSync(file)
  }
}

/** A file that may be run: a folder of projects is often called dbt, too. */
async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
