import { mkdtempSync, realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Io, UserModule } from "../../../packages/cli/src/io.ts"
import { main } from "../../../packages/cli/src/main.ts"

/** What a command printed, and its exit code. */
export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Codes of `exit` calls, which end the process in real life. */
  readonly exits: readonly number[]
}

/** How a command is run in this process. */
export interface Circumstances {
  readonly cwd: string
  /** What importing the pipeline file gives; default: the file is imported. */
  readonly module?: UserModule | ((path: string) => Promise<UserModule>)
  /** Width of a terminal; without it, both streams are pipes. */
  readonly terminal?: number
  /** Is given a function that interrupts the command. */
  readonly onStart?: (interrupt: () => void) => void
}

/** A new empty folder outside of the repository. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "lading-cli-")))
}

/** Runs the command in this process, from source. */
export async function lading(argv: readonly string[], { cwd, module, terminal, onStart }: Circumstances): Promise<Answer> {
  const text = { stdout: "", stderr: "" }
  const exits: number[] = []
  const output = (name: keyof typeof text): Io["stdout"] => ({
    isTerminal: terminal !== undefined,
    hasColor: false,
    columns: terminal,
    write(written) {
      text[name] += written
    },
  })
  const code = await main(argv, {
    stdout: output("stdout"),
    stderr: output("stderr"),
    cwd,
    importModule: (path) => (typeof module === "function" ? module(path) : module === undefined ? import(path) : Promise.resolve(module)),
    onInterrupt(listener) {
      onStart?.(listener)
      return () => undefined
    },
    exit: (exitCode) => void exits.push(exitCode),
  })
  return { code, ...text, exits }
}
