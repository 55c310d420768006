import { existsSync, readdirSync, statSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { basename, dirname, join, relative, resolve } from "node:path"
import { LadingError } from "@lading/core"
import { printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"
import { projectFiles, projectNames } from "../project-files.ts"

/**
 * Writes a project that runs. Needs no network.
 * @throws LadingError `folder-not-empty`
 */
export async function initCommand(session: Session, folder: string): Promise<void> {
  const { io, isJson } = session
  const target = resolve(io.cwd, folder)
  refuseToOverwrite(target, folder)
  const files = projectFiles(projectNames(basename(target)))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(target, path)), { recursive: true })
    await writeFile(join(target, path), text, { flag: "wx" })
  }
  if (isJson) return writeJson(session, { folder: target, files: Object.keys(files) })
  const enter = relative(io.cwd, target)
  const steps = [...(enter === "" ? [] : [`cd ${enter}`]), "npm install", "npx lading run"]
  await io.stdout.write(
    `${Object.keys(files)
      .map((path) => `  + ${printable(join(enter, path))}`)
      .join("\n")}\n\nnext\n  ${steps.join("\n  ")}\n`,
  )
}

function refuseToOverwrite(target: string, folder: string): void {
  if (!existsSync(target)) return
  const isFolder = statSync(target).isDirectory()
  if (isFolder && readdirSync(target).every((name) => name === ".git")) return
  throw new LadingError({
    code: "folder-not-empty",
    message: isFolder ? `the folder ${folder} is not empty` : `${folder} is a file`,
    hint: "choose a folder that is empty or does not exist: nothing of yours is overwritten",
  })
}
