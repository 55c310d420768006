import { toBase64 } from "../hash/base64.ts"
import { shake128 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"
import type { Reject } from "./reject.ts"

/** Characters of a rejected row or value that are kept. */
const maxPreview = 65_536
const hashBytes = 10

/** Where a record stands: among the extracted records of its table, and in its source. */
export interface RecordPlace {
  /** Raw name of the root table. */
  readonly table: string
  readonly ordinal: number
  readonly origin: string | undefined
  readonly line: number | undefined
}

/** Rejects on their way to the table that keeps them. */
export class RejectLog {
  private pending: Reject[] = []

  /** Notes what was left out, as JSON text in `value`. */
  add(place: RecordPlace, code: string, pointer: string, message: string, value: string): void {
    const whole = wellFormed(value)
    const valueHash = toBase64(shake128(encodeUtf8(whole), hashBytes), { padding: false })
    this.pending.push({ ...place, code, pointer, message, value: whole.slice(0, maxPreview), valueHash })
  }

  /** Rejects since the last call. */
  take(): Reject[] {
    const taken = this.pending
    this.pending = []
    return taken
  }
}

/** Half surrogate pairs replaced, so that the text can be encoded. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd")
}
