import { describe, expect, it } from "vitest"
import { commandLine } from "./command-line.ts"
import type { DbtCommand } from "./result.ts"

const folders = { project: "p", profiles: "t", target: "t/target", logs: "t/logs", keepsLog: false }
const everything = {
  project: "p",
  select: ["a+", "b"],
  exclude: "c",
  fullRefresh: true,
  failFast: true,
  threads: 2,
  target: "prod",
} as const

describe("the command line of dbt", () => {
  it("names every folder, the profile, the target and the variables", () => {
    expect(commandLine("run", { project: "p" }, folders, { a: "it's" }).join(" ")).toBe(
      "--log-format json --log-level info --no-use-colors --log-path t/logs --log-level-file none run --project-dir p --profiles-dir t " +
        `--profile lading --target lading --vars {"a":"it's"} --target-path t/target --threads 4`,
    )
  })

  it.each<[DbtCommand, string]>([
    ["build", "--threads 2 --select a+ b --exclude c --full-refresh --fail-fast"],
    ["run", "--threads 2 --select a+ b --exclude c --full-refresh --fail-fast"],
    ["seed", "--threads 2 --select a+ b --exclude c --full-refresh --fail-fast"],
    ["test", "--threads 2 --select a+ b --exclude c --fail-fast"],
    ["snapshot", "--threads 2 --select a+ b --exclude c --fail-fast"],
    ["docs generate", "--threads 2 --select a+ b --exclude c --fail-fast"],
    ["deps", "--vars {}"],
  ])("of %s has only what that command takes", (command, end) => {
    const line = commandLine(command, everything, folders, {}).join(" ")
    expect(line).toContain(` ${command} --project-dir p`)
    expect(line.endsWith(end)).toBe(true)
  })

  it("keeps the whole log in a folder that stays", () => {
    expect(commandLine("run", { project: "p" }, { ...folders, keepsLog: true }, {})).not.toContain("--log-level-file")
  })
})
