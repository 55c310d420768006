import { spawn } from "node:child_process"
import { delimiter, join } from "node:path"
import { root } from "./workspace.mjs"

/**
 * The environment of every child process: no telemetry, no prompts, and the tools of the workspace (and `binFolders` before them) on
 * the PATH, so that no global tool is ever used.
 */
export function childEnvironment(binFolders = [], extra = {}) {
  const folders = [...binFolders, join(root, "node_modules", ".bin"), process.env.PATH ?? ""]
  const colours = process.stdout.isTTY || process.env.FORCE_COLOR ? {} : { NO_COLOR: "1" }
  return {
    ...process.env,
    ...colours,
    CI: process.env.CI || "true",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
    NO_UPDATE_NOTIFIER: "1",
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    ...extra,
    PATH: folders.join(delimiter),
  }
}

/**
 * Runs `command` with `args`, its output going to ours and its input closed, and resolves to its exit code.
 * A signal that stops this process stops the child too; a child that was ended by a signal counts as exit code 1.
 */
export function run(command, args, { cwd = root, env = childEnvironment(), input = "ignore" } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: [input, "inherit", "inherit"] })
    const forward = (signal) => child.kill(signal)
    const signals = ["SIGINT", "SIGTERM"]
    for (const signal of signals) process.on(signal, forward)
    const settle = (finish, value) => {
      for (const signal of signals) process.off(signal, forward)
      finish(value)
    }
    child.on("error", (error) => settle(reject, error))
    child.on("close", (code) => settle(resolve, code ?? 1))
  })
}

/** Runs `command` and resolves to `{ code, stdout, stderr }`, both outputs as text. */
export function capture(command, args, { cwd = root, env = childEnvironment() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    const output = { stdout: "", stderr: "" }
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8")
      child[stream].on("data", (text) => {
        output[stream] += text
      })
    }
    child.on("error", reject)
    child.on("close", (code) => resolve({ code: code ?? 1, ...output }))
  })
}
