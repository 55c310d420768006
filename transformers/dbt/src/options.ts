import type { Secret, StandardResult, StandardSchema } from "@lading/core"
import type { DbtCommand } from "./result.ts"

/** Where a dbt project is: a folder, a git repository, or an installed npm package. */
export type DbtProject =
  | string
  | {
      /** Address or path of a repository, as `git clone` takes it. */
      readonly git: string
      /** Branch, tag or commit; default: what the repository points at. */
      readonly revision?: string
      /** Folder of the project in the repository. */
      readonly folder?: string
    }
  | {
      /** Name of an installed package. */
      readonly package: string
      /** Folder of the project in the package; default: its root, else `dbt`. */
      readonly folder?: string
    }

/** Which dbt runs. */
export type DbtChoice = "auto" | "path" | "managed" | { readonly venv: string }

/** Options of dbt. Relative paths start at the folder of the pipeline. */
export interface DbtOptions {
  readonly project: DbtProject
  /**
   * `path`: the one on PATH; `{ venv }`: that of a virtual environment; `managed`: one of exact versions that is made under `cacheFolder`;
   * `auto` (default): the one on PATH when it has the adapter, else the managed one.
   */
  readonly dbt?: DbtChoice
  /** Where managed environments are kept, about 200 MB each; default `.lading/dbt`. */
  readonly cacheFolder?: string
  /** Default: `build`, after `deps` where the project names packages. */
  readonly commands?: readonly DbtCommand[]
  readonly select?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  /** Never a secret: they stand on dbt's command line and in its artifacts. `lading_load_ids` and `lading_dataset` are added. */
  readonly vars?: Readonly<Record<string, unknown>>
  readonly fullRefresh?: boolean
  readonly failFast?: boolean
  /** Default 4. */
  readonly threads?: number
  /** What the project reads as `target.name`; default `lading`. */
  readonly target?: string
  /** Schema that models are written to; default: the dataset. */
  readonly schema?: string
  /** For all commands together; default: none. */
  readonly timeoutMs?: number
  /** Folder that keeps `target/` and `logs/`, with which dbt also parses only what changed; default: a temporary one. */
  readonly artifacts?: string
  /** Environment variables for dbt, beyond the harmless ones; secrets that a project needs are named `DBT_ENV_SECRET_...`. */
  readonly env?: Readonly<Record<string, string | Secret>>
}

const commandNames: readonly string[] = [
  "deps",
  "seed",
  "snapshot",
  "run",
  "test",
  "build",
  "docs generate",
] satisfies readonly DbtCommand[]

type Check = (value: unknown) => string | undefined

const aText: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "expected a text")
const aFlag: Check = (value) => (typeof value === "boolean" ? undefined : "expected true or false")
const aSelector: Check = (value) =>
  (typeof value === "string" ? [value] : Array.isArray(value) ? value : [""]).every((one) => typeof one === "string" && /^[^-\s]/.test(one))
    ? undefined
    : "expected a selector of dbt, or several"
const aCount: Check = (value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 ? undefined : "expected a whole number, at least 1"
const aRecord: Check = (value) => (isRecord(value) ? undefined : "expected an object")

const checks: Readonly<Record<string, Check>> = {
  project: checkProject,
  dbt: (value) =>
    (typeof value === "string" && ["auto", "path", "managed"].includes(value)) || (isRecord(value) && aText(value.venv) === undefined)
      ? undefined
      : 'expected "auto", "path", "managed" or { venv: "folder" }',
  cacheFolder: aText,
  commands: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => commandNames.includes(one))
      ? undefined
      : `expected a list of ${commandNames.join(", ")}`,
  select: aSelector,
  exclude: aSelector,
  vars: aRecord,
  fullRefresh: aFlag,
  failFast: aFlag,
  threads: aCount,
  target: (value) =>
    typeof value === "string" && /^\w[\w.-]*$/.test(value) ? undefined : "expected a name of letters, digits, _, - and .",
  schema: aText,
  timeoutMs: aCount,
  artifacts: aText,
  env: aRecord,
}

/** Validates options, also those that come from a configuration. */
export const optionsSchema: StandardSchema<DbtOptions> = { "~standard": { version: 1, vendor: "lading", validate } }

function validate(value: unknown): StandardResult<DbtOptions> {
  if (!isRecord(value)) return { issues: [{ message: "expected an object with `project`", path: [] }] }
  const issues = Object.entries(value).flatMap(([key, given]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined
    if (check === undefined) return [{ message: `unknown option; known are ${Object.keys(checks).join(", ")}`, path: [key] }]
    const message = given === undefined && key !== "project" ? undefined : check(given)
    return message === undefined ? [] : [{ message, path: [key] }]
  })
  if (!("project" in value)) issues.push({ message: "expected the folder of a dbt project", path: ["project"] })
  if (Array.isArray(value.commands) && value.commands.includes("docs generate") && value.artifacts === undefined)
    issues.push({ message: "`docs generate` needs a folder to write to", path: ["artifacts"] })
  return issues.length > 0 ? { issues } : { value: value as unknown as DbtOptions }
}

function checkProject(value: unknown): string | undefined {
  const message = 'expected a folder, { git: "address", revision } or { package: "name" }'
  if (typeof value === "string") return value === "" ? message : undefined
  if (!isRecord(value)) return message
  const { git, package: npmPackage, revision, folder, ...rest } = value
  const texts = [git, npmPackage, revision, folder].filter((one) => one !== undefined)
  const isOne = (git === undefined) !== (npmPackage === undefined) && !(npmPackage !== undefined && revision !== undefined)
  const areTexts = texts.every((one) => typeof one === "string" && one !== "" && !one.startsWith("-"))
  return isOne && areTexts && Object.keys(rest).length === 0 ? undefined : message
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
