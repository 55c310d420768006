import { execFile } from "node:child_process"
import { statSync } from "node:fs"
import { basename, dirname } from "node:path"
import { promisify } from "node:util"
import { type Configuration, readConfiguration } from "../config/configuration.ts"
import type { Environment } from "../config/environment.ts"
import { leavesOf } from "../config/layers.ts"
import { listPlugins, specVersion } from "../registry/manifest.ts"
import { type Check, failedCheck } from "./check.ts"

/** What is looked at. */
export interface ProjectToCheck {
  readonly baseDirectory: string
  /** Version of the command. */
  readonly version: string
  /** Version of Node; default: of this process. */
  readonly node?: string
  readonly environment?: Environment
}

const oldestNode = [20, 19] as const

/** Looks at what all pipelines of a project share: versions, plugins, configuration files and how well they keep secrets. */
export async function checkProject({
  baseDirectory,
  version,
  node = process.versions.node,
  environment,
}: ProjectToCheck): Promise<Check[]> {
  return [
    checkNode(node),
    { name: "lading", subject: undefined, status: "ok", message: `lading ${version} speaks plugin contract ${specVersion}` },
    ...checkPlugins(baseDirectory),
    ...(await checkConfiguration(baseDirectory, environment)),
  ]
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  const facts = { name: "node", subject: undefined, message: `Node ${version}` }
  if (!isOld) return { ...facts, status: "ok" }
  return { ...facts, status: "fail", remedy: `install Node ${oldestNode.join(".")} or later` }
}

function checkPlugins(baseDirectory: string): Check[] {
  const plugins = listPlugins(baseDirectory)
  if (plugins.length === 0) {
    const message = "no plugins among the dependencies of this project"
    return [{ name: "plugins", subject: undefined, status: "warn", message, remedy: "npm install @lading/destination-duckdb" }]
  }
  return plugins.map(({ package: subject, version, kind, spec }) => {
    const facts = { name: "plugin", subject, message: `${kind} ${version}, plugin contract ${spec}` }
    if (spec <= specVersion) return { ...facts, status: "ok" }
    return { ...facts, status: "fail", remedy: `update lading, or install a version of ${subject} for contract ${specVersion}` }
  })
}

async function checkConfiguration(baseDirectory: string, environment: Environment | undefined): Promise<Check[]> {
  const name = "configuration"
  let configuration: Configuration
  try {
    configuration = await readConfiguration(baseDirectory, environment)
  } catch (error) {
    return [failedCheck(name, undefined, error)]
  }
  const { secrets, config, file } = configuration
  const found = [secrets.path, config.path, file.place.includes(" (there is none") ? undefined : file.place].filter(
    (path) => path !== undefined,
  )
  const message = found.length === 0 ? "no configuration files; options come from code and the environment" : `read ${found.join(", ")}`
  const checks: Check[] = [{ name, subject: undefined, status: "ok", message }]
  if (secrets.path !== undefined) checks.push(...checkMode(secrets.path), ...(await checkTracked(secrets.path)))
  if (config.path !== undefined) checks.push(...checkOpenSecrets(config.path, config.values))
  return checks
}

function checkMode(path: string): Check[] {
  const facts = { name: "secrets", subject: path }
  if (process.platform === "win32") return []
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) === 0) return [{ ...facts, status: "ok", message: "only its owner may read it" }]
  const who = (mode & 0o007) === 0 ? "its group" : "everybody on this machine"
  return [{ ...facts, status: "warn", message: `${who} may read it (mode ${mode.toString(8)})`, remedy: `chmod 600 ${path}` }]
}

/** Where there is no git, nothing can be tracked. */
async function checkTracked(path: string): Promise<Check[]> {
  const isTracked = await promisify(execFile)("git", ["ls-files", "--error-unmatch", "--", basename(path)], { cwd: dirname(path) }).then(
    () => true,
    () => false,
  )
  if (!isTracked) return []
  const remedy = `git rm --cached ${path}, add it to .gitignore, and change the secrets that it holds: they stay in the history`
  return [{ name: "secrets", subject: path, status: "warn", message: "it is tracked by git", remedy }]
}

const secretName = /passw(?:or)?d|secret|token|api_?key|access_?key|private_?key|(?:^|\.)pwd$/i
const hasPassword = /:\/\/[^\s:/@]*:[^\s/@]+@/

/** Values of config.toml that are secrets by their name, or addresses with a password. */
function checkOpenSecrets(path: string, values: unknown): Check[] {
  const names = leavesOf(values)
    .filter(
      ({ path: keys, value }) =>
        typeof value === "string" && value !== "" && (secretName.test(keys.at(-1) ?? "") || hasPassword.test(value)),
    )
    .map(({ path: keys }) => keys.join("."))
  if (names.length === 0) return []
  const message = `it holds what looks like a secret: ${names.join(", ")}`
  return [{ name: "secrets", subject: path, status: "warn", message, remedy: "move it to .lading/secrets.toml or into the environment" }]
}
