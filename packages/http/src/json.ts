import { isLadingError, parseJsonExact } from "@lading/core"
import { cutError, notJsonError } from "./errors.ts"
import type { HttpResponse } from "./types.ts"

const decoder = new TextDecoder("utf-8", { fatal: true })
/** 16 digits that do not stand behind a point or a quote may be an integer beyond 2^53. */
const longInteger = /(?:^|[^.\d"])\d{16}/

/**
 * A JSON document as plain values, integers beyond 2^53 as bigint. Documents without long integers, which are most, take the platform's own parser.
 * @throws TypeError when the bytes are not UTF-8; SyntaxError or LadingError when they are not JSON
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes)
  return longInteger.test(text) ? parseJsonExact(text) : JSON.parse(text)
}

/**
 * The document of an answer; undefined for one without content (204, 205, or nothing announced).
 * @throws LadingError `http-cut` where the document ends too early, `http-not-json` where it is something else; both are worth another attempt
 */
export function jsonOf(response: HttpResponse): unknown {
  return readJson(response, parseJson)
}

/** Applies a JSON parser to a body, with errors that name the address and nothing of the body. */
export function readJson<Result>(response: HttpResponse, parse: (body: Uint8Array) => Result): Result | undefined {
  const { status, address, body, headers } = response
  if (status === 204 || status === 205 || (body.length === 0 && headers["content-length"] === "0" && status < 300)) return undefined
  if (body.length === 0) throw cutError(address, "it is empty")
  try {
    return parse(body)
  } catch (error) {
    if (isLadingError(error) && error.code.startsWith("http-")) throw error
    if (startsLikeJson(body)) throw cutError(address, "its JSON document ends too early or is damaged")
    throw notJsonError(address, status, describe(body, headers["content-type"]))
  }
}

function startsLikeJson(body: Uint8Array): boolean {
  const first = body.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
  return first === 0x7b || first === 0x5b
}

function describe(body: Uint8Array, type: string | undefined): string {
  const start = Buffer.from(body.subarray(0, 200)).toString("latin1").trimStart().toLowerCase()
  if (start.startsWith("<!doctype html") || start.startsWith("<html")) return "an HTML page"
  const media = type?.split(";")[0]?.trim() ?? ""
  return /^[\w.+-]+\/[\w.+-]+$/.test(media) && !/json/.test(media) ? media : "something"
}

/** JSON text in which bigints are integers. */
export function stringifyJson(value: unknown): string {
  const mark = "\u0000bigint:"
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${mark}${part}` : part))
  return text.replace(/"\\u0000bigint:(-?\d+)"/g, "$1")
}
