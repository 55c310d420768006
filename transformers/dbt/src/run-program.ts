import { execa } from "execa"
import { interrupted, throwIfAborted } from "./errors.ts"

/** How a program is run. */
export interface ProgramOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly signal?: AbortSignal | undefined
}

/** How a program ended. */
export interface ProgramResult {
  /** Undefined when it could not be started. */
  readonly exitCode: number | undefined
  readonly stdout: string
  /** The last lines of what it said about errors, or why it could not be started. */
  readonly complaint: string
}

/**
 * Runs a short program with exactly this environment.
 * @throws LadingError `interrupted`
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { environment, cwd, signal }: ProgramOptions,
): Promise<ProgramResult> {
  throwIfAborted(signal)
  const result = await execa(file, args, {
    env: environment,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    forceKillAfterDelay: 2_000,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  if (result.isCanceled) throw interrupted()
  const complaint = result.stderr === "" || result.stderr === undefined ? (result.originalMessage ?? "") : result.stderr
  return { exitCode: result.exitCode, stdout: result.stdout ?? "", complaint: complaint.trim().split("\n").slice(-5).join("\n") }
}
