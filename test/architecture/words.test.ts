import { describe, expect, it } from "vitest"
import { readText, repositoryFiles } from "./support/workspace.ts"

/** Files that hold text of others, unchanged, or bytes. */
const foreign = /(^|\/)(fixtures|inputs)\/|^LICENSE$|\.(png|gz|parquet|duckdb|zst|ico|woff2?)$/

const forbidden: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a path of somebody's machine", pattern: /(?:^|[\s"'`(=:,])\/(?:home|Users|root|work|workspace|mnt|tmp\/lab)\/[\w.-]+/m },
  { what: "a path of somebody's Windows machine", pattern: /\b[A-Z]:\\{1,2}Users\\/ },
  {
    what: "the host of a package registry or mirror",
    pattern:
      /\b(?:registry\.[a-z0-9-]+\.[a-z]+|files\.pythonhosted\.org|proxy\.golang\.org|[a-z0-9.-]*(?:artifactory|verdaccio|nexus)[a-z0-9-]*\.[a-z0-9.-]+)\b/,
  },
  { what: "an unfinished thing", pattern: /\b(?:TODO|FIXME|XXX)\b/ },
]

describe("words", () => {
  const files = repositoryFiles().filter((path) => !foreign.test(path) && path !== "test/architecture/words.test.ts")

  it.each(forbidden)("no file of the repository names $what", ({ pattern }) => {
    const found = files.flatMap((path) => {
      const match = pattern.exec(readText(path))
      return match ? [`${path}: ${match[0].trim()}`] : []
    })
    expect(found).toEqual([])
  })
})
