import pc from "picocolors"
import type { Output } from "./io.ts"
import { main } from "./main.ts"

const exitCode = await main(process.argv.slice(2), {
  stdout: toOutput(process.stdout),
  stderr: toOutput(process.stderr),
  cwd: process.cwd(),
  async importModule(path) {
    const { importUserModule } = await import("@lading/engine")
    return importUserModule(path)
  },
  onInterrupt(listener) {
    const signals = ["SIGINT", "SIGTERM"] as const
    for (const signal of signals) process.on(signal, listener)
    return () => {
      for (const signal of signals) process.off(signal, listener)
    }
  },
  exit: (code) => process.exit(code),
})

// Handles that a pipeline file leaves open (pools, timers) must not keep the command alive, and neither stream may be cut off.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))))
process.exit(exitCode)

function toOutput(stream: NodeJS.WriteStream): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
    process.exit(0)
  })
  return {
    isTerminal: stream.isTTY === true,
    hasColor: stream.isTTY === true && pc.isColorSupported,
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
    write(text) {
      if (stream.write(text)) return
      return new Promise((resolve) => stream.once("drain", resolve))
    },
  }
}
