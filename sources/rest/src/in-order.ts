/**
 * What comes out of a stream for each item, in the order of the items; up to `concurrency` streams are open, each one element ahead.
 * The first failure, in that order, ends everything.
 */
export async function* inOrder<Item, Element>(
  items: AsyncIterable<Item>,
  open: (item: Item) => AsyncGenerator<Element>,
  { concurrency, abort }: { readonly concurrency: number; readonly abort: () => void },
): AsyncGenerator<Element> {
  const waiting: { readonly stream: AsyncGenerator<Element>; first: Promise<IteratorResult<Element>> }[] = []
  const source = items[Symbol.asyncIterator]()
  let isDrained = false
  const fillUp = async (): Promise<void> => {
    while (!isDrained && waiting.length < concurrency) {
      const { value, done } = await source.next()
      if (done === true) isDrained = true
      else {
        const stream = open(value)
        const first = stream.next()
        // whoever takes its turn awaits it; until then a failure is nobody's
        first.catch(() => undefined)
        waiting.push({ stream, first })
      }
    }
  }
  try {
    for (;;) {
      await fillUp()
      const turn = waiting[0]
      if (turn === undefined) return
      for (let element = await turn.first; element.done !== true; element = await turn.stream.next()) yield element.value
      waiting.shift()
    }
  } finally {
    // what is under way ends at once, so that nobody waits for it
    abort()
    await Promise.all(waiting.map(({ stream }) => stream.return(undefined).catch(() => undefined)))
    await source.return?.()
  }
}
