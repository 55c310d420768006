// `pnpm validate`: the one definition of done. `npm test`, then unused code, package shape and changesets.
import { join } from "node:path"
import { capture } from "./lib/run.mjs"
import { listPackages, root } from "./lib/workspace.mjs"
import { findPnpm, tool } from "./pnpm.mjs"

const baseBranches = ["origin/main", "main"]

/** The commit that this work started from, or undefined when there is no history to compare with. */
async function findBase() {
  for (const branch of baseBranches) {
    const answer = await capture("git", ["merge-base", branch, "HEAD"])
    if (answer.code === 0) return answer.stdout.trim()
  }
  return undefined
}

async function changedFiles(base) {
  const lists = [
    ["diff", "--name-only", base],
    ["ls-files", "--others", "--exclude-standard"],
  ]
  const answers = await Promise.all(lists.map((args) => capture("git", args)))
  return answers.flatMap((answer) => answer.stdout.split("\n")).filter(Boolean)
}

async function packagesToLint(base) {
  const published = listPackages().filter(({ manifest }) => !manifest.private)
  if (!base) return published
  const files = await changedFiles(base)
  return published.filter(({ folder }) => files.some((file) => file.startsWith(`${folder}/`)))
}

async function lintPackages(base) {
  const codes = []
  for (const { folder, manifest } of await packagesToLint(base)) {
    console.log(`  ${manifest.name}`)
    codes.push(await tool("publint", ["--strict", join(root, folder)]))
  }
  return codes.find((code) => code !== 0) ?? 0
}

async function changesetStatus(base) {
  if (base) return tool("changeset", ["status", `--since=${base}`])
  console.log("  nothing to compare with: there is no commit on main yet")
  return 0
}

async function main() {
  await findPnpm()
  const failed = []
  const base = await findBase()
  const steps = {
    test: () => tool(process.execPath, [join(root, "scripts", "test.mjs")]),
    "unused code (knip)": () => tool("knip", ["--no-progress", "--no-config-hints"]),
    "package shape (publint)": () => lintPackages(base),
    changesets: () => changesetStatus(base),
  }
  for (const [title, step] of Object.entries(steps)) {
    console.log(`\n> ${title}`)
    if ((await step()) !== 0) failed.push(title)
  }
  console.log(failed.length === 0 ? "\nvalid" : `\nnot valid: ${failed.join(", ")}`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
