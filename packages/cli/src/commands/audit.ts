import { LadingError } from "@lading/core"
import { type AuditReport, auditLoad } from "@lading/engine"
import pc from "picocolors"
import { type DatasetArguments, oneDatasetOptions } from "../dataset-options.ts"
import { pad, printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"
import { withPartial } from "../report-error.ts"

/** Options of `lading audit`. */
export interface AuditArguments extends DatasetArguments {
  readonly file?: string
}

/**
 * Proves a load.
 * @throws LadingError `audit-failed` when something does not hold
 */
export async function auditCommand(session: Session, loadId: string, options: AuditArguments): Promise<void> {
  const { io, isJson } = session
  const audit = await auditLoad(await oneDatasetOptions(io, options.file, options), loadId)
  if (!isJson) await io.stdout.write(`${formatAudit(audit, io.stdout.hasColor)}\n`)
  if (audit.holds) return isJson ? writeJson(session, { audit }) : undefined
  const broken = audit.findings.filter(({ holds }) => !holds)
  const error = new LadingError({
    code: "audit-failed",
    message: `load ${loadId} is not in the dataset as it was recorded:\n${broken.map(({ table, message }) => `  ${table === undefined ? "" : `${table}: `}${message}`).join("\n")}`,
    hint: "see who else writes to these tables; load the range again, or restore the tables",
    details: { loadId, findings: broken },
  })
  throw withPartial(error, { audit })
}

function formatAudit({ pipeline, destination, dataset, loadId, findings, holds }: AuditReport, hasColor: boolean): string {
  const { bold, green, red } = pc.createColors(hasColor)
  const width = Math.max(...findings.map(({ check }) => check.length))
  const tableWidth = Math.max(...findings.map(({ table = "" }) => table.length))
  const lines = findings.map(({ check, table = "", holds: isTrue, message }) => {
    const mark = isTrue ? green("ok  ") : red("fail")
    return `  ${mark}  ${pad(check, width)}  ${pad(printable(table), tableWidth)}  ${printable(message)}`
  })
  const verdict = holds ? green("the load is there as it was recorded") : red("the load is not there as it was recorded")
  return [
    `${bold(printable(`load ${loadId}`))} · ${printable(`${pipeline} → ${destination} · dataset ${dataset}`)}`,
    ...lines,
    `  ${verdict}`,
  ].join("\n")
}
