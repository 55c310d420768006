import { execFile, spawn } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const script = join(here, "load.mjs")

/** Path of an input of test/cases. */
export function input(name: string): string {
  return join(here, "..", "..", "cases", "inputs", name)
}

/** What a loading process printed, parsed, and its exit code. */
export interface LoadAnswer {
  readonly exitCode: number
  readonly stderr: string
  readonly receipt: {
    readonly code?: string
    readonly message?: string
    readonly tables?: Readonly<Record<string, { readonly extracted: number; readonly loaded: number; readonly rejected: number }>>
    readonly cursors?: Readonly<Record<string, string>>
    readonly peak?: number
    readonly samples?: readonly number[]
  }
}

/** Loads in a process of its own, on the built packages. */
export function runLoad(
  folder: string,
  path: string,
  { hints = {}, env = {}, nodeOptions = [] }: { hints?: object; env?: Record<string, string>; nodeOptions?: readonly string[] } = {},
): Promise<LoadAnswer> {
  return new Promise((resolve) => {
    const args = [...nodeOptions, script, folder, path, JSON.stringify(hints)]
    execFile(process.execPath, args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1
      resolve({ exitCode, stderr, receipt: stdout.trim() === "" ? {} : JSON.parse(stdout) })
    })
  })
}

/** Loads what another command prints, over a pipe. */
export function pipeLoad(folder: string, producer: readonly string[], nodeOptions: readonly string[], hints: object): Promise<LoadAnswer> {
  return new Promise((resolve) => {
    const source = spawn(process.execPath, [...producer], { stdio: ["ignore", "pipe", "inherit"] })
    const load = spawn(process.execPath, [...nodeOptions, script, folder, "-", JSON.stringify(hints)], {
      stdio: [source.stdout, "pipe", "pipe"],
    })
    const text = { stdout: "", stderr: "" }
    load.stdout.on("data", (chunk: Buffer) => {
      text.stdout += chunk.toString()
    })
    load.stderr.on("data", (chunk: Buffer) => {
      text.stderr += chunk.toString()
    })
    load.on("close", (exitCode) =>
      resolve({ exitCode: exitCode ?? -1, stderr: text.stderr, receipt: text.stdout.trim() === "" ? {} : JSON.parse(text.stdout) }),
    )
  })
}
