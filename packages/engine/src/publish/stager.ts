import { fault, type LoadWriter, type SealedPart, type Table, type TableBatch } from "@lading/core"
import type { LoadPackage } from "../package/load-package.ts"

/** Bytes of parts that may wait for the disk and the destination before pulling stops. */
const maxWaitingBytes = 48 * 2 ** 20

/**
 * Brings batches to disk and at once into the open transaction of the destination, in order, while later rows are still being
 * extracted. Back-pressure: `add` resolves when there is room again.
 */
export class Stager {
  private readonly pack: LoadPackage
  private readonly writer: LoadWriter
  private readonly onWritten: (batch: TableBatch) => void
  private tail: Promise<void> = Promise.resolve()
  private waitingBytes = 0
  private failure: unknown

  /** @param onWritten gets each batch when its bytes are in its file, to use its memory again */
  constructor(pack: LoadPackage, writer: LoadWriter, onWritten: (batch: TableBatch) => void) {
    this.pack = pack
    this.writer = writer
    this.onWritten = onWritten
  }

  /** Takes a batch over; `tables` are the tables as they are now. */
  async add(batch: TableBatch, tables: Readonly<Record<string, Table>>): Promise<void> {
    this.throwIfFailed()
    const { part, written } = this.pack.writePart(batch)
    written.then(
      () => this.onWritten(batch),
      () => undefined,
    )
    this.waitingBytes += part.byteCount
    this.tail = this.tail.then(() => this.stage(part, written, tables))
    while (this.waitingBytes > maxWaitingBytes && this.failure === undefined) await this.tail
    this.throwIfFailed()
  }

  /** Resolves when everything that was added is staged. */
  async drain(): Promise<void> {
    await this.tail
    this.throwIfFailed()
  }

  private async stage(part: SealedPart, written: Promise<void>, tables: Readonly<Record<string, Table>>): Promise<void> {
    try {
      await written
      fault("package.after-part")
      if (this.failure === undefined) await this.writer.stage(part, tables)
    } catch (error) {
      this.failure = error
    } finally {
      this.waitingBytes -= part.byteCount
    }
  }

  private throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure
  }
}
