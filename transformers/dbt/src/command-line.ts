import type { DbtOptions } from "./options.ts"
import { profileName } from "./profile.ts"
import type { DbtCommand } from "./result.ts"

/** Folders of one run. */
export interface RunFolders {
  readonly project: string
  /** Folder of `profiles.yml`. */
  readonly profiles: string
  readonly target: string
  readonly logs: string
  /** True when the log is kept, and shall be complete. */
  readonly keepsLog: boolean
}

/** The arguments of dbt for one command (docs.getdbt.com, "Command reference" of dbt 1.11). */
export function commandLine(
  command: DbtCommand,
  options: DbtOptions,
  folders: RunFolders,
  vars: Readonly<Record<string, unknown>>,
): string[] {
  const isDeps = command === "deps"
  const selects = !isDeps
  const canRefresh = command === "run" || command === "build" || command === "seed"
  const target = options.target ?? "lading"
  return [
    ...["--log-format", "json", "--log-level", "info", "--no-use-colors", "--log-path", folders.logs],
    ...(folders.keepsLog ? [] : ["--log-level-file", "none"]),
    ...command.split(" "),
    ...["--project-dir", folders.project, "--profiles-dir", folders.profiles, "--profile", profileName, "--target", target],
    ...["--vars", JSON.stringify(vars)],
    ...(isDeps ? [] : ["--target-path", folders.target, "--threads", String(options.threads ?? 4)]),
    ...(selects ? [...selection("--select", options.select), ...selection("--exclude", options.exclude)] : []),
    ...(canRefresh && options.fullRefresh === true ? ["--full-refresh"] : []),
    ...(selects && options.failFast === true ? ["--fail-fast"] : []),
  ]
}

function selection(flag: string, selectors: string | readonly string[] | undefined): string[] {
  if (selectors === undefined || selectors.length === 0) return []
  return [flag, ...(typeof selectors === "string" ? [selectors] : selectors)]
}
