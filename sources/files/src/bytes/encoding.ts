import { isUtf8 } from "node:buffer"
import { LadingError } from "@lading/core"
import type { FoundFile } from "../find-files.ts"
import { type ByteReader, readBlocks, readChunks } from "./reader.ts"

/** Skips the byte-order mark of UTF-8; that of UTF-16 is the error `unsupported-encoding`. */
export function checkMark(file: FoundFile, reader: ByteReader): ByteReader {
  const chunks = (async function* () {
    const head = Buffer.alloc(3)
    let filled = 0
    for (let count = 1; filled < 3 && count > 0; filled += count) count = await reader.read(head.subarray(0, 3), filled)
    const isWide = filled >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    if (isWide) throw wideEncoding(file, head[0] === 0xff ? "utf-16le" : "utf-16be")
    if (!(head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)) yield head.subarray(0, filled)
  })()
  const start = readChunks(chunks, async () => undefined)
  let isStarted = false
  return {
    read: async (target, offset) => {
      const count = isStarted ? 0 : await start.read(target, offset)
      if (count > 0) return count
      isStarted = true
      return reader.read(target, offset)
    },
    close: () => reader.close(),
  }
}

/** Reads text of any encoding that the platform knows as UTF-8; bytes that are not valid are the error `invalid-encoding`. */
export function transcode(file: FoundFile, reader: ByteReader, encoding: string): ByteReader {
  const decoder = createDecoder(file, encoding)
  const decode = (step: () => string, position: number) => {
    try {
      return step()
    } catch (cause) {
      throw invalidEncoding(file, encoding, position, cause)
    }
  }
  const chunks = (async function* () {
    let position = 0
    for await (const block of readBlocks(reader, 256 * 1024)) {
      yield Buffer.from(decode(() => decoder.decode(block, { stream: true }), position))
      position += block.length
    }
    yield Buffer.from(decode(() => decoder.decode(), position))
  })()
  return readChunks(chunks, () => reader.close())
}

/** Passes blocks on as long as they are valid UTF-8; a character may be cut between two blocks. */
export async function* checkUtf8(file: FoundFile, blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let open: Buffer = Buffer.alloc(0)
  let position = 0
  for await (const block of blocks) {
    const whole = open.length === 0 ? block : Buffer.concat([open, block])
    const cut = whole.length - openBytes(whole)
    if (!isUtf8(whole.subarray(0, cut))) throw invalidEncoding(file, "utf-8", position)
    open = Buffer.from(whole.subarray(cut))
    position += block.length
    if (cut > 0) yield whole.subarray(0, cut)
  }
  if (open.length > 0) throw invalidEncoding(file, "utf-8", position)
}

/** Number of bytes at the end that begin a character without completing it: 0 to 3. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

function createDecoder(file: FoundFile, encoding: string) {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch (cause) {
    throw new LadingError({
      code: "unsupported-encoding",
      message: `${encoding}, set for ${file.name}, is not an encoding that this platform knows`,
      hint: "use a label of the WHATWG Encoding Standard, such as utf-8, utf-16le, windows-1252 or shift_jis",
      details: { file: file.name, encoding },
      cause,
    })
  }
}

function wideEncoding(file: FoundFile, encoding: string): LadingError {
  return new LadingError({
    code: "unsupported-encoding",
    message: `${file.name} is written in ${encoding.toUpperCase()}, not in UTF-8`,
    hint: `set encoding: "${encoding}"`,
    details: { file: file.name, encoding, byte: 0 },
  })
}

function invalidEncoding(file: FoundFile, encoding: string, position: number, cause?: unknown): LadingError {
  return new LadingError({
    code: "invalid-encoding",
    message: `${file.name} is not valid ${encoding} at or after byte ${position}`,
    hint: 'name the encoding in which the file was written, such as encoding: "windows-1252"',
    details: { file: file.name, encoding, byte: position },
    cause,
  })
}
