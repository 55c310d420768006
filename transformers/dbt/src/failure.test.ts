import { describe, expect, it } from "vitest"
import { toFailure } from "./failure.ts"
import { createResult, type DbtNodeResult } from "./result.ts"
import type { CommandOutcome } from "./run-command.ts"

const bad: DbtNodeResult = {
  command: "run",
  uniqueId: "model.shop.bad",
  name: "bad",
  resourceType: "model",
  status: "error",
  relation: undefined,
  path: "models/bad.sql",
  seconds: 1,
  rowsAffected: undefined,
  failures: undefined,
  message: "Runtime Error in model bad (models/bad.sql)\n  Binder Error: no column\n\n  LINE 1: canary\n  LINE 2: hidden",
  startedAt: undefined,
}
const nothing: CommandOutcome = { exitCode: 2, isTimedOut: false, errors: [], warnings: [], complaint: "", running: [] }

function failure(outcome: Partial<CommandOutcome>, nodes: readonly DbtNodeResult[] = []) {
  const facts = {
    dataset: "ds",
    loadIds: [],
    adapter: "duckdb",
    dbtVersion: undefined,
    invocationId: undefined,
    warnings: [],
    durationMs: 1,
  }
  return toFailure({
    ...{ command: "run", outcome: { ...nothing, ...outcome }, timeoutMs: 100, dbt: "/bin/dbt", adapter: "duckdb" },
    result: createResult({ ...facts, commands: ["run"], nodes }),
    scrub: (text) => text.replaceAll("canary", "[secret]"),
  })
}

describe("the error of a command that did not end well", () => {
  it("names the models, their files and the first lines of what dbt said, and how to run only these again", () => {
    const error = failure({ exitCode: 1 }, [bad, { ...bad, status: "success", name: "good" }])
    expect(error).toMatchObject({ code: "dbt-model-failed", retryable: false, details: { failed: [{ uniqueId: "model.shop.bad" }] } })
    expect(error.message).toContain(
      "model bad (models/bad.sql): Runtime Error in model bad (models/bad.sql) / Binder Error: no column / LINE 1: [secret]",
    )
    expect(error.message).not.toContain("hidden")
    expect(error.hint).toContain('select: ["bad"]')
  })

  it("counts the models that it does not name", () => {
    const error = failure(
      { exitCode: 1 },
      Array.from({ length: 8 }, (_, index) => ({ ...bad, name: `bad_${index}` })),
    )
    expect(error.message).toContain("and 3 more")
  })

  it.each<[string, string, RegExp]>([
    ["a variable that dbt is not given", "Parsing Error\n  Env var required but not provided: 'REGION'", /env: \{ REGION/],
    [
      "packages that were not fetched",
      'Compilation Error\n  1 package(s) missing. Run "dbt deps" to install',
      /commands: \["deps", "build"\]/,
    ],
    ["anything else about the project", "Compilation Error\n  no such model", /Correct the project/],
  ])("names the remedy for %s", (_what, said, hint) => {
    expect(failure({ errors: [`Encountered an error:\n${said}`] })).toMatchObject({ code: "dbt-failed", hint: expect.stringMatching(hint) })
  })

  it.each<[string, Partial<CommandOutcome>, string, string]>([
    ["a time-out, with what dbt worked on", { isTimedOut: true, running: ["model.shop.slow"] }, "dbt-timeout", "model.shop.slow"],
    ["a program that does not start", { exitCode: undefined, complaint: "spawn /bin/dbt ENOENT" }, "dbt-missing", "ENOENT"],
    [
      "a server that refuses",
      { errors: ["Encountered an error:\nDatabase Error\n  connection failed"] },
      "dbt-profile",
      "connection failed",
    ],
    [
      "a profile that the adapter does not take",
      { errors: ["Runtime Error\n  Credentials in profile are invalid"] },
      "dbt-profile",
      "Credentials",
    ],
    ["an adapter that is not installed", { errors: ["Runtime Error\n  Could not find adapter type duckdb!"] }, "dbt-missing", "adapter"],
    ["a fault of the project", { errors: ["Encountered an error:\nCompilation Error\n  no such model"] }, "dbt-failed", "no such model"],
    ["a stack trace of Python", { complaint: "Traceback\nValueError: x" }, "dbt-failed", "ValueError"],
  ])("tells of %s, with a remedy", (_what, outcome, code, text) => {
    const error = failure(outcome)
    expect(error).toMatchObject({ code, message: expect.stringContaining(text), hint: expect.stringMatching(/\S/) })
  })
})
