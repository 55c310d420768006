import { CommanderError } from "commander"
import type { Io } from "./io.ts"
import { createProgram } from "./program.ts"

/**
 * Runs the command.
 * @param argv arguments without the interpreter and the script
 * @returns the exit code: 0 ok, 1 error, 2 usage, 3 fenced, 4 stale, 5 reject ceiling, 6 contract, 75 interrupted
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const isJson = argv.includes("--json")
  try {
    await createProgram(io).parseAsync([...argv], { from: "user" })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error, isJson, io)
    const { reportError } = await import("./report-error.ts")
    return reportError(error, { io, isJson, isDebug: argv.includes("--debug") })
  }
}

/** Commander has told people already; help and version are no errors. */
async function commanderExit(error: CommanderError, isJson: boolean, io: Io): Promise<number> {
  if (error.exitCode === 0) return 0
  if (isJson) {
    const message = error.message.replace(/^error: /, "")
    await io.stdout.write(`${JSON.stringify({ error: { code: "usage", message, hint: "lading --help", details: {} } }, undefined, 2)}\n`)
  }
  return 2
}
