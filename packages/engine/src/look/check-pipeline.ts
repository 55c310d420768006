import { existsSync } from "node:fs"
import { mkdtemp, rmdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type DestinationSession, isLadingError } from "@lading/core"
import type { PipelineOptions } from "../options.ts"
import { leaseOwner } from "../owner.ts"
import { type Check, failedCheck } from "./check.ts"
import { listLoadPackages } from "./load-packages.ts"
import { type ResolvedPipeline, resolvePipeline, withSession, workDirOf } from "./open-dataset.ts"
import { quoteText, readRows } from "./read-rows.ts"

/** Clocks that differ by more than this are worth a warning. */
const maxSkewMs = 5_000
/** A lease whose heartbeat is older is taken over by the next run. */
const politeSeconds = 60

/**
 * Looks whether a load of this pipeline could start now: configuration, work folder, left packages, rights, credentials, lease and clock
 * of the destination. Writes nothing but an empty folder that is gone at once.
 */
export async function checkPipeline(given: PipelineOptions): Promise<Check[]> {
  const subject = given.name
  let resolved: ResolvedPipeline
  try {
    resolved = await resolvePipeline(given)
  } catch (error) {
    return [failedCheck("configuration", subject, error)]
  }
  const { dataset, location } = resolved
  return [
    { name: "configuration", subject, status: "ok", message: `loads into ${location}, dataset ${dataset}` },
    await checkWorkFolder(resolved),
    ...(await checkPackages(resolved)),
    ...(await checkDestination(resolved)),
  ]
}

async function checkWorkFolder({ options, packages }: ResolvedPipeline): Promise<Check> {
  const facts = { name: "work folder", subject: options.name }
  let folder = packages
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  try {
    await rmdir(await mkdtemp(join(folder, ".lading-doctor-")))
    return { ...facts, status: "ok", message: `${await workDirOf(options)} may be written` }
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error)
    return {
      ...facts,
      status: "fail",
      message: `${folder} may not be written (${reason})`,
      remedy: "give this user the right, or choose another --work-dir",
    }
  }
}

async function checkPackages({ options, packages }: ResolvedPipeline): Promise<Check[]> {
  const own = (await listLoadPackages(await workDirOf(options))).filter(({ folder }) => dirname(folder) === packages)
  const facts = { name: "packages", subject: options.name }
  const bad = own.filter(({ state }) => state === "corrupt")
  if (bad.length > 0) {
    const message = bad.map(({ loadId, problem = "" }) => `${loadId} is corrupt: ${problem}`).join("; ")
    return [
      {
        ...facts,
        status: "fail",
        message,
        remedy: `lading packages drop ${bad[0]?.loadId} --yes: what was not committed is extracted again`,
      },
    ]
  }
  if (own.length === 0) return [{ ...facts, status: "ok", message: "no packages of earlier runs are left" }]
  const message = own.map(({ loadId, state }) => `${loadId} is ${state}`).join("; ")
  return [{ ...facts, status: "warn", message, remedy: "lading packages shows them; the next run publishes what is sealed" }]
}

async function checkDestination(resolved: ResolvedPipeline): Promise<Check[]> {
  const { options, destination, context, location } = resolved
  const subject = options.name
  const checks: Check[] = []
  try {
    checks.push(
      ...(await withSession(resolved, async (session) => [
        await describeEngine(session, subject, location),
        await checkLease(session, subject),
        await checkClock(session, subject, context.now),
      ])),
    )
  } catch (error) {
    if (!isLadingError(error) || error.code !== "dataset-missing") return [failedCheck("connection", subject, error)]
    checks.push({ name: "connection", subject, status: "ok", message: "nothing is loaded yet" })
  }
  if (destination.checkAccess === undefined) return checks
  try {
    const request = { dataset: resolved.dataset, pipeline: options.name, mustExist: true }
    const { isGranted, message, remedy } = await destination.checkAccess(request, context)
    return [
      ...checks,
      { name: "write access", subject, status: isGranted ? "ok" : "fail", message, ...(remedy === undefined ? {} : { remedy }) },
    ]
  } catch (error) {
    return [...checks, failedCheck("write access", subject, error)]
  }
}

async function describeEngine(session: DestinationSession, subject: string, location: string): Promise<Check> {
  const [row] = await readRows(session, "SELECT version() AS version")
  const version = String(row?.version ?? "").split(" on ")[0]
  return { name: "connection", subject, status: "ok", message: `connected to ${location}, version ${version}` }
}

async function checkLease(session: DestinationSession, subject: string): Promise<Check> {
  const facts = { name: "lease", subject }
  const [row] = await readRows(
    session,
    `SELECT "owner", EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) - EXTRACT(EPOCH FROM heartbeat) AS age FROM _lading_lease WHERE pipeline = ${quoteText(subject)}`,
  )
  const owner = typeof row?.owner === "string" ? row.owner : ""
  if (owner === "" || owner === leaseOwner()) return { ...facts, status: "ok", message: "no run holds the pipeline" }
  const seconds = Math.round(Number(row?.age))
  const message = `held by ${owner} (host:boot:process), last heard of ${seconds} s ago`
  if (seconds > politeSeconds)
    return { ...facts, status: "warn", message: `${message}; it seems to be gone`, remedy: "the next run takes the pipeline over" }
  return { ...facts, status: "warn", message, remedy: "wait for that run to end; lading run --take-over ends its right to commit" }
}

async function checkClock(session: DestinationSession, subject: string, now: () => Date): Promise<Check> {
  const before = now().getTime()
  const [row] = await readRows(session, "SELECT EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) AS seconds")
  const here = (before + now().getTime()) / 2
  const skewMs = Math.round(here - Number(row?.seconds) * 1000)
  const facts = { name: "clock", subject }
  const text = `${(Math.abs(skewMs) / 1000).toFixed(1)} s`
  if (Math.abs(skewMs) <= maxSkewMs) return { ...facts, status: "ok", message: `differs from the destination's by ${text}` }
  const message = `this machine's clock is ${text} ${skewMs > 0 ? "ahead of" : "behind"} the destination's`
  return { ...facts, status: "warn", message, remedy: "let both take the time from NTP; load ids and freshness come from these clocks" }
}
