import { stat } from "node:fs/promises"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { LadingError } from "@lading/core"
import { type Environment, gitEnvironment } from "./environment.ts"
import type { DbtProject } from "./options.ts"
import type { OnDbtProgress } from "./progress.ts"
import { type ProgramResult, runProgram } from "./run-program.ts"

/** Where a project is looked for. */
export interface ProjectRequest {
  readonly project: DbtProject
  readonly baseDirectory: string
  /** Folder that a repository may be cloned into; it belongs to this run. */
  readonly cloneInto: string
  readonly environment: Environment
  readonly signal?: AbortSignal | undefined
  readonly onProgress: OnDbtProgress
}

const projectFile = "dbt_project.yml"

/**
 * Folder of a dbt project; a repository is cloned at its revision.
 * @throws LadingError `dbt-project-missing`, `interrupted`
 */
export async function findProject(request: ProjectRequest): Promise<string> {
  const { project, baseDirectory } = request
  if (typeof project === "string") return checked(resolve(baseDirectory, project), 'Give the folder that holds it: dbt({ project: "dbt" })')
  if ("git" in project) {
    await clone(project, request)
    return checked(join(request.cloneInto, project.folder ?? "."), "Name its folder in the repository: { git, folder }")
  }
  return inPackage(project, baseDirectory)
}

async function clone(
  { git, revision = "HEAD" }: { readonly git: string; readonly revision?: string },
  request: ProjectRequest,
): Promise<void> {
  const { baseDirectory, cloneInto, signal, onProgress } = request
  const options = { environment: gitEnvironment(request.environment), signal }
  const address = isLocal(git) ? resolve(baseDirectory, git) : git
  onProgress({ kind: "preparing", message: `cloning ${withoutPassword(git)} at ${revision}` })
  const cloned = await runProgram("git", ["clone", "--quiet", "--no-checkout", "--", address, cloneInto], options)
  if (cloned.exitCode !== 0) throw notCloned(git, cloned)
  for (const name of [`origin/${revision}`, revision]) {
    const commit = await runProgram("git", ["-C", cloneInto, "rev-parse", "--verify", "--quiet", `${name}^{commit}`], options)
    if (commit.exitCode !== 0) continue
    const checkedOut = await runProgram("git", ["-C", cloneInto, "checkout", "--quiet", "--detach", commit.stdout.trim()], options)
    if (checkedOut.exitCode !== 0) throw notCloned(git, checkedOut)
    return
  }
  throw new LadingError({
    code: "dbt-project-missing",
    message: `The repository ${withoutPassword(git)} has no branch, tag or commit ${revision}`,
    hint: "Correct `revision`, or push it.",
  })
}

function notCloned(git: string, { exitCode, complaint }: ProgramResult): LadingError {
  return new LadingError({
    code: "dbt-project-missing",
    message: `The repository ${withoutPassword(git)} could not be cloned: ${withoutPassword(complaint)}`,
    hint:
      exitCode === undefined
        ? "Install git, or give the folder of a clone."
        : "Check the address, and whether git may read it without asking for a password.",
    retryable: exitCode !== undefined,
  })
}

/** A path, and neither an address (`https://...`) nor a host with a path (`host:path`). */
function isLocal(git: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(git) && !/^[^/\\:]{2,}:/.test(git)
}

function withoutPassword(text: string): string {
  return text.replace(/(\w:\/\/)[^/@\s]+@/g, "$1")
}

async function inPackage(
  { package: name, folder }: { readonly package: string; readonly folder?: string },
  baseDirectory: string,
): Promise<string> {
  const places = createRequire(join(baseDirectory, "package.json")).resolve.paths(name) ?? []
  for (const place of places.map((one) => join(one, name))) {
    if (!(await isFile(join(place, "package.json")))) continue
    if (folder !== undefined) return checked(join(place, folder), "Name the folder of the project in the package: { package, folder }")
    if (await isFile(join(place, projectFile))) return place
    return checked(join(place, "dbt"), "Name the folder of the project in the package: { package, folder }")
  }
  throw new LadingError({
    code: "dbt-project-missing",
    message: `The package ${name} is not installed: looked from ${baseDirectory} upwards`,
    hint: `npm install ${name}`,
  })
}

async function checked(folder: string, hint: string): Promise<string> {
  if (await isFile(join(folder, projectFile))) return folder
  throw new LadingError({ code: "dbt-project-missing", message: `There is no dbt project in ${folder}: it has no ${projectFile}`, hint })
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
