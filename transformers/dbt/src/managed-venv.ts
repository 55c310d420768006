import { mkdir, readFile, realpath, rm, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { LadingError } from "@lading/core"
import type { AdapterPackages } from "./adapters.ts"
import { allowedEnvironment, type Environment, pipEnvironment } from "./environment.ts"
import { interrupted } from "./errors.ts"
import type { OnDbtProgress } from "./progress.ts"
import { runProgram } from "./run-program.ts"
import { programOf } from "./venv-layout.ts"

/** Which environment is made, and where. */
export interface ManagedRequest {
  readonly packages: AdapterPackages
  readonly cacheFolder: string
  readonly environment: Environment
  readonly signal?: AbortSignal | undefined
  readonly onProgress: OnDbtProgress
}

const stampName = "lading-packages.txt"

/**
 * A virtual environment with exactly these packages, made once and used again: a stamp, written last, tells a whole one from the rest of an
 * interrupted installation.
 * @returns path of its dbt
 * @throws LadingError `dbt-missing` when Python is missing or the packages cannot be installed, `interrupted`
 */
export async function makeManagedVenv(request: ManagedRequest): Promise<string> {
  const { requirements } = request.packages
  await mkdir(request.cacheFolder, { recursive: true })
  // The programs of an environment name its path, so a link to the folder must not become part of it.
  const venv = join(await realpath(request.cacheFolder), requirements.map((one) => one.replace("==", "-")).join("_"))
  if (await isWhole(venv, requirements)) return programOf(venv, "dbt")
  const unlock = await lock(`${venv}.lock`, request.signal)
  try {
    if (!(await isWhole(venv, requirements))) await install(venv, request)
    return programOf(venv, "dbt")
  } finally {
    await unlock()
  }
}

async function isWhole(venv: string, requirements: readonly string[]): Promise<boolean> {
  const stamp = await readFile(join(venv, stampName), "utf8").catch(() => "")
  return stamp === requirements.join("\n")
}

async function install(venv: string, { packages: { requirements }, environment, signal, onProgress }: ManagedRequest): Promise<void> {
  onProgress({ kind: "preparing", message: `making a virtual environment with ${requirements.join(", ")}; about a minute, only this once` })
  await rm(venv, { recursive: true, force: true })
  const made = await runProgram("python3", ["-m", "venv", venv], { environment: allowedEnvironment(environment), signal })
  if (made.exitCode !== 0)
    throw new LadingError({
      code: "dbt-missing",
      message: `dbt needs Python, and no virtual environment could be made with python3: ${made.complaint}`,
      hint: "Install Python 3.10 to 3.13 with its venv module (Debian: apt install python3-venv), or name an environment that has dbt: dbt({ dbt: { venv } }).",
    })
  const pip = await runProgram(programOf(venv, "python"), ["-m", "pip", "install", "--quiet", "--prefer-binary", ...requirements], {
    environment: pipEnvironment(environment),
    signal,
  })
  if (pip.exitCode !== 0)
    throw new LadingError({
      code: "dbt-missing",
      message: `dbt could not be installed into ${venv}: ${pip.complaint}`,
      hint: "Check the network and pip's configuration, or name an environment that has dbt: dbt({ dbt: { venv } }).",
      retryable: true,
    })
  await writeFile(join(venv, stampName), requirements.join("\n"))
}

/** One process installs, the others wait for it; the lock of a process that is gone is taken over. */
async function lock(path: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: "wx" })
      return () => unlink(path).catch(() => undefined)
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    }
    const holder = Number(await readFile(path, "utf8").catch(() => ""))
    if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) await unlink(path).catch(() => undefined)
    else await wait(250, undefined, { signal: signal ?? new AbortController().signal }).catch(() => Promise.reject(interrupted()))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}
