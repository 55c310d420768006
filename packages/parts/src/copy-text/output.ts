const chunkBytes = 1 << 20
const zero = 0x30
const minus = 0x2d
const dot = 0x2e

/** Bytes that grow chunk by chunk; a chunk that is full is never copied. */
export class Output {
  /** The chunk that is being filled, from 0 to `position`. */
  bytes = new Uint8Array(chunkBytes)
  position = 0
  private readonly full: Uint8Array[] = []

  /** Makes room for `count` more bytes in one piece. */
  reserve(count: number): void {
    if (this.position + count <= this.bytes.length) return
    if (this.position > 0) this.full.push(this.bytes.subarray(0, this.position))
    this.bytes = new Uint8Array(Math.max(chunkBytes, count))
    this.position = 0
  }

  /** Everything that was written, in pieces. */
  pieces(): readonly Uint8Array[] {
    return this.position === 0 ? this.full : [...this.full, this.bytes.subarray(0, this.position)]
  }

  /** Writes characters of ASCII; room must be reserved. */
  ascii(text: string): void {
    for (let index = 0; index < text.length; index++) this.bytes[this.position++] = text.charCodeAt(index)
  }

  /** Writes a whole number between -2^53 and 2^53; room for 17 bytes must be reserved. */
  integer(value: number): void {
    if (value < 0) this.bytes[this.position++] = minus
    const size = Math.abs(value)
    if (size < 1e9) this.digits(size, countDigits(size))
    else {
      const high = Math.floor(size / 1e9)
      this.digits(high, countDigits(high))
      this.digits(size - high * 1e9, 9)
    }
  }

  /** Writes `digits` / `scale`, `scale` being 10 to the power of `decimals`; room for 20 bytes must be reserved. */
  decimal(digits: number, decimals: number, scale: number): void {
    if (digits < 0) this.bytes[this.position++] = minus
    const size = Math.abs(digits)
    const whole = Math.floor(size / scale)
    this.integer(whole)
    this.bytes[this.position++] = dot
    this.digits(size - whole * scale, decimals)
  }

  /** Writes a number below 10^9 with exactly `count` digits; room must be reserved. */
  digits(value: number, count: number): void {
    let rest = value | 0
    let at = this.position + count
    const end = at
    for (let left = count; left > 0; left--) {
      const next = (rest / 10) | 0
      this.bytes[--at] = zero + rest - next * 10
      rest = next
    }
    this.position = end
  }
}

function countDigits(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count++
  return count
}
