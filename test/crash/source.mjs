// What the fake source hands out at each step of its life. Pure: the job loads it, and the truth is computed from it.

export const steps = [1, 2, 3]
/** `upsert` and `merge` are the two merge strategies that keep one row of each key. */
export const dispositions = ["append", "replace", "merge", "upsert", "scd2"]
/** Rows of the journal, and of an append or merge, that come at once. */
export const pageSize = 10

const journalRows = 30

const at = (number) => new Date(Date.UTC(2024, 0, 1, 0, 0, number)).toISOString()

const tags = (number) => Array.from({ length: number % 3 }, (_, i) => `tag ${number} ${i}`)

const lines = (number) =>
  Array.from({ length: number % 4 }, (_, i) => ({
    sku: `s${number}-${i}`,
    quantity: number + i,
    marks: Array.from({ length: i }, (_, j) => ({ mark: `m${number}.${i}.${j}` })),
  }))

/** Rows that the journal gets at a step, in the order of their cursor `seq`; one of them is refused by its row schema. */
export function journalOf(step) {
  return Array.from({ length: journalRows }, (_, i) => {
    const seq = step * 1_000 + i
    return {
      seq,
      at: at(seq),
      name: `entry ${seq}`,
      ratio: seq + 0.125,
      ok: seq % 2 === 0,
      tags: tags(seq),
      ...(i === 17 ? { bad: true } : {}),
    }
  })
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Keys of a table that is kept by key: what a step changes, adds and deletes. */
const changes = {
  1: { changed: range(1, 40), gone: [] },
  2: { changed: [...range(11, 30), ...range(41, 50)], gone: [3, 4] },
  3: { changed: [...range(21, 35), ...range(51, 55)], gone: [41, 12] },
}

/** Keys of a snapshot, and those whose content changed with it. */
const snapshots = {
  1: { keys: range(1, 40), changed: range(1, 40) },
  2: { keys: range(6, 45), changed: [...range(10, 20), ...range(41, 45)] },
  3: { keys: range(1, 50), changed: [...range(1, 5), ...range(15, 25), ...range(46, 50)] },
}

const thing = (id, version) => ({
  id,
  label: `thing ${id} v${version}`,
  price: id * 2 + version + 0.5,
  since: at(version),
  lines: lines(id + version),
})

/** Rows of the table `things` that the source hands out at a step: what is new since the step before, or the whole snapshot. */
export function thingsOf(disposition, step) {
  if (disposition === "append") return range(1, 40).map((i) => ({ ...thing(step * 1_000 + i, step), rev: step * 1_000 + i }))
  if (disposition === "merge" || disposition === "upsert") {
    const { changed, gone } = changes[step]
    return [...changed.map((id) => thing(id, step)), ...gone.map((id) => ({ ...thing(id, step), gone: true }))].map((row, i) => ({
      ...row,
      rev: step * 1_000 + i,
    }))
  }
  return snapshots[step].keys.map((id) =>
    thing(
      id,
      steps.filter((earlier) => earlier <= step && snapshots[earlier].changed.includes(id)).findLast(() => true),
    ),
  )
}

/** True when the source hands out only what is new. */
export const isIncremental = (disposition) => disposition === "append" || disposition === "merge" || disposition === "upsert"
