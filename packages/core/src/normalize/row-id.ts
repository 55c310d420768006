import { writeBase64 } from "../hash/base64.ts"
import { createShake128, shake128 } from "../hash/keccak.ts"
import { encodeUtf8 } from "../hash/utf8.ts"

/** Bytes of an id before base64, and characters of its text (reference: schema 3.5). */
const idBytes = 10
export const idLength = 14
const seedBytes = 7
const ordinalsPerSeed = 2 ** 24
const underscore = 0x5f

/**
 * Makes the ids of keyless root rows: 7 bytes of SHAKE-128 over load id, table and block, then the row's ordinal in 3 bytes. Unique
 * within a load by construction, and the same whenever the same load is normalized again.
 */
export class SequenceIds {
  private readonly prefix: string
  private readonly id = new Uint8Array(idBytes)
  private block = -1

  constructor(loadId: string, table: string) {
    this.prefix = `${loadId}_${table}_`
  }

  /** Writes the id of row `ordinal` as 14 ASCII bytes. */
  write(ordinal: number, target: Uint8Array, offset: number): void {
    const block = Math.floor(ordinal / ordinalsPerSeed)
    if (block !== this.block) {
      this.id.set(shake128(encodeUtf8(this.prefix + block), seedBytes))
      this.block = block
    }
    this.id[7] = ordinal >> 16
    this.id[8] = ordinal >> 8
    this.id[9] = ordinal
    writeBase64(this.id, 0, idBytes, target, offset)
  }
}

/** Makes the ids of nested rows: SHAKE-128 of `<parent id>_<table>_<index>` (reference: schema 3.5). */
export class NestedIds {
  private readonly shake = createShake128()
  private message = new Uint8Array(256)
  private readonly digest = new Uint8Array(idBytes)

  /** Writes the id of element `index` as 14 ASCII bytes; `table` is the nested table's name in UTF-8. */
  write(parentId: Uint8Array, parentLength: number, table: Uint8Array, index: number, target: Uint8Array, offset: number): void {
    const needed = parentLength + table.length + 24
    if (needed > this.message.length) this.message = new Uint8Array(needed * 2)
    const message = this.message
    let length = 0
    for (let i = 0; i < parentLength; i++) message[length++] = parentId[i] as number
    message[length++] = underscore
    for (let i = 0; i < table.length; i++) message[length++] = table[i] as number
    message[length++] = underscore
    length = writeDigits(index, message, length)
    this.shake.digestInto(message, length, this.digest, 0, idBytes)
    writeBase64(this.digest, 0, idBytes, target, offset)
  }
}

function writeDigits(value: number, target: Uint8Array, offset: number): number {
  let end = offset + 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++
  let rest = value
  for (let at = end - 1; at >= offset; at--) {
    target[at] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return end
}

/** The id of a row with a key: SHAKE-128 over the compact JSON of its key columns (reference: schema 3.5). */
export function keyHashId(json: string): Uint8Array {
  const id = new Uint8Array(idLength)
  writeBase64(shake128(encodeUtf8(json), idBytes), 0, idBytes, id, 0)
  return id
}
