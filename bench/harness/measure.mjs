import { spawn } from "node:child_process"
import { performance } from "node:perf_hooks"
import { readTreeMemory } from "./process-tree.mjs"

const sampleEveryMs = 50
const keptErrorCharacters = 4000

/**
 * Runs one command to its end and measures it from outside.
 * @param {{ command: string, args: readonly string[], cwd: string, env?: Record<string, string> }} job
 * @returns {Promise<{ seconds: number, peakMb: number, processes: number }>} wall time of the whole process, peak memory of its process tree
 *   (1 MB = 1,000,000 bytes), and the largest number of processes seen at once
 * @throws {Error} with the end of stderr when the command fails
 */
export function measure({ command, args, cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] })
    let errorText = ""
    child.stderr.on("data", (chunk) => {
      errorText = (errorText + chunk).slice(-keptErrorCharacters)
    })
    const peak = { kb: 0, processes: 1 }
    const sampler = setInterval(() => recordPeak(peak, readTreeMemory(child.pid)), sampleEveryMs)
    let seconds = 0
    child.on("error", (cause) => {
      clearInterval(sampler)
      reject(cause)
    })
    child.on("exit", () => {
      seconds = (performance.now() - start) / 1000
      clearInterval(sampler)
    })
    child.on("close", (code, signal) => {
      if (code === 0) resolve({ seconds, peakMb: (peak.kb * 1024) / 1e6, processes: peak.processes })
      else reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? `exit code ${code}`}\n${errorText}`))
    })
  })
}

function recordPeak(peak, memory) {
  peak.kb = Math.max(peak.kb, memory.residentKb, memory.highWaterKb)
  peak.processes = Math.max(peak.processes, memory.processes)
}
