import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { LadingError } from "@lading/core"
import type { DbtCommand, DbtNodeResult } from "./result.ts"

/** What a command left in `run_results.json`. */
export interface RunResults {
  readonly invocationId: string | undefined
  readonly dbtVersion: string | undefined
  readonly nodes: readonly DbtNodeResult[]
}

type Members = Readonly<Record<string, unknown>>

/**
 * Reads `run_results.json` (schemas.getdbt.com, run-results, version 6) and, for names and paths, `manifest.json` of one command; undefined
 * when there is none, because dbt stopped before it ran anything.
 * @throws LadingError `dbt-failed` when the file has another version
 */
export async function readRunResults(targetFolder: string, command: DbtCommand): Promise<RunResults | undefined> {
  const results = await readJson(join(targetFolder, "run_results.json"))
  if (results === undefined) return undefined
  const manifest = await readJson(join(targetFolder, "manifest.json"))
  return toRunResults(results, manifest ?? {}, command)
}

/** The pure half of `readRunResults`. */
export function toRunResults(results: Members, manifest: Members, command: DbtCommand): RunResults {
  const metadata = members(results.metadata)
  const version = /run-results\/v(\d+)\.json$/.exec(text(metadata.dbt_schema_version) ?? "")?.[1]
  if (version !== "6" || !Array.isArray(results.results))
    throw new LadingError({
      code: "dbt-failed",
      message: `dbt ${text(metadata.dbt_version) ?? ""} wrote run_results.json in version ${version ?? "unknown"}; version 6 can be read`,
      hint: 'Use dbt 1.8 to 1.11, for example the one that is made when no other is found: `dbt: "managed"`.',
    })
  const nodes = members(manifest.nodes)
  return {
    invocationId: text(metadata.invocation_id),
    dbtVersion: text(metadata.dbt_version),
    nodes: results.results.map((result) => toNode(members(result), nodes, command)),
  }
}

function toNode(result: Members, nodes: Members, command: DbtCommand): DbtNodeResult {
  const uniqueId = text(result.unique_id) ?? ""
  const known = members(nodes[uniqueId])
  const [resourceType = "", , ...rest] = uniqueId.split(".")
  const timing: readonly unknown[] = Array.isArray(result.timing) ? result.timing : []
  return {
    command,
    uniqueId,
    name: text(known.name) ?? rest.join("."),
    resourceType: text(known.resource_type) ?? resourceType,
    status: text(result.status) ?? "",
    relation: text(result.relation_name),
    path: text(known.original_file_path),
    seconds: number(result.execution_time) ?? 0,
    rowsAffected: atLeastZero(number(members(result.adapter_response).rows_affected)),
    failures: number(result.failures),
    message: text(result.message),
    startedAt: text(members(timing[0]).started_at),
  }
}

async function readJson(path: string): Promise<Members | undefined> {
  let content: string
  try {
    content = await readFile(path, "utf8")
  } catch {
    return undefined
  }
  try {
    return members(JSON.parse(content))
  } catch (cause) {
    throw new LadingError({ code: "dbt-failed", message: `dbt left a damaged ${path}`, hint: "Run again; see the log of dbt.", cause })
  }
}

function members(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {}
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined
}

/** Drivers say -1 where they do not know. */
function atLeastZero(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 ? value : undefined
}
