import type { Batch, ExtractContext, Resource, Yield } from "@lading/core"
import { toBatch } from "./batch.ts"
import { wrap } from "./extract.ts"
import { refuseBytes, rowsOf } from "./rows-of.ts"

/** Rows that a resource of single rows is gathered into before they go on. */
const gatheredRows = 2_000

/**
 * Batches as a resource yields them, single rows gathered. What comes together belongs together: between two groups the resource stands
 * still, and its state is that of the rows it has given. The source is closed when the caller leaves.
 * @throws LadingError `extract-failed` around whatever the resource throws, `not-rows`, `byte-stream`
 */
export async function* readBatches(resource: Resource, context: ExtractContext): AsyncGenerator<readonly Batch[], void, undefined> {
  const { name } = resource
  const gather = new Gather(name)
  try {
    const rows = rowsOf(name, await resource.read(context), context.signal)
    if (Symbol.asyncIterator in rows) {
      for await (const item of rows) {
        const group = gather.add(item as Yield)
        if (group !== undefined) yield group
      }
    } else {
      for (const item of rows) {
        const group = gather.add((item instanceof Promise ? await item : item) as Yield)
        if (group !== undefined) yield group
      }
    }
    const last = gather.take()
    if (last !== undefined) yield [last]
  } catch (error) {
    throw wrap(resource, error, context.signal)
  }
}

class Gather {
  private readonly name: string
  private rows: unknown[] = []

  constructor(name: string) {
    this.name = name
  }

  /** The batches that are whole with this item. */
  add(item: Yield): readonly Batch[] | undefined {
    const batch = toBatch(item)
    if (batch === undefined) {
      refuseBytes(this.name, item)
      this.rows.push(item)
      return this.rows.length < gatheredRows ? undefined : [this.take() as Batch]
    }
    const before = this.take()
    return before === undefined ? [batch] : [before, batch]
  }

  take(): Batch | undefined {
    if (this.rows.length === 0) return undefined
    const { rows } = this
    this.rows = []
    return { kind: "rows", rows }
  }
}
