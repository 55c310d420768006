import { type Command, InvalidArgumentError } from "commander"
import type { DbtArguments, GenerateArguments } from "./commands/dbt.ts"
import type { Io } from "./io.ts"
import { type Common, common, dataset, examples, pipelineFile, session, wholeNumber } from "./program-parts.ts"

const commands = {
  run: "Run the models.",
  build: "Run models, tests, seeds and snapshots in order.",
  test: "Run the tests.",
  seed: "Load the seeds.",
  snapshot: "Run the snapshots.",
  deps: "Install the packages that the project names.",
  docs: "Generate the documentation (dbt docs generate) into the folder of --artifacts.",
} as const

/** Adds `lading dbt` with its commands. */
export function addDbt(program: Command, io: Io): void {
  const dbt = program
    .command("dbt")
    .description("Run a dbt project on the dataset of a pipeline, with the pipeline's own credentials. Needs @lading/transformer-dbt.")
  for (const [name, description] of Object.entries(commands) as [keyof typeof commands, string][]) {
    const command = named(dbt.command(name)).description(description)
    if (name !== "deps") selectors(command)
    if (name === "run" || name === "build" || name === "seed") command.option("--full-refresh", "as in dbt")
    command
      .option("--artifacts <folder>", "folder that keeps target/ and logs/")
      .addHelpText(
        "after",
        examples(`lading dbt ${name}`, `lading dbt ${name} --project transform${name === "deps" ? "" : " --select orders+ --threads 8"}`),
      )
      .action(async (options: DbtArguments & Common) => {
        const { dbtCommand } = await import("./commands/dbt.ts")
        await dbtCommand(session(io, options), name === "docs" ? "docs generate" : name, options)
      })
  }
  named(dbt.command("generate"))
    .description("Write sources.yml and staging models for what is loaded; files that people changed are left alone.")
    .option("--schema <name>", "the schema of this name, when the dataset has several")
    .option("--exclude <table...>", "tables to leave out")
    .addHelpText("after", examples("lading dbt generate", "lading dbt generate --project transform --exclude raw_events"))
    .action(async (options: GenerateArguments & Common) => {
      const { generateCommand } = await import("./commands/dbt.ts")
      await generateCommand(session(io, options), options)
    })
}

function named(command: Command): Command {
  return dataset(common(command))
    .option("--file <file>", pipelineFile)
    .option("--project <folder>", 'folder of the dbt project (default: "dbt", or what the configuration says)')
}

function selectors(command: Command): void {
  command
    .option("--select <selector...>", "selectors of dbt")
    .option("--exclude <selector...>", "selectors of dbt")
    .option("--vars <json>", "variables of the project as a JSON object; never a secret", jsonObject)
    .option("--threads <count>", "models that run at the same time", wholeNumber)
    .option("--target <name>", "what the project reads as target.name")
    .option("--target-schema <name>", "schema that models are written to (default: the dataset)")
    .option("--fail-fast", "stop at the first failure")
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"since": "2024-01-01"}'.`)
}
