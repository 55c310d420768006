import type { ExtractContext } from "@lading/core"
import type { FoundFile } from "./find-files.ts"
import type { FileIncremental } from "./options.ts"

type State = ExtractContext["state"]

interface ModifiedMark {
  /** Greatest modification time loaded, nanoseconds since 1970 as text. */
  readonly modifiedNs: string
  /** Every file loaded at exactly that time, with its size in bytes as text. */
  readonly sizes: Readonly<Record<string, string>>
}

/**
 * The files that this run has to read, in the order in which they must be read.
 *
 * `modified`: oldest first, those newer than the greatest time loaded, and those at exactly that time which were not loaded or
 * have another size. `name`: by name (code units), those greater than the last one loaded. `none`: all, by name.
 */
export function selectFiles(
  files: readonly FoundFile[],
  incremental: FileIncremental,
  context: Pick<ExtractContext, "state" | "log">,
): FoundFile[] {
  if (incremental === "none") return [...files]
  if (incremental === "name") {
    const last = context.state.lastFile
    return files.filter((file) => typeof last !== "string" || file.name > last)
  }
  const mark = readMark(context.state)
  const sorted = files.toSorted((a, b) => (a.modifiedNs < b.modifiedNs ? -1 : a.modifiedNs > b.modifiedNs ? 1 : a.name < b.name ? -1 : 1))
  if (mark === undefined) return sorted
  const limit = BigInt(mark.modifiedNs)
  const chosen = sorted.filter(
    (file) => file.modifiedNs > limit || (file.modifiedNs === limit && mark.sizes[file.name] !== String(file.size)),
  )
  for (const file of chosen) {
    const isRewritten = Object.hasOwn(mark.sizes, file.name) || (file.createdNs > 0n && file.createdNs < limit)
    if (isRewritten) context.log.warn(`${file.name} has changed since it was there at the last load: all its rows are loaded again`)
  }
  return chosen
}

/** Notes in the state that a file is done. Call it before the file's last batch is yielded, so that both are committed together. */
export function markLoaded(file: FoundFile, incremental: FileIncremental, state: State): void {
  if (incremental === "none") return
  if (incremental === "name") {
    state.lastFile = file.name
    return
  }
  const mark = readMark(state)
  const isSameTime = mark !== undefined && BigInt(mark.modifiedNs) === file.modifiedNs
  const sizes = { ...(isSameTime ? mark.sizes : {}), [file.name]: String(file.size) }
  state.lastModified = { modifiedNs: String(file.modifiedNs), sizes } satisfies ModifiedMark
}

function readMark(state: State): ModifiedMark | undefined {
  const mark = state.lastModified
  if (typeof mark !== "object" || mark === null || !("modifiedNs" in mark) || !("sizes" in mark)) return undefined
  if (typeof mark.modifiedNs !== "string" || typeof mark.sizes !== "object" || mark.sizes === null) return undefined
  const sizes = Object.fromEntries(Object.entries(mark.sizes).map(([name, size]) => [name, String(size)]))
  return { modifiedNs: mark.modifiedNs, sizes }
}
