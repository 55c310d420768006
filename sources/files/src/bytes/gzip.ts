import type { FileHandle } from "node:fs/promises"
import { pipeline } from "node:stream"
import { createGunzip } from "node:zlib"
import { LadingError } from "@lading/core"
import type { FoundFile } from "../find-files.ts"
import { unreadable } from "../find-files.ts"
import { type ByteReader, readChunks } from "./reader.ts"

const blockBytes = 256 * 1024

/** Unzips a file of one or more gzip members; zero bytes after the last one are padding, anything else is an error. */
export function readGzip(file: FoundFile, handle: FileHandle): ByteReader {
  const chunks = unzip(file, handle)
  const close = async () => {
    await chunks.return(undefined)
    await handle.close()
  }
  return readChunks(chunks, close)
}

async function* unzip(file: FoundFile, handle: FileHandle): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: blockBytes })
  let produced = 0
  pipeline(readRaw(handle), gunzip, () => undefined)
  try {
    for await (const chunk of gunzip) {
      produced += chunk.length
      yield chunk
    }
  } catch (cause) {
    throw zipError(file, cause, produced, gunzip.bytesWritten)
  } finally {
    gunzip.destroy()
  }
  await checkPadding(file, handle, produced, gunzip.bytesWritten)
}

async function* readRaw(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Node stops at the first zero byte after a member: a member that follows padding would be lost without a word. */
async function checkPadding(file: FoundFile, handle: FileHandle, produced: number, consumed: number): Promise<void> {
  const block = Buffer.allocUnsafe(blockBytes)
  for (let position = consumed; ; ) {
    const { bytesRead } = await handle.read(block, 0, block.length, position)
    if (bytesRead === 0) return
    if (block.subarray(0, bytesRead).some((byte) => byte !== 0))
      throw zipError(file, new Error("data after the padding"), produced, consumed)
    position += bytesRead
  }
}

function zipError(file: FoundFile, cause: unknown, produced: number, consumed: number): LadingError {
  const reason = cause instanceof Error && "code" in cause ? cause.code : undefined
  const details = { file: file.name, compressedBytes: consumed, bytes: produced }
  const where = `after ${produced} unzipped bytes (byte ${consumed} of the file)`
  if (reason === "Z_BUF_ERROR")
    return new LadingError({
      code: "truncated-gzip",
      message: `${file.name} ends in the middle of its gzip data, ${where}`,
      hint: "the file is not complete: fetch or write it again",
      details,
      cause,
    })
  if (!(cause instanceof Error) || (typeof reason === "string" && !reason.startsWith("Z_"))) return unreadable(file.name, cause)
  return new LadingError({
    code: "corrupt-gzip",
    message: `${file.name} is not valid gzip ${where}: ${cause.message}`,
    hint: 'fetch or write the file again; if it is not compressed in spite of its name, set compression: "none"',
    details,
    cause,
  })
}
