import { rmSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder that only this user can read (mode 0700), and that does not outlive the process. */
export interface PrivateFolder {
  readonly path: string
  remove(): Promise<void>
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/**
 * Makes a private folder. It is also removed when the process exits or is told to stop; a signal for which nobody else listens then ends the
 * process as it would have.
 * @param onSignal called before that, to stop a program that works in the folder
 */
export async function makePrivateFolder(onSignal: () => void): Promise<PrivateFolder> {
  const path = await mkdtemp(join(tmpdir(), "lading-dbt-"))
  const removeNow = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  const stopped = (signal: NodeJS.Signals): void => {
    onSignal()
    removeNow()
    forget()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = (): void => {
    process.off("exit", removeNow)
    for (const signal of signals) process.off(signal, stopped)
  }
  process.on("exit", removeNow)
  // First in the list: libraries that count the listeners of a signal before they let it end the process must not see this one.
  for (const signal of signals) process.prependListener(signal, stopped)
  return {
    path,
    async remove() {
      forget()
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
