import { readFileSync } from "node:fs"
import { hostname } from "node:os"

/** True when the process of an owner `host:boot:process` ran on this machine and is certainly gone. */
export function isGone(owner: string): boolean {
  const [host, boot, pid] = owner.split(":")
  if (host !== hostname() || boot === undefined || !/^\d+$/.test(pid ?? "")) return false
  const current = readText("/proc/sys/kernel/random/boot_id").trim()
  return (boot !== "" && current !== "" && boot !== current) || !exists(Number(pid))
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return stateOf(pid) !== "Z"
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** State letter after the command name, which may itself hold blanks and parentheses (proc(5)); empty where there is no /proc. */
function stateOf(pid: number): string {
  const text = readText(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[0] ?? ""
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
