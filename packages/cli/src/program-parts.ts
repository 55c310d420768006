import { type Command, InvalidArgumentError } from "commander"
import type { Io, Session } from "./io.ts"

/** Options that every command has. */
export interface Common {
  readonly json?: true
}

/** Adds the options that every command has. */
export function common(command: Command): Command {
  return command
    .option("--json", "one JSON document on standard output, text for people on standard error")
    .option("--debug", "show the stack trace of an error")
}

/** Adds the options that say which dataset is meant. */
export function dataset(command: Command): Command {
  return command
    .option("--pipeline <name>", "the pipeline of this name, when the file exports several")
    .option("--destination <name>", "a destination instead of a pipeline file, such as duckdb")
    .option("--path <path>", "path of that destination's database")
    .option("--dataset <name>", "dataset in that destination")
    .option("--work-dir <folder>", "folder for unfinished load packages")
}

/** What a command is given besides its own options. */
export function session(io: Io, { json }: Common): Session {
  return { io, isJson: json === true }
}

/** The examples at the end of a help text. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples\n${lines.map((line) => `  ${line}`).join("\n")}`
}

/** Parses an option that is a count. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.")
  return Number(text)
}

/** Description of the argument or option that names a pipeline file. */
export const pipelineFile = "pipeline file, as in `lading run`"

/** Parses an option that is a count of at least one. */
export function countAboveZero(text: string): number {
  const count = wholeNumber(text)
  if (count === 0) throw new InvalidArgumentError("It must be at least 1.")
  return count
}

/** Parses an option that is a list of names, separated by commas. */
export function nameList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim())
  if (names.some((name) => name === "")) throw new InvalidArgumentError("It must be names, separated by commas.")
  return names
}
