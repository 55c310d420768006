import { rm, stat, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { cwd } from "node:process"
import { type DbtProfile, isSecret, LadingError, reveal } from "@lading/core"
import { readRunResults } from "./artifacts.ts"
import { commandLine, type RunFolders } from "./command-line.ts"
import { dbtEnvironment, processEnvironment } from "./environment.ts"
import { throwIfAborted } from "./errors.ts"
import { toFailure } from "./failure.ts"
import { findDbt } from "./find-dbt.ts"
import type { DbtOptions } from "./options.ts"
import { makePrivateFolder } from "./private-folder.ts"
import { type ProfileFile, writeProfile } from "./profile.ts"
import { findProject } from "./project.ts"
import { type DbtRunRequest, loadIdsOf } from "./request.ts"
import { createResult, type DbtCommand, type DbtNodeResult, type DbtResult } from "./result.ts"
import { runCommand } from "./run-command.ts"
import { createScrub } from "./scrub.ts"

/** A run that is ready to start. */
interface Prepared {
  readonly options: DbtOptions
  readonly request: DbtRunRequest
  readonly profile: DbtProfile
  readonly file: ProfileFile
  readonly folders: RunFolders
  readonly dbt: string
  readonly commands: readonly DbtCommand[]
  readonly setStop: (stop: () => void) => void
}

/** Prepares everything, keeps the database free while dbt runs, and leaves nothing behind. */
export async function execute(options: DbtOptions, request: DbtRunRequest): Promise<DbtResult> {
  throwIfAborted(request.signal)
  const profile = profileOf(request)
  let stop = (): void => undefined
  const folder = await makePrivateFolder(() => stop())
  try {
    const prepared = await prepare(options, request, profile, folder.path, (next) => {
      stop = next
    })
    const takeBack = await profile.release?.()
    try {
      return await runCommands(prepared)
    } finally {
      await takeBack?.()
    }
  } finally {
    await folder.remove()
  }
}

function profileOf({ destination, dataset, baseDirectory }: DbtRunRequest): DbtProfile {
  const profile = destination.dbtProfile?.({ dataset, baseDirectory: baseDirectory ?? cwd() })
  if (profile !== undefined) return profile
  throw new LadingError({
    code: "dbt-profile",
    message: `dbt cannot be run on this destination: ${destination.name} does not say how dbt reaches it`,
    hint: "Use a destination that does, such as duckdb or postgres, or update its package.",
  })
}

async function prepare(
  options: DbtOptions,
  request: DbtRunRequest,
  profile: DbtProfile,
  temporary: string,
  setStop: (stop: () => void) => void,
): Promise<Prepared> {
  const { baseDirectory = cwd(), signal, onProgress = () => undefined } = request
  const ambient = { environment: processEnvironment(), baseDirectory, signal, onProgress }
  const project = await findProject({ ...ambient, project: options.project, cloneInto: join(temporary, "project") })
  const cacheFolder = resolve(baseDirectory, options.cacheFolder ?? join(".lading", "dbt"))
  const dbt = await findDbt({ ...ambient, choice: options.dbt ?? "auto", adapter: profile.type, cacheFolder })
  const file = writeProfile(profile, { target: options.target ?? "lading", threads: options.threads ?? 4, schema: options.schema })
  await writeFile(join(temporary, "profiles.yml"), file.text, { mode: 0o600, flag: "wx" })
  const kept = options.artifacts === undefined ? temporary : resolve(baseDirectory, options.artifacts)
  const folders = {
    project,
    profiles: temporary,
    target: join(kept, "target"),
    logs: join(kept, "logs"),
    keepsLog: options.artifacts !== undefined,
  }
  const commands: readonly DbtCommand[] = options.commands ?? ((await namesPackages(project)) ? ["deps", "build"] : ["build"])
  return { options, request, profile, file, folders, dbt, commands, setStop }
}

async function namesPackages(project: string): Promise<boolean> {
  const found = ["packages.yml", "dependencies.yml"].map((name) =>
    stat(join(project, name)).then(
      () => true,
      () => false,
    ),
  )
  return (await Promise.all(found)).includes(true)
}

/** Runs the commands in order; the first that fails ends the run. */
async function runCommands(prepared: Prepared): Promise<DbtResult> {
  const { options, request, profile, file, folders, dbt, commands, setStop } = prepared
  const { dataset, signal, onProgress = () => undefined } = request
  const startedAt = performance.now()
  const loadIds = loadIdsOf(request.receipt)
  const vars = { ...options.vars, lading_load_ids: loadIds, lading_dataset: dataset }
  const environment = dbtEnvironment(processEnvironment(), options.env ?? {}, file.variables)
  const scrub = createScrub([...file.secrets, ...secretsOf(options)])
  const nodes: DbtNodeResult[] = []
  const warnings: string[] = []
  const done: DbtCommand[] = []
  let versions: Pick<DbtResult, "invocationId" | "dbtVersion"> = { invocationId: undefined, dbtVersion: undefined }
  for (const command of commands) {
    onProgress({ kind: "command-started", command })
    await rm(join(folders.target, "run_results.json"), { force: true })
    const timeoutMs = options.timeoutMs === undefined ? undefined : options.timeoutMs - (performance.now() - startedAt)
    const args = commandLine(command, options, folders, vars)
    const outcome = await runCommand({
      ...{ dbt, command, args, environment, cwd: folders.project, signal, timeoutMs, onProgress, scrub },
      onStart: setStop,
    })
    onProgress({ kind: "command-finished", command, exitCode: outcome.exitCode })
    const results = await readRunResults(folders.target, command)
    if (results !== undefined) {
      const { invocationId, dbtVersion } = results
      versions = { invocationId, dbtVersion }
      nodes.push(...results.nodes.map((node) => (node.message === undefined ? node : { ...node, message: scrub(node.message) })))
    }
    warnings.push(...outcome.warnings)
    done.push(command)
    const facts = { dataset, loadIds, adapter: profile.type, ...versions, commands: [...done], nodes: [...nodes], warnings: [...warnings] }
    const result = createResult({ ...facts, durationMs: performance.now() - startedAt })
    if (outcome.exitCode !== 0)
      throw toFailure({ command, outcome, result, timeoutMs: options.timeoutMs, dbt, adapter: profile.type, scrub })
  }
  return createResult({
    ...{ dataset, loadIds, adapter: profile.type, ...versions, commands: done, nodes, warnings },
    durationMs: performance.now() - startedAt,
  })
}

function secretsOf({ env = {} }: DbtOptions): string[] {
  return Object.values(env).filter(isSecret).map(reveal)
}
