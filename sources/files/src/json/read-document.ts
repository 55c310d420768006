import { type Batch, LadingError } from "@lading/core"
import { checkUtf8 } from "../bytes/encoding.ts"
import { type ByteOptions, openBytes } from "../bytes/open.ts"
import { readBlocks } from "../bytes/reader.ts"
import type { FoundFile } from "../find-files.ts"
import { createScan, type DocumentFault, endScan, scanBytes } from "./scan-document.ts"

/** A batch of documents with the line on which each began. */
export interface ElementBatch {
  readonly batch: Batch & { readonly kind: "json-lines" }
  readonly lines: readonly number[]
}

export interface DocumentOptions extends ByteOptions {
  /** Keys with dots to the list of rows. */
  readonly selector: string | undefined
  /** For tests: how much is read at once and how many bytes make a batch. */
  readonly blockBytes?: number
  readonly batchBytes?: number
}

/**
 * The rows of one JSON document: the elements of the selected list, or the selected value as the only row. Elements are copied byte by byte, never
 * parsed, so numbers stay exact and memory is one batch plus the largest element. `origin.line` is the line of the batch's first element.
 * Throws `truncated-json`, `invalid-json`, `json-trailing-data` and `selector-not-found`, with file, line and byte.
 */
export async function* readDocument(file: FoundFile, options: DocumentOptions): AsyncGenerator<ElementBatch> {
  const { blockBytes = 256 * 1024, batchBytes = 1024 * 1024 } = options
  const output = createOutput()
  const path = options.selector === undefined ? [] : options.selector.split(".")
  const scan = createScan(path, { onPiece: output.append, onElement: output.finish })
  const reader = await openBytes(file, options)
  try {
    for await (const block of checkUtf8(file, readBlocks(reader, blockBytes))) {
      const fault = scanBytes(scan, block)
      if (fault !== undefined) throw documentError(file, fault)
      if (output.finishedBytes() >= batchBytes) yield output.take(file)
    }
    const fault = endScan(scan)
    if (fault !== undefined) throw documentError(file, fault)
    if (output.finishedBytes() > 0) yield output.take(file)
  } finally {
    await reader.close()
  }
}

/** Collects the bytes of elements, one a line, in a buffer that grows. */
function createOutput() {
  let buffer = Buffer.allocUnsafe(64 * 1024)
  let filled = 0
  let finished = 0
  let lines: number[] = []
  const append = (bytes: Uint8Array) => {
    while (filled + bytes.length > buffer.length) buffer = Buffer.concat([buffer.subarray(0, filled)], buffer.length * 2)
    buffer.set(bytes, filled)
    filled += bytes.length
  }
  const finish = (line: number) => {
    append(Uint8Array.of(10))
    finished = filled
    lines.push(line)
  }
  const take = (file: FoundFile): ElementBatch => {
    const bytes = Buffer.from(buffer.subarray(0, finished))
    const taken = lines
    buffer.copyWithin(0, finished, filled)
    filled -= finished
    finished = 0
    lines = []
    return { batch: { kind: "json-lines", bytes, origin: { name: file.name, line: taken[0] ?? 1 } }, lines: taken }
  }
  return { append, finish, take, finishedBytes: () => finished }
}

const hints: Readonly<Record<DocumentFault["code"], string>> = {
  "truncated-json": "the file is not complete: fetch or write it again",
  "invalid-json": "repair the document; nothing of a file that is not JSON is loaded",
  "json-trailing-data": 'if the file holds one document a line, set format: "ndjson"',
  "selector-not-found": "check the selector: keys joined by dots, from the top of the document to the list of rows",
}

function documentError(file: FoundFile, fault: DocumentFault): LadingError {
  return new LadingError({
    code: fault.code,
    message: `${file.name} line ${fault.line} (byte ${fault.byte}): ${fault.problem}`,
    hint: hints[fault.code],
    details: { file: file.name, line: fault.line, byte: fault.byte },
  })
}
