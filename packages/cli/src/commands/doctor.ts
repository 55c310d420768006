import { LadingError } from "@lading/core"
import { type Check, checkPipeline, checkProject } from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, datasetOptions } from "../dataset-options.ts"
import { formatCountOf } from "../format/numbers.ts"
import { pad, printableLines, redact } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"
import { hasPipelineFile } from "../load-pipelines.ts"
import { toFacts, withPartial } from "../report-error.ts"
import { readVersion } from "../version.ts"

/**
 * Checks the project and its pipelines.
 * @throws LadingError `checks-failed` when a check fails
 */
export async function doctorCommand(session: Session, file: string | undefined, options: DatasetArguments): Promise<void> {
  const { io, isJson } = session
  const checks = [
    ...(await checkProject({ baseDirectory: io.cwd, version: readVersion() })),
    ...(await checkPipelines(session, file, options)),
  ].map(withoutSecrets)
  const failed = checks.filter(({ status }) => status === "fail")
  if (!isJson) await io.stdout.write(`${formatChecks(checks, io.stdout.hasColor)}\n`)
  if (failed.length === 0) return isJson ? writeJson(session, { checks }) : undefined
  const error = new LadingError({
    code: "checks-failed",
    message: `${failed.length} of ${formatCountOf(checks.length, "check")} failed: ${failed.map(({ name }) => name).join(", ")}`,
    hint: "do what stands below each failed check, and look again",
    details: { failed: failed.map(({ name, subject }) => ({ name, subject })) },
  })
  throw withPartial(error, { checks })
}

/** A pipeline file that cannot be loaded is a failed check; that there is none is worth a warning. */
async function checkPipelines({ io }: Session, file: string | undefined, options: DatasetArguments): Promise<Check[]> {
  const name = "pipeline file"
  if (file === undefined && options.destination === undefined && !hasPipelineFile(io.cwd)) {
    return [
      {
        name,
        subject: undefined,
        status: "warn",
        message: "there is none here, so no destination was checked",
        remedy: "lading doctor <file>",
      },
    ]
  }
  try {
    const checks: Check[] = []
    for (const one of await datasetOptions(io, file, options)) checks.push(...(await checkPipeline(one)))
    return checks
  } catch (error) {
    const { code, message, hint } = toFacts(error)
    if (code === "usage" || code === "unexpected") throw error
    return [{ name, subject: file, status: "fail", message: `${code}: ${message}`, remedy: hint }]
  }
}

function withoutSecrets(check: Check): Check {
  const { message, remedy } = check
  return { ...check, message: redact(message), ...(remedy === undefined ? {} : { remedy: redact(remedy) }) }
}

function formatChecks(checks: readonly Check[], hasColor: boolean): string {
  const { green, yellow, red, dim, bold } = pc.createColors(hasColor)
  const colors = { ok: green, warn: yellow, fail: red }
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines: string[] = []
  let last: string | undefined
  for (const { name, subject, status, message, remedy } of checks) {
    if (subject !== last && subject !== undefined) lines.push(bold(printableLines(subject)))
    last = subject
    const indent = " ".repeat(width + 8)
    const [first = "", ...rest] = printableLines(message).split("\n")
    lines.push(`${colors[status](pad(status, 4))}  ${pad(name, width)}  ${first}`, ...rest.map((line) => `${indent}${line}`))
    if (status !== "ok" && remedy !== undefined && remedy !== "") lines.push(`${indent}${dim("do")}  ${printableLines(remedy)}`)
  }
  const count = (status: Check["status"]): number => checks.filter((check) => check.status === status).length
  return [...lines, "", `${count("ok")} ok, ${count("warn")} warnings, ${count("fail")} failed`].join("\n")
}
