import { LadingError } from "@lading/core"
import { type DbtCommand, type DbtNodeResult, type DbtResult, isFailed } from "./result.ts"
import type { CommandOutcome } from "./run-command.ts"

/** What is known of a command that did not end well. */
export interface FailureFacts {
  readonly command: DbtCommand
  readonly outcome: CommandOutcome
  /** What was done before, and what the command itself did. */
  readonly result: DbtResult
  readonly timeoutMs: number | undefined
  readonly dbt: string
  readonly adapter: string
  /** Removes secrets from a text. */
  readonly scrub: (text: string) => string
}

const shownLines = 3
const shownNodes = 5

/** The error of a command of dbt; `details.result` is what was done all the same. */
export function toFailure(facts: FailureFacts): LadingError {
  const { command, outcome, result, timeoutMs, dbt } = facts
  if (outcome.isTimedOut) return timedOut(facts)
  const failed = result.nodes.filter((node) => node.command === command && isFailed(node))
  if (failed.length > 0) return modelFailed(facts, failed)
  if (outcome.exitCode === undefined && outcome.errors.length === 0)
    return error(facts, "dbt-missing", `dbt could not be started, or was killed: ${dbt}: ${firstLines(outcome.complaint)}`, {
      hint: 'Check that this program runs, or let one be made: dbt({ ..., dbt: "managed" })',
    })
  const said = outcome.errors.join("\n")
  if (isAboutProfile(said)) return profileFault(facts, said)
  const text = said === "" ? outcome.complaint : said
  return error(facts, "dbt-failed", `dbt ${command} stopped before it ran anything (exit ${outcome.exitCode}): ${firstLines(text)}`, {
    hint: remedyOf(command, text),
    timeoutMs,
  })
}

/** What to do about a project with which dbt cannot begin. */
function remedyOf(command: DbtCommand, said: string): string {
  const variable = /Env var required but not provided: '([^']+)'/.exec(said)?.[1]
  if (variable !== undefined)
    return `dbt is given only what is named: dbt({ ..., env: { ${variable}: "..." } }), as a secret where it is one.`
  if (/[Rr]un "dbt deps"/.test(said)) return 'Let dbt fetch the packages of the project first: commands: ["deps", "build"].'
  if (command === "deps")
    return "Correct packages.yml as dbt says, and check whether its packages can be reached from here, without a password being asked for."
  return "Correct the project as dbt says; `artifacts` keeps its whole log."
}

function timedOut(facts: FailureFacts): LadingError {
  const { command, outcome, timeoutMs } = facts
  const running = outcome.running.slice(0, shownNodes).join(", ")
  const where = running === "" ? "" : `, while it worked on ${running}`
  return error(facts, "dbt-timeout", `dbt ${command} was stopped: all commands together took more than ${timeoutMs} ms${where}`, {
    hint: "Raise `timeoutMs`, select fewer models with `select`, or make them incremental.",
    retryable: true,
    running: outcome.running,
  })
}

function modelFailed(facts: FailureFacts, failed: readonly DbtNodeResult[]): LadingError {
  const { command, scrub } = facts
  const lines = failed.slice(0, shownNodes).map(({ resourceType, name, status, message, path }) => {
    const place = path === undefined ? "" : ` (${path})`
    return `\n  ${resourceType} ${name}${place}: ${message === undefined ? status : firstLines(scrub(message))}`
  })
  const more = failed.length > shownNodes ? `\n  and ${failed.length - shownNodes} more` : ""
  const what = failed.every(({ resourceType }) => resourceType === "test") ? "tests" : "nodes"
  return error(facts, "dbt-model-failed", `dbt ${command}: ${failed.length} of the ${what} failed:${lines.join("")}${more}`, {
    hint: `Correct them and run only these again: dbt({ ..., select: ${JSON.stringify(failed.slice(0, shownNodes).map(({ name }) => name))} })`,
    failed: failed.map(({ uniqueId, status, path }) => ({ uniqueId, status, path })),
  })
}

/** The words with which dbt and its adapters end when they do not get to the database at all. */
function isAboutProfile(said: string): boolean {
  return (
    /Credentials in profile|Could not find (adapter|profile)/.test(said) ||
    /^Encountered an error:\s*(Database Error|IO Error|Connection Error|Env var required)/m.test(said)
  )
}

function profileFault(facts: FailureFacts, said: string): LadingError {
  const text = firstLines(said.replace(/^Encountered an error:\s*/, ""))
  const isAdapter = said.includes("Could not find adapter")
  return error(facts, isAdapter ? "dbt-missing" : "dbt-profile", `dbt cannot reach the destination: ${text}`, {
    hint: isAdapter
      ? `Install the adapter into the environment of ${facts.dbt}: pip install dbt-${facts.adapter}`
      : "dbt gets address and credentials from the pipeline's destination: check these, and whether the server can be reached from here.",
  })
}

interface More {
  readonly hint: string
  readonly retryable?: boolean
  readonly [detail: string]: unknown
}

function error(
  { command, result }: FailureFacts,
  code: string,
  message: string,
  { hint, retryable = false, ...details }: More,
): LadingError {
  return new LadingError({ code, message, hint, retryable, details: { command, ...details, result } })
}

function firstLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, shownLines)
    .join(" / ")
}
