import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"

const job = fileURLToPath(new URL("job.mjs", import.meta.url))

/**
 * A process that runs pipelines it is told to, one at a time, and is not killed: starting a new one for each run would take most of the time.
 * `run(spec)` resolves to what became of the steps, or to `[{ code: "hangs" }]` after `hangsAfterMs`, or `[{ code: "died" }]`.
 */
export function createRunner(hangsAfterMs) {
  let child
  const stop = () => {
    child?.kill("SIGKILL")
    child = undefined
  }
  return {
    run(spec) {
      child ??= fork(job, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] })
      const current = child
      return new Promise((resolve) => {
        const end = (results) => {
          clearTimeout(timer)
          current.removeAllListeners()
          resolve(results)
        }
        const timer = setTimeout(() => {
          stop()
          end([{ code: "hangs" }])
        }, hangsAfterMs)
        current.once("message", end)
        current.once("exit", () => {
          child = undefined
          end([{ code: "died" }])
        })
        current.send(spec)
      })
    },
    stop,
  }
}
