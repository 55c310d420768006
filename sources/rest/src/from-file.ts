import { readFileSync } from "node:fs"
import { LadingError, type Source } from "@lading/core"
import type { RestOptions } from "./options.ts"
import { rest } from "./rest.ts"

/**
 * The source that a JSON file declares, with the keys of `rest()`. `overrides` replace keys of `client`, so that secrets need not stand in a file.
 * @throws LadingError `file-unreadable`, `invalid-json`, `invalid-options`
 */
export function restFromFile(path: string | URL, overrides: Partial<RestOptions["client"]> = {}): Source {
  const options = parse(read(path), String(path))
  const client = typeof options.client === "object" ? { ...options.client, ...overrides } : options.client
  return rest({ ...options, client })
}

function read(path: string | URL): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new LadingError({
      code: "file-unreadable",
      message: `${path} cannot be read`,
      hint: "check that the file exists and may be read",
      cause: error,
    })
  }
}

function parse(text: string, path: string): RestOptions {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === "object" && value !== null) return value as RestOptions
  } catch {
    // the parser's own message would show a piece of the file, in which a secret may stand
  }
  throw new LadingError({
    code: "invalid-json",
    message: `${path} is not a JSON object`,
    hint: "write it as the README of @lading/source-rest shows",
  })
}
