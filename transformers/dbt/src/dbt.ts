import { resolve } from "node:path"
import { cwd } from "node:process"
import { LadingError } from "@lading/core"
import { execute } from "./execute.ts"
import { type GeneratedFile, type GenerateOptions, generate } from "./generate/generate.ts"
import { type DbtOptions, optionsSchema } from "./options.ts"
import type { DbtRunRequest } from "./request.ts"
import type { DbtResult } from "./result.ts"
import { type AfterOptions, type AfterReceipt, type LoadedPipeline, type LoadReceipt, runAfterLoad } from "./run-after.ts"

/** A dbt project that can be run on datasets; a value that holds nothing open. */
export interface Dbt {
  readonly kind: "transformer"
  readonly name: "dbt"
  readonly options: DbtOptions
  /**
   * Runs the project on a dataset. The database must not be open in this process: a pipeline lets go of it when its `run` resolves.
   * @throws LadingError `dbt-model-failed`, `dbt-failed`, `dbt-missing`, `dbt-profile`, `dbt-project-missing`, `dbt-timeout`,
   * `database-locked`, `interrupted`; `details.result` is what was done all the same, once dbt had started
   */
  run(request: DbtRunRequest): Promise<DbtResult>
  /**
   * Runs the project on what a pipeline has just loaded, and appends the results to the table `dbt_results` of the dataset. The load stays
   * committed whatever becomes of dbt.
   * @returns the receipt, with what became of dbt
   * @throws LadingError as `run`, with that receipt in `details.receipt`; not with `onFailure: "report"`
   * @example
   * const receipt = await dbt({ project: "dbt" }).runAfter(chess, await chess.run(players))
   */
  runAfter<Receipt extends LoadReceipt>(pipeline: LoadedPipeline, receipt: Receipt, options?: AfterOptions): Promise<AfterReceipt<Receipt>>
  /**
   * Writes sources and staging models into the folder of the project, as `generate` does.
   * @throws LadingError `dbt-project-missing` when the project is no folder, `file-unreadable`
   */
  generate(request: GenerateRequest): Promise<GeneratedFile[]>
}

/** What is generated into the project; its folder starts at `baseDirectory`, by default the working directory of the process. */
export interface GenerateRequest extends Omit<GenerateOptions, "folder"> {
  readonly baseDirectory?: string
}

/**
 * A dbt project to run after loads.
 * @throws LadingError `invalid-options`
 * @example
 * const transform = dbt({ project: "dbt" })
 * const result = await transform.run({ destination: duckdb("chess.duckdb"), dataset: "player_data" })
 */
export function dbt(options: DbtOptions): Dbt {
  const checked = check(options)
  const run = (request: DbtRunRequest): Promise<DbtResult> => execute(checked, request)
  return {
    kind: "transformer",
    name: "dbt",
    options: checked,
    run,
    runAfter: (pipeline, receipt, after = {}) => runAfterLoad(run, pipeline, receipt, after),
    async generate({ baseDirectory = cwd(), ...request }) {
      return generate({ ...request, folder: resolve(baseDirectory, folderOf(checked)) })
    },
  }
}

function folderOf({ project }: DbtOptions): string {
  if (typeof project === "string") return project
  throw new LadingError({
    code: "dbt-project-missing",
    message: "sources and staging models are written into a folder, and this project is a repository or a package",
    hint: 'Name a folder: dbt({ project: "dbt" }), or --project dbt',
  })
}

function check(options: DbtOptions): DbtOptions {
  const result = optionsSchema["~standard"].validate(options)
  if (result instanceof Promise || result.issues !== undefined) {
    const issues = result instanceof Promise ? [] : result.issues
    throw new LadingError({
      code: "invalid-options",
      message: `dbt cannot take its options: ${issues.map(({ path, message }) => [...(path ?? []), message].join(": ")).join("; ")}`,
      hint: 'Example: dbt({ project: "dbt", commands: ["build"], threads: 4 })',
    })
  }
  return result.value
}
