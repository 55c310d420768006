import { readFileSync } from "node:fs"
import { hostname } from "node:os"

/** Who this process is, for leases: host, boot and process, so that a process that is gone can be told from one that is slow. */
export function leaseOwner(): string {
  return `${hostname()}:${bootId()}:${process.pid}`
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
  } catch {
    return ""
  }
}
