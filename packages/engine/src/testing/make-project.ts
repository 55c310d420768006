import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

/** A fresh folder with these files (text, or an object that becomes JSON), which goes away with the test. */
export function makeProject(files: Readonly<Record<string, string | object>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lading-project-")))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}

/** The error that something throws or rejects with. */
export async function errorOf(
  work: () => unknown,
): Promise<Error & { readonly code?: string; readonly hint?: string; readonly details?: unknown }> {
  try {
    await work()
  } catch (error) {
    return error as Error
  }
  throw new Error("an error was expected")
}
