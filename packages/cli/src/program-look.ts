import { type Command, Option } from "commander"
import type { PackagesArguments } from "./commands/packages.ts"
import type { SchemaArguments } from "./commands/schema.ts"
import type { DatasetArguments } from "./dataset-options.ts"
import type { Io } from "./io.ts"
import { type Common, common, dataset, examples, pipelineFile, session } from "./program-parts.ts"

/** Adds the commands that look at a project and at what it has loaded. */
export function addLookCommands(program: Command, io: Io): void {
  addDoctor(program, io)
  addSchema(program, io)
  addState(program, io)
  addPackages(program, io)
  addAudit(program, io)
}

function addDoctor(program: Command, io: Io): void {
  dataset(common(program.command("doctor")))
    .description("Check whether loads could run now: versions, configuration, secrets, rights, credentials, leases, clocks.")
    .argument("[file]", `${pipelineFile}; without one, the project alone is checked`)
    .addHelpText(
      "after",
      `\nEnds with exit code 1 when a check fails; warnings do not count.\n${examples("lading doctor", "lading doctor jobs/chess.ts --json")}`,
    )
    .action(async (file: string | undefined, options: DatasetArguments & Common) => {
      const { doctorCommand } = await import("./commands/doctor.ts")
      await doctorCommand(session(io, options), file, options)
    })
}

function addSchema(program: Command, io: Io): void {
  const schema = program.command("schema").description("Show, compare or write the schemas that a dataset stores.")
  const format = (): Option => new Option("--format <format>", "yaml as people edit it, json as it is stored, dlt as dlt exports it")
  const named = (command: Command): Command =>
    dataset(common(command)).option("--file <file>", pipelineFile).option("--schema <name>", "only the schema of this name")
  named(schema.command("show"))
    .description("Show the stored schema.")
    .addOption(format().choices(["yaml", "json", "dlt"]).default("yaml"))
    .addHelpText("after", examples("lading schema show", "lading schema show --format json"))
    .action(async (options: SchemaArguments & Common) => {
      const { showSchema } = await import("./commands/schema.ts")
      await showSchema(session(io, options), options)
    })
  named(schema.command("diff"))
    .description("Show what differs: between a schema file and the stored schema, or between two stored versions.")
    .argument("[before]", "a schema file, or the number of a stored version; default: the version before the newest")
    .argument("[after]", "the same; default: the newest stored version")
    .addHelpText("after", examples("lading schema diff", "lading schema diff 3 5", "lading schema diff schemas/chess.schema.yaml"))
    .action(async (before: string | undefined, after: string | undefined, options: SchemaArguments & Common) => {
      const { diffSchema } = await import("./commands/schema.ts")
      await diffSchema(session(io, options), { before, after }, options)
    })
  named(schema.command("export"))
    .description("Write each stored schema to a file <name>.schema.yaml (or .json) in a folder.")
    .argument("<folder>", "made when it does not exist")
    .addOption(format().choices(["yaml", "json", "dlt"]).default("yaml"))
    .addHelpText("after", examples("lading schema export schemas", "lading schema export schemas --format json"))
    .action(async (folder: string, options: SchemaArguments & Common) => {
      const { exportSchemas } = await import("./commands/schema.ts")
      await exportSchemas(session(io, options), folder, options)
    })
}

function addState(program: Command, io: Io): void {
  dataset(common(program.command("state")))
    .description("Show where the next run of a pipeline continues: cursors, and what resources remember.")
    .argument("[file]", pipelineFile)
    .addHelpText("after", examples("lading state", "lading state --json | jq '.states[].resources'"))
    .action(async (file: string | undefined, options: DatasetArguments & Common) => {
      const { stateCommand } = await import("./commands/state.ts")
      await stateCommand(session(io, options), file, options)
    })
}

function addPackages(program: Command, io: Io): void {
  const packages = program.command("packages").description("Show the load packages that are left in the work folder, or drop one.")
  const named = (command: Command): Command => dataset(common(command)).option("--file <file>", pipelineFile)
  named(packages.command("list"))
    .description("List packages: sealed, abandoned, unfinished and corrupt ones.")
    .addHelpText("after", examples("lading packages list", "lading packages list --work-dir .lading --json"))
    .action(async (options: PackagesArguments & Common) => {
      const { listPackagesCommand } = await import("./commands/packages.ts")
      await listPackagesCommand(session(io, options), options)
    })
  named(packages.command("show"))
    .description("Show what a package would load, and whether its parts are what was sealed.")
    .argument("<load_id>")
    .addHelpText("after", examples("lading packages show 1700000000.5"))
    .action(async (loadId: string, options: PackagesArguments & Common) => {
      const { showPackageCommand } = await import("./commands/packages.ts")
      await showPackageCommand(session(io, options), loadId, options)
    })
  named(packages.command("drop"))
    .description("Delete a package, after asking its destination whether the load was committed. What was not is extracted again.")
    .argument("<load_id>")
    .option("--yes", "really delete it")
    .option("--force", "also when nobody can say whether the load was committed")
    .addHelpText("after", examples("lading packages drop 1700000000.5 --yes"))
    .action(async (loadId: string, options: PackagesArguments & Common) => {
      const { dropPackageCommand } = await import("./commands/packages.ts")
      await dropPackageCommand(session(io, options), loadId, options)
    })
}

function addAudit(program: Command, io: Io): void {
  dataset(common(program.command("audit")))
    .description("Prove a load: recount its rows in the destination against what was recorded, and check links, rejects and schema.")
    .argument("<load_id>", "as `lading inspect` lists it")
    .option("--file <file>", pipelineFile)
    .addHelpText(
      "after",
      `\nEnds with exit code 1 when something does not hold.\n${examples("lading audit 1700000000.5", "lading audit 1700000000.5 --json")}`,
    )
    .action(async (loadId: string, options: DatasetArguments & { readonly file?: string } & Common) => {
      const { auditCommand } = await import("./commands/audit.ts")
      await auditCommand(session(io, options), loadId, options)
    })
}
