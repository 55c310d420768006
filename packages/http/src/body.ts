import { promisify } from "node:util"
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib"
import { LadingError } from "@lading/core"
import { cutError, tooLargeError, transportError } from "./errors.ts"
import type { WireResponse } from "./transport.ts"
import type { HttpLimits } from "./types.ts"

const mebibyte = 2 ** 20

/** How a body is read. */
export interface BodyOptions {
  readonly method: string
  readonly address: string
  readonly limits: HttpLimits
  readonly signal: AbortSignal
}

/**
 * The whole body, decompressed.
 * @throws LadingError `http-cut` when it is shorter or longer than announced, or its compression is damaged; `http-too-large`; `http-timeout`
 */
export async function readBody(answer: WireResponse, options: BodyOptions): Promise<Uint8Array> {
  const { maxResponseBytes = 256 * mebibyte, maxDecodedBytes = 256 * mebibyte } = options.limits
  const raw = await readRaw(answer, options, answer.isDecoded ? Math.max(maxResponseBytes, maxDecodedBytes) : maxResponseBytes)
  const encodings = answer.isDecoded ? [] : listOf(answer.headers["content-encoding"])
  let body: Uint8Array = raw
  if (raw.length > 0) for (const encoding of encodings.reverse()) body = await decode(body, encoding, options.address, maxDecodedBytes)
  return body
}

async function readRaw(answer: WireResponse, { method, address, signal }: BodyOptions, limit: number): Promise<Buffer> {
  const announced = lengthOf(answer)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > limit || (announced !== undefined && announced > limit)) throw tooLargeError(address, limit, "maxResponseBytes")
      chunks.push(chunk)
    }
  } catch (error) {
    throw transportError(error, address, signal, "body")
  }
  if (announced !== undefined && announced !== length && method !== "HEAD" && answer.status !== 304)
    throw cutError(address, `it has ${length} bytes where ${announced} were announced`)
  return Buffer.concat(chunks, length)
}

function lengthOf({ headers, isDecoded }: WireResponse): number | undefined {
  const text = headers["content-length"]
  if (text === undefined || !/^\d+$/.test(text) || (isDecoded && headers["content-encoding"] !== undefined)) return undefined
  return Number(text)
}

function listOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "" && part !== "identity")
}

const decoders: Readonly<Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  // what servers call deflate is zlib's format, and sometimes the bare one
  deflate: (bytes, options) => promisify((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options),
}

async function decode(bytes: Uint8Array, encoding: string, address: string, limit: number): Promise<Uint8Array> {
  const decoder = decoders[encoding]
  if (decoder === undefined)
    throw new LadingError({
      code: "http-not-json",
      message: `${address} answers in the encoding ${encoding}, which was not asked for`,
      hint: "have the API send gzip, br, deflate or no compression",
      details: { address, encoding },
    })
  try {
    return await decoder(bytes, { maxOutputLength: limit })
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw tooLargeError(address, limit, "maxDecodedBytes")
    throw cutError(address, `its ${encoding} compression ends too early or is damaged`, error)
  }
}
