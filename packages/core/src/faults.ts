/** Called at a named point of the load protocol; a test's hook kills the process there. */
export type FaultHook = (point: string) => void

const key = Symbol.for("lading.fault-hook")
const holder = globalThis as { [key]?: FaultHook }

/** Sets the hook of this process; undefined takes it away. Outside fault tests there is none, and `fault` does nothing. */
export function onFault(hook: FaultHook | undefined): void {
  if (hook === undefined) delete holder[key]
  else holder[key] = hook
}

/** Marks a point of the load protocol at which a crash must do no harm. */
export function fault(point: string): void {
  holder[key]?.(point)
}
