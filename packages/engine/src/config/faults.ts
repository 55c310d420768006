import { LadingError, onFault } from "@lading/core"
import type { Environment } from "./environment.ts"

/** Every named point of the load protocol at which a test may kill the process. */
export const faultPoints = [
  "package.after-part",
  "package.before-manifest",
  "package.after-manifest",
  "publish.before-begin",
  "publish.after-stage",
  "publish.before-commit",
  "publish.after-commit",
  "publish.after-archive",
  "recover.after-discard",
] as const

const variable = "LADING_FAULT"

/** What is installed, so that a later run in the same process goes on counting. */
let installed: string | undefined

/**
 * Kills the process at a named point, without any clean-up, when the environment asks for it: `LADING_FAULT=publish.after-commit`, or
 * `LADING_FAULT=package.after-part:3` for the third time that point is reached. For crash tests only.
 * @param kill instead of SIGKILL for this process
 * @throws LadingError `config-invalid` when there is no such point
 */
export function installFaults(environment: Environment, kill: () => void = () => process.kill(process.pid, "SIGKILL")): void {
  const value = environment[variable]
  if (value === undefined || value === "" || value === installed) return
  const { point, times } = parse(value)
  let reached = 0
  onFault((name) => {
    if (name === point && ++reached === times) kill()
  })
  installed = value
}

function parse(value: string): { readonly point: string; readonly times: number } {
  const [point = "", times = "1", ...rest] = value.split(":")
  if (rest.length === 0 && /^[1-9]\d*$/.test(times) && faultPoints.some((name) => name === point)) return { point, times: Number(times) }
  throw new LadingError({
    code: "config-invalid",
    message: `environment variable ${variable} names no point to stop at`,
    hint: `write <point> or <point>:<n>; points are ${faultPoints.join(", ")}`,
    details: { places: [`environment variable ${variable}`] },
  })
}
