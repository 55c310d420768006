import { type FileHandle, open } from "node:fs/promises"
import type { FoundFile } from "../find-files.ts"
import { unreadable } from "../find-files.ts"
import type { FileCompression } from "../options.ts"
import { checkMark, transcode } from "./encoding.ts"
import { readGzip } from "./gzip.ts"
import type { ByteReader } from "./reader.ts"

/** How the bytes of a file become UTF-8. */
export interface ByteOptions {
  readonly compression: FileCompression
  readonly encoding: string
}

/**
 * Opens a file for reading as UTF-8 without byte-order mark: unzipped and transcoded where needed. The caller closes it.
 * Throws `file-unreadable`, `truncated-gzip`, `corrupt-gzip`, `unsupported-encoding`, `invalid-encoding`, each naming the file.
 */
export async function openBytes(file: FoundFile, options: ByteOptions): Promise<ByteReader> {
  const handle = await open(file.path, "r").catch((cause: unknown) => {
    throw unreadable(file.name, cause)
  })
  try {
    const raw = (await isGzip(file, handle, options.compression)) ? readGzip(file, handle) : readPlain(file, handle)
    const isUtf8 = ["utf-8", "utf8"].includes(options.encoding.toLowerCase())
    return isUtf8 ? checkMark(file, raw) : transcode(file, raw, options.encoding)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function isGzip(file: FoundFile, handle: FileHandle, compression: FileCompression): Promise<boolean> {
  if (compression !== "auto") return compression === "gzip"
  const head = Buffer.alloc(2)
  await readAt(file, handle, head, 0, 0)
  return file.path.toLowerCase().endsWith(".gz") || (head[0] === 0x1f && head[1] === 0x8b)
}

function readPlain(file: FoundFile, handle: FileHandle): ByteReader {
  let position = 0
  return {
    read: async (target, offset) => {
      const count = await readAt(file, handle, target, offset, position)
      position += count
      return count
    },
    close: () => handle.close(),
  }
}

async function readAt(file: FoundFile, handle: FileHandle, target: Uint8Array, offset: number, position: number): Promise<number> {
  try {
    return (await handle.read(target, offset, target.length - offset, position)).bytesRead
  } catch (cause) {
    throw unreadable(file.name, cause)
  }
}
