/** Exit codes of errors by their code; any other error is 1. */
const exitCodes: Readonly<Record<string, number>> = {
  usage: 2,
  "pipeline-not-found": 2,
  fenced: 3,
  "database-locked": 3,
  "stale-package": 4,
  "reject-ceiling": 5,
  "bad-row": 5,
  "contract-violation": 6,
  interrupted: 75,
}

/** Exit code of the command for an error's code. */
export function exitCodeOf(code: string): number {
  return Object.hasOwn(exitCodes, code) ? (exitCodes[code] ?? 1) : 1
}
