import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { DbtOptions } from "@lading/transformer-dbt"
import { root } from "./consumer.ts"

const here = dirname(fileURLToPath(import.meta.url))

/** A real dbt, made once under the cache of the repository; it takes a minute the first time. */
export const realDbt = { dbt: "managed", cacheFolder: join(root, ".cache", "dbt") } as const

/** Path of the Python of the managed environment for DuckDB. */
export const duckdbPython = join(realDbt.cacheFolder, "dbt-core-1.11.16_dbt-duckdb-1.11.1_duckdb-1.5.6", "bin", "python")

/** Copies one of the projects of `fixtures` into a folder, with more files where given. */
export function copyProject(name: "shop" | "environment", to: string, more: Readonly<Record<string, string>> = {}): void {
  cpSync(join(here, "..", "fixtures", name), to, { recursive: true })
  for (const [path, text] of Object.entries(more)) {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), text)
  }
}

/** All files below a folder, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** A program that runs dbt, as it goes on. */
export interface DbtProgram {
  readonly child: ChildProcess
  /** Resolves with the first line of this kind; rejects when the program ends without one. */
  saw(kind: string): Promise<Readonly<Record<string, unknown>>>
  /** Everything that it printed, and how it ended. */
  readonly end: Promise<ProgramEnd>
}

/** How a program ended. */
export interface ProgramEnd {
  readonly output: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** Starts a program of its own that runs dbt on `<folder>/target.duckdb`; temporary files go to `<folder>/tmp`. */
export function startDbt(folder: string, options: DbtOptions, environment: Readonly<Record<string, string>> = {}): DbtProgram {
  mkdirSync(join(folder, "tmp"), { recursive: true })
  const child = spawn(process.execPath, [join(here, "..", "cases", "dbt.mjs"), folder, JSON.stringify(options)], {
    env: { ...process.env, ...environment, TMPDIR: join(folder, "tmp") },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  const find = (kind: string) =>
    output
      .split("\n")
      .flatMap(parseLine)
      .find((line) => line.kind === kind)
  const end = new Promise<ProgramEnd>((resolve) => {
    child.on("close", (exitCode, signal) => resolve({ output, exitCode, signal }))
  })
  const saw = (kind: string) =>
    new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
      const look = (): void => {
        const found = find(kind)
        if (found !== undefined) resolve(found)
      }
      look()
      child.stdout.on("data", look)
      void end.then(() => reject(new Error(`no line of kind ${kind}: ${output}`)))
    })
  return { child, saw, end }
}

function parseLine(line: string): Readonly<Record<string, unknown>>[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

/** Holds a DuckDB file open for writing in a process of Python, until `stop`. */
export async function holdDatabase(path: string): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
  const child = spawn(duckdbPython, ["-c", script, path], { stdio: ["pipe", "pipe", "inherit"] })
  await once(child.stdout, "data")
  return {
    pid: child.pid ?? -1,
    async stop() {
      child.stdin.end()
      await once(child, "close")
    },
  }
}
