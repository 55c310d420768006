import { Command, Option } from "commander"
import type { InspectArguments } from "./commands/inspect.ts"
import type { QueryArguments } from "./commands/query.ts"
import type { RejectsArguments } from "./commands/rejects.ts"
import type { RunArguments } from "./commands/run.ts"
import type { Io } from "./io.ts"
import { addDbt } from "./program-dbt.ts"
import { addLookCommands } from "./program-look.ts"
import { type Common, common, countAboveZero, dataset, examples, nameList, session, wholeNumber } from "./program-parts.ts"
import { readVersion } from "./version.ts"

const exitCodeHelp = `
Exit codes
  0 ok            1 error            2 usage             3 another run holds the pipeline or the database
  4 stale         5 too many rejects 6 broken contract   75 interrupted, nothing committed

Each error has a code; docs/errors.md says what it means and what to do.`

/** The command with all its subcommands; what a subcommand needs is imported when it runs. */
export function createProgram(io: Io): Command {
  const program = new Command("lading")
    .description("Load messy nested data into typed tables, exactly once.")
    .version(readVersion(), "-v, --version")
    .helpOption("-h, --help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => io.stdout.hasColor,
      getErrHasColors: () => io.stderr.hasColor,
    })
    .addHelpText("after", `${examples("lading init demo && cd demo && npm install && npx lading run")}\n${exitCodeHelp}`)
  addRun(program, io)
  addInit(program, io)
  addInspect(program, io)
  addQuery(program, io)
  addRejects(program, io)
  addLookCommands(program, io)
  addDbt(program, io)
  addPlugins(program, io)
  return program
}

function addRun(program: Command, io: Io): void {
  common(program.command("run"))
    .description("Run the pipelines that a file exports.")
    .argument("[file]", "module whose default export is a pipeline, a list of them, or a function that returns one (default: pipeline.ts)")
    .option("--pipeline <name>", "run only the pipeline of this name")
    .option("--resources <names>", "load only these resources, separated by commas; the others keep their tables and their state", nameList)
    .option("--parallel <count>", "resources to read at the same time (default: 1)", countAboveZero)
    .option("--work-dir <folder>", "folder for unfinished load packages")
    .option("--take-over", "take the pipeline over from a run that still seems to be alive")
    .option("--strict", "fail when a package of an earlier run is stale, instead of reporting it")
    .addHelpText(
      "after",
      examples(
        "lading run",
        "lading run jobs/chess.ts --resources players,games",
        "lading run jobs/chess.ts --work-dir .cache/lading",
        "lading run --json | jq '.receipts[].tables'",
      ),
    )
    .action(async (file: string | undefined, options: RunArguments & Common) => {
      const { runCommand } = await import("./commands/run.ts")
      await runCommand(session(io, options), file, options)
    })
}

function addInit(program: Command, io: Io): void {
  common(program.command("init"))
    .description("Write a small project that loads nested sample data into a DuckDB file. Needs no network.")
    .argument("<folder>", "a folder that is empty or does not exist yet")
    .addHelpText("after", examples("lading init demo && cd demo && npm install && npx lading run"))
    .action(async (folder: string, options: Common) => {
      const { initCommand } = await import("./commands/init.ts")
      await initCommand(session(io, options), folder)
    })
}

function addInspect(program: Command, io: Io): void {
  dataset(common(program.command("inspect")))
    .description("Show what a dataset holds: tables, columns, counts, last loads, schema changes, rejects, pending packages.")
    .argument("[file]", "pipeline file, as in `lading run`")
    .option("--loads <count>", "how many of the last loads to show", wholeNumber, 10)
    .addHelpText("after", examples("lading inspect", "lading inspect --destination duckdb --path chess.duckdb --dataset player_data"))
    .action(async (file: string | undefined, options: InspectArguments & Common) => {
      const { inspectCommand } = await import("./commands/inspect.ts")
      await inspectCommand(session(io, options), file, options)
    })
}

function addQuery(program: Command, io: Io): void {
  dataset(common(program.command("query")))
    .description("Run one SQL statement in a dataset and show its result.")
    .argument("<sql>", "the statement; names without a schema are looked for in the dataset")
    .option("--file <file>", "pipeline file, as in `lading run`")
    .addOption(new Option("--format <format>", "how to show the rows").choices(["table", "csv", "json", "markdown"]).default("table"))
    .option("--max-rows <count>", "rows of a table to show; 0: all of them", wholeNumber, 1000)
    .addHelpText(
      "after",
      examples(
        'lading query "select * from orders limit 5"',
        'lading query "select country, count(*) from orders group by all" --format markdown',
        'lading query "from orders" --format csv > orders.csv',
      ),
    )
    .action(async (sql: string, options: QueryArguments & Common) => {
      const { queryCommand } = await import("./commands/query.ts")
      await queryCommand(session(io, options), sql, options)
    })
}

function addRejects(program: Command, io: Io): void {
  const rejects = program.command("rejects").description("Show or write the rows that were rejected, and why.")
  const add = (name: "list" | "export", description: string, lines: readonly string[]): void => {
    dataset(common(rejects.command(name)))
      .description(description)
      .option("--file <file>", "pipeline file, as in `lading run`")
      .option("--load <id>", "only those of this load")
      .option("--table <name>", "only those of this table, by its name before normalization")
      .option("--code <code>", "only those with this code")
      .addOption(new Option("--format <format>", "how to show the rows").choices(["table", "csv", "json", "markdown"]))
      .option("--max-rows <count>", "rows of a table to show; 0: all of them", wholeNumber, 1000)
      .addHelpText("after", examples(...lines))
      .action(async (options: RejectsArguments & Common) => {
        const { exportRejects, listRejects } = await import("./commands/rejects.ts")
        await (name === "list" ? listRejects : exportRejects)(session(io, options), options)
      })
  }
  add("list", "Show where and why rows were rejected, the newest load first.", [
    "lading rejects list",
    "lading rejects list --load 1700000000.5 --table orders",
  ])
  add("export", "Write the rejected rows themselves, as CSV or with --json as JSON.", [
    "lading rejects export > rejects.csv",
    "lading rejects export --code csv-ragged --json",
  ])
}

function addPlugins(program: Command, io: Io): void {
  common(program.command("plugins"))
    .description("List the plugins that this project depends on. Reads their manifests; runs none of their code.")
    .addHelpText("after", examples("lading plugins", "lading plugins --json"))
    .action(async (options: Common) => {
      const { pluginsCommand } = await import("./commands/plugins.ts")
      await pluginsCommand(session(io, options))
    })
}
