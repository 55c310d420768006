import { readFileSync } from "node:fs"
import { hostname } from "node:os"

/** Which process on which machine, since which boot. Serialized in lock files. */
export interface ProcessIdentity {
  readonly host: string
  /** Boot id of the kernel; empty where the system does not tell. */
  readonly boot: string
  readonly pid: number
  /** Start of the process in kernel ticks, which tells a process from a later one with the same id; empty where unknown. */
  readonly start: string
}

/** What is known of a process. */
export type Liveness = "alive" | "dead" | "unknown"

/** The identity of this process. */
export function currentProcess(): ProcessIdentity {
  return { host: hostname(), boot: bootId(), pid: process.pid, start: startTicks(process.pid) }
}

/** Whether a process still runs; `unknown` for one on another machine. */
export function liveness(of: { readonly host: string; readonly boot: string; readonly pid: number; readonly start?: string }): Liveness {
  if (of.host !== hostname()) return "unknown"
  const boot = bootId()
  if (of.boot !== "" && boot !== "" && of.boot !== boot) return "dead"
  if (!exists(of.pid)) return "dead"
  const start = startTicks(of.pid)
  return of.start !== undefined && of.start !== "" && start !== "" && of.start !== start ? "dead" : "alive"
}

/** True when the process of an owner `host:boot:process` ran on this machine and is certainly gone. */
export function isOwnerGone(owner: string): boolean {
  const [host, boot, pid] = owner.split(":")
  if (host === undefined || boot === undefined || !/^\d+$/.test(pid ?? "")) return false
  return liveness({ host, boot, pid: Number(pid) }) === "dead"
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return state(pid) !== "Z"
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

function bootId(): string {
  return readText("/proc/sys/kernel/random/boot_id").trim()
}

function startTicks(pid: number): string {
  return statFields(pid)[19] ?? ""
}

function state(pid: number): string {
  return statFields(pid)[0] ?? ""
}

/** Fields of /proc/<pid>/stat after the command name, which may itself hold blanks and parentheses (proc(5)). */
function statFields(pid: number): readonly string[] {
  const text = readText(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(")") + 2).split(" ")
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
