import { isLadingError } from "@lading/core"
import pc from "picocolors"
import { exitCodeOf } from "./exit-codes.ts"
import { toJson } from "./format/json.ts"
import { printableLines, redact } from "./format/text.ts"
import type { Io } from "./io.ts"

/** How an error is shown. */
export interface ReportOptions {
  readonly io: Io
  readonly isJson: boolean
  /** With its stack trace, to standard error. */
  readonly isDebug: boolean
}

/** An error as people and machines are told of it; texts are free of secrets. */
export interface ErrorFacts {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * Tells people about an error on standard error, and machines on standard output.
 * @returns the exit code
 */
export async function reportError(error: unknown, { io, isJson, isDebug }: ReportOptions): Promise<number> {
  const facts = toFacts(error)
  if (isJson) await io.stdout.write(`${toJson({ ...partialDocument(error), error: facts }, 2)}\n`)
  await io.stderr.write(`${formatError(facts, io.stderr.hasColor)}\n`)
  if (isDebug) await io.stderr.write(`\n${redact(traceOf(error))}\n`)
  return exitCodeOf(facts.code)
}

/** The facts of any error; one that is not ours is `unexpected` and says so. */
export function toFacts(error: unknown): ErrorFacts {
  if (isLadingError(error)) {
    const { code, message, hint = "", details } = error
    return { code, message: redact(message), hint: redact(hint), details: JSON.parse(redact(toJson(details))) }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: "unexpected",
    message: redact(message),
    hint: "this is a defect of Lading, not of your data: please report it with the output of the same command with --debug",
    details: {},
  }
}

/** The text for people: code and message, then what to do. */
export function formatError({ code, message, hint }: ErrorFacts, hasColor: boolean): string {
  const { bold, red, dim } = pc.createColors(hasColor)
  const [first = "", ...rest] = printableLines(message).split("\n")
  const lines = [`${red(bold("error"))} ${bold(code)}: ${first}`, ...rest.map((line) => `  ${line.trimStart()}`)]
  if (hint !== "") lines.push(`  ${dim("do")}  ${printableLines(hint).replaceAll("\n", "\n      ")}`)
  return lines.join("\n")
}

const partial = Symbol("what a command had finished before the error")

/** Keeps what was finished before an error with the error, for its JSON document. */
export function withPartial(error: unknown, document: Readonly<Record<string, unknown>>): unknown {
  if (typeof error === "object" && error !== null && Object.isExtensible(error)) Object.defineProperty(error, partial, { value: document })
  return error
}

function partialDocument(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== "object" || error === null || !(partial in error)) return {}
  return error[partial] as Readonly<Record<string, unknown>>
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const trace = error.stack ?? error.message
  return error.cause === undefined ? trace : `${trace}\ncaused by ${traceOf(error.cause)}`
}
