import { spawn } from "node:child_process"
import { performance } from "node:perf_hooks"

/**
 * Runs a command in a process group of its own and kills the whole group with SIGKILL after `killAfterMs`, if it still runs then.
 * Resolves to whether it died by SIGKILL, its exit code, and what it printed.
 */
export function runAndKill(command, args, { cwd, env = {}, killAfterMs = Number.POSITIVE_INFINITY }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    child.stdout.on("data", (chunk) => {
      output += chunk
    })
    child.stderr.on("data", (chunk) => {
      output += chunk
    })
    const timer = Number.isFinite(killAfterMs) ? setTimeout(() => process.kill(-child.pid, "SIGKILL"), killAfterMs) : undefined
    child.on("error", reject)
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      resolve({ wasKilled: signal === "SIGKILL", code, output, durationMs: performance.now() - startedAt })
    })
  })
}
