import { stat } from "node:fs/promises"
import { isAbsolute, relative, resolve, sep } from "node:path"
import { LadingError } from "@lading/core"
import { glob, isDynamicPattern } from "tinyglobby"

/** A file that matched. Times are nanoseconds since 1970, sizes bytes. */
export interface FoundFile {
  /** Absolute path. */
  readonly path: string
  /** Relative to the base folder with forward slashes, or absolute where it lies outside: shown to people and kept in state. */
  readonly name: string
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly createdNs: bigint
}

/**
 * The files that the patterns match, each once, sorted by name. A pattern that is an existing file is taken literally.
 * Throws `no-files` for a pattern without any file, and `file-unreadable` for a file that cannot be looked at.
 */
export async function findFiles(patterns: string | readonly string[], baseDirectory: string): Promise<FoundFile[]> {
  const all = (typeof patterns === "string" ? [patterns] : patterns).map((pattern) => pattern.split(sep).join("/"))
  const ignore = all.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1))
  const wanted = all.filter((pattern) => !pattern.startsWith("!"))
  const paths = new Set<string>()
  for (const pattern of wanted) {
    const matches = await match(pattern, ignore, baseDirectory)
    if (matches.length === 0) throw noFiles(pattern, baseDirectory)
    for (const path of matches) paths.add(path)
  }
  if (paths.size === 0) throw noFiles(all.join(", "), baseDirectory)
  const files = await Promise.all([...paths].map((path) => look(path, baseDirectory)))
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function match(pattern: string, ignore: readonly string[], baseDirectory: string): Promise<string[]> {
  const literal = resolve(baseDirectory, pattern)
  if ((await stat(literal).catch(() => undefined))?.isFile()) return [literal]
  if (!isDynamicPattern(pattern)) return []
  const found = await glob([pattern], { cwd: baseDirectory, ignore: [...ignore], absolute: true, dot: true, expandDirectories: false })
  return found.map((path) => resolve(path))
}

async function look(path: string, baseDirectory: string): Promise<FoundFile> {
  const name = displayName(path, baseDirectory)
  const facts = await stat(path, { bigint: true }).catch((cause: unknown) => {
    throw unreadable(name, cause)
  })
  return { path, name, size: facts.size, modifiedNs: facts.mtimeNs, createdNs: facts.birthtimeNs }
}

function displayName(path: string, baseDirectory: string): string {
  const short = relative(baseDirectory, path)
  const isInside = short !== "" && !short.startsWith("..") && !isAbsolute(short)
  return (isInside ? short : path).split(sep).join("/")
}

function noFiles(pattern: string, baseDirectory: string): LadingError {
  return new LadingError({
    code: "no-files",
    message: `no file matches ${pattern} in ${baseDirectory}`,
    hint: "check the path; for a whole folder name its files, such as data/*.csv or data/**/*.ndjson",
    details: { pattern, folder: baseDirectory },
  })
}

/** The error for a file that the operating system does not let us read; network and lock faults are worth another try. */
export function unreadable(name: string, cause: unknown): LadingError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown"
  return new LadingError({
    code: "file-unreadable",
    message: `${name} cannot be read (${reason})`,
    hint: "check that the file is still there and that this user may read it",
    retryable: ["EBUSY", "EIO", "EAGAIN", "EMFILE", "ESTALE", "ETIMEDOUT"].includes(reason),
    details: { file: name, reason },
    cause,
  })
}
