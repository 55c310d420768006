import type { OnProgress } from "../progress.ts"

/** Milliseconds between two reports of progress. */
const reportEveryMs = 200

/** Tells of progress now and then, and of the end. */
export interface Reporter {
  (rows: number, bytes: number): void
  end(rows: number, bytes: number): void
}

/** Reports on one resource, no more often than people can read. */
export function reporter(resource: string, onProgress: OnProgress): Reporter {
  let last = performance.now()
  const emit = (rows: number, bytes: number): void => onProgress({ kind: "extracting", resource, rows, bytes })
  const report = (rows: number, bytes: number): void => {
    const now = performance.now()
    if (now - last < reportEveryMs) return
    last = now
    emit(rows, bytes)
  }
  return Object.assign(report, { end: emit })
}
