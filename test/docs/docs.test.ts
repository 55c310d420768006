import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { globSync } from "tinyglobby"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Block, readBlocks } from "./blocks.ts"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..", "..")

/** Commands that set a machine up; other tests run them. */
const setUp = /^(git clone|npm (start|test|install)|cd lading|pnpm |node scripts\/|npx -y pnpm)/
const programs = new Set(["ts", "js", "mjs"])

const isRunnable = ({ language, info }: Block): boolean => programs.has(language) || language === "sh" || info.includes("file=")

const documents = globSync(["README.md", "CONTRIBUTING.md", "docs/**/*.md", "{packages,sources,destinations,transformers}/*/README.md"], {
  cwd: root,
})
  .sort()
  .map((document) => ({ document, blocks: readBlocks(join(root, document), document).filter(isRunnable) }))
  .filter(({ blocks }) => blocks.length > 0)

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-docs-"))
  symlinkSync(join(here, "node_modules"), join(folder, "node_modules"))
  writeFileSync(join(folder, "package.json"), '{ "name": "docs", "private": true, "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf({ info }: Block): string | undefined {
  return /\bfile=(\S+)/.exec(info)?.[1]
}

async function runProgram(block: Block, place: string): Promise<void> {
  const name = fileOf(block) ?? `block-${block.line}.${block.language}`
  mkdirSync(dirname(join(place, name)), { recursive: true })
  writeFileSync(join(place, name), block.code)
  if (/\.test\.ts$/.test(name)) return
  await promisify(execFile)(process.execPath, [join(here, "node_modules", "jiti", "lib", "jiti-cli.mjs"), name], { cwd: place })
}

async function runShell(block: Block, place: string): Promise<void> {
  const lines = block.code.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#") && !setUp.test(line))
  if (lines.length === 0) return
  const env = { ...process.env, PATH: `${join(here, "node_modules", ".bin")}:${process.env["PATH"]}` }
  await promisify(execFile)("bash", ["-euo", "pipefail", "-c", lines.join("\n")], { cwd: place, env })
}

describe.each(documents)("the code in $document", ({ document, blocks }) => {
  const place = () => join(folder, document.replaceAll(/[^\w]/g, "-"))

  it("runs from top to bottom", async () => {
    mkdirSync(place(), { recursive: true })
    for (const block of blocks) {
      const file = fileOf(block)
      try {
        if (programs.has(block.language)) await runProgram(block, place())
        else if (block.language === "sh") await runShell(block, place())
        else if (file !== undefined) {
          mkdirSync(dirname(join(place(), file)), { recursive: true })
          writeFileSync(join(place(), file), block.code)
        }
      } catch (error) {
        throw new Error(`${document}:${block.line} failed\n${error instanceof Error && "stderr" in error ? String(error.stderr) : ""}`, {
          cause: error,
        })
      }
    }
    expect(blocks.length).toBeGreaterThan(0)
  })
})
