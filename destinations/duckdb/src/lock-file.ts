import { randomUUID } from "node:crypto"
import { closeSync, linkSync, openSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"
import { LadingError } from "@lading/core"
import { currentProcess, liveness, type ProcessIdentity } from "@lading/sql"

/** A lock that is held; `release` removes the file if it is still ours. */
export interface FileLock {
  release(): void
}

interface LockContent extends ProcessIdentity {
  readonly token: string
}

const refreshMs = 15_000
const foreignLockExpiresMs = 60_000
const tornLockExpiresMs = 2_000

/**
 * Takes the lock file `path`, at once also from a holder that is gone. A holder on another machine cannot be asked: it counts as gone when it
 * has not touched its lock for a minute.
 * @throws LadingError `database-locked` naming the holder
 */
export function takeLock(path: string, database: string): FileLock {
  const content: LockContent = { ...currentProcess(), token: randomUUID() }
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (create(path, content)) return hold(path, content)
    const found = read(path)
    if (found !== undefined && isHeld(found)) throw locked(database, describe(found.content))
    if (found !== undefined) remove(path, found.text)
  }
  throw locked(database, "another process")
}

/** The error for a database that somebody else holds. */
export function locked(database: string, holder: string, cause?: unknown): LadingError {
  return new LadingError({
    code: "database-locked",
    message: `The database ${database} is in use by ${holder}`,
    hint: "A DuckDB file belongs to one process at a time: wait for that process, or stop it.",
    retryable: true,
    details: { database, holder },
    ...(cause === undefined ? {} : { cause }),
  })
}

function create(path: string, content: LockContent): boolean {
  try {
    const file = openSync(path, "wx", 0o600)
    try {
      writeFileSync(file, JSON.stringify(content))
    } finally {
      closeSync(file)
    }
    return true
  } catch (error) {
    if (isCode(error, "EEXIST")) return false
    throw error
  }
}

function hold(path: string, content: LockContent): FileLock {
  const timer = setInterval(() => attempt(() => utimesSync(path, new Date(), new Date())), refreshMs)
  timer.unref()
  return {
    release() {
      clearInterval(timer)
      if (read(path)?.content?.token === content.token) attempt(() => unlinkSync(path))
    },
  }
}

interface FoundLock {
  readonly text: string
  /** undefined when the file was torn by a crash. */
  readonly content: LockContent | undefined
  readonly ageMs: number
}

function read(path: string): FoundLock | undefined {
  return attempt(() => {
    const text = readFileSync(path, "utf8")
    return { text, content: parse(text), ageMs: Date.now() - statSync(path).mtimeMs }
  })
}

function parse(text: string): LockContent | undefined {
  const value = attempt((): unknown => JSON.parse(text))
  if (typeof value !== "object" || value === null) return undefined
  const { host, boot, pid, start, token }: Readonly<Record<string, unknown>> = { ...value }
  const isWhole =
    typeof host === "string" &&
    typeof boot === "string" &&
    typeof pid === "number" &&
    typeof start === "string" &&
    typeof token === "string"
  return isWhole ? { host, boot, pid, start, token } : undefined
}

function isHeld({ content, ageMs }: FoundLock): boolean {
  if (content === undefined) return ageMs < tornLockExpiresMs
  const state = liveness(content)
  return state === "alive" || (state === "unknown" && ageMs < foreignLockExpiresMs)
}

/** Removes a dead lock; when another process was faster and the file is already a new lock, puts that back. */
function remove(path: string, expected: string): void {
  const aside = `${path}.${randomUUID()}`
  if (attempt(() => renameSync(path, aside) ?? true) === undefined) return
  if (read(aside)?.text !== expected) attempt(() => linkSync(aside, path))
  attempt(() => unlinkSync(aside))
}

function describe(content: LockContent | undefined): string {
  if (content === undefined) return "another process"
  if (content.pid === process.pid && content.host === currentProcess().host)
    return `another thread or copy of Lading in this process (${content.pid})`
  return `process ${content.pid} on ${content.host}`
}

function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code
}
