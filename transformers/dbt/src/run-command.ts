import { execa } from "execa"
import { interrupted, throwIfAborted } from "./errors.ts"
import { type LogEvent, parseLogLine } from "./log-event.ts"
import type { DbtProgress, OnDbtProgress } from "./progress.ts"
import type { DbtCommand } from "./result.ts"

/** One command on its way to dbt. */
export interface CommandRequest {
  readonly dbt: string
  readonly command: DbtCommand
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Folder of the project. */
  readonly cwd: string
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number | undefined
  readonly onProgress: OnDbtProgress
  /** Removes secrets from a text. */
  readonly scrub: (text: string) => string
  /** Called with a function that stops dbt at once, for the end of the process. */
  readonly onStart: (stop: () => void) => void
}

/** How a command ended. */
export interface CommandOutcome {
  /** Undefined when dbt could not be started, or was killed. */
  readonly exitCode: number | undefined
  readonly isTimedOut: boolean
  /** Texts of the events of level error, first ones first. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** What was said on standard error, else what dbt printed beside its log, else why it could not be started. */
  readonly complaint: string
  /** The node that was being worked on when dbt ended. */
  readonly running: readonly string[]
}

const maxTexts = 50
const killAfterMs = 5_000

/**
 * Runs one command and follows its log. Told to stop, dbt gets SIGINT, on which it cancels its queries, and SIGKILL five seconds later.
 * @throws LadingError `interrupted`
 */
export async function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  const { dbt, args, environment, cwd, signal, timeoutMs, scrub, onStart } = request
  throwIfAborted(signal)
  const child = execa(dbt, args, {
    env: environment,
    extendEnv: false,
    cwd,
    stdin: "ignore",
    reject: false,
    cleanup: false,
    killSignal: "SIGINT",
    forceKillAfterDelay: killAfterMs,
    buffer: { stdout: false },
    maxBuffer: { stderr: 1_000_000 },
    ...(timeoutMs === undefined ? {} : { timeout: Math.max(1, timeoutMs) }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  onStart(() => child.kill("SIGKILL"))
  const follower = createFollower(request)
  // Told to stop, dbt reports its nodes as ended: what was running is looked at just before.
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => follower.freeze(), timeoutMs)
  for await (const line of child) follower.take(line)
  const result = await child
  clearTimeout(timer)
  if (result.isCanceled) throw interrupted()
  const { printed, ...seen } = follower.seen()
  const complaint = [scrub(lastLines(result.stderr ?? "")), printed.join("\n"), scrub(result.originalMessage ?? "")]
  return { exitCode: result.exitCode, isTimedOut: result.timedOut, ...seen, complaint: complaint.find((text) => text !== "") ?? "" }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-10).join("\n")
}

interface Follower {
  take(line: string): void
  /** Keeps what is running now as what was running when dbt ended. */
  freeze(): void
  /** `printed`: first lines that are no events, such as those with which dbt ends before it has a log. */
  seen(): Pick<CommandOutcome, "errors" | "warnings" | "running"> & { readonly printed: readonly string[] }
}

/** Turns lines of the log into progress, and keeps what an error message needs. */
function createFollower({ command, onProgress, scrub }: CommandRequest): Follower {
  const errors: string[] = []
  const warnings: string[] = []
  const printed: string[] = []
  const running = new Set<string>()
  let frozen: readonly string[] | undefined
  return {
    take(line) {
      const event = parseLogLine(line)
      if (event === undefined) {
        if (line.trim() === "") return
        const message = scrub(line)
        if (printed.length < maxTexts) printed.push(withoutDecoration(message))
        onProgress({ kind: "message", command, level: "print", message })
        return
      }
      if (event.node?.status === "started" && event.index !== undefined) running.add(event.node.uniqueId)
      else if (event.node !== undefined) running.delete(event.node.uniqueId)
      if (event.name === "MainStackTrace") return
      const text = scrub(event.text)
      if (event.level === "error" && errors.length < maxTexts) errors.push(text)
      if (event.level === "warn" && event.node === undefined && warnings.length < maxTexts) warnings.push(text)
      const progress = toProgress(event, command, text)
      if (progress !== undefined) onProgress(progress)
    },
    freeze() {
      frozen = [...running]
    },
    seen: () => ({ errors, warnings, printed, running: frozen ?? [...running] }),
  }
}

/** Without terminal colours and the time of day. */
function withoutDecoration(line: string): string {
  return line.replace(/\u001b\[[0-9;]*m/g, "").replace(/^\d\d:\d\d:\d\d\s+/, "")
}

function toProgress({ node, index, total, seconds, level }: LogEvent, command: DbtCommand, text: string): DbtProgress | undefined {
  if (node === undefined || index === undefined) return text.trim() === "" ? undefined : { kind: "message", command, level, message: text }
  const kind = node.status === "started" ? "node-started" : "node-finished"
  const { uniqueId, name, resourceType, status } = node
  return { kind, command, uniqueId, name, resourceType, status, index, total, seconds }
}
