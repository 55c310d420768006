import { createIsoFormatter, hexText } from "./quick-text.mjs"
import { createRandom } from "./random.mjs"
import { vocabulary } from "./vocabulary.mjs"

const firstEventMs = Date.UTC(2024, 0, 1)
const toIso = createIsoFormatter()

/** Raise it when a change makes events differ: files made by another version are written anew. */
export const eventsVersion = 1

/**
 * Nested events, the same ones every time: strings, ISO timestamps, doubles that always have a fraction, integers, booleans, nulls, objects two
 * levels deep, and two lists (`items` of objects, `tags` of strings; 1.1 elements an event in all). About 820 bytes of JSON an event.
 * The first n events are the same whatever the count.
 * @param {number} count number of events
 * @param {number} [batchSize] events in a batch
 * @returns {Generator<object[]>} batches of plain objects
 */
export function* eventBatches(count, batchSize = 1000) {
  const random = createRandom(20240101)
  for (let start = 0; start < count; start += batchSize) {
    const length = Math.min(batchSize, count - start)
    const batch = new Array(length)
    for (let offset = 0; offset < length; offset++) batch[offset] = createEvent(start + offset, random)
    yield batch
  }
}

function createEvent(sequence, random) {
  const createdMs = firstEventMs + sequence * 137 + random.below(100)
  return {
    id: hexText(random, 6),
    sequence,
    type: random.pick(vocabulary.types),
    created_at: toIso(createdMs),
    received_at: toIso(createdMs + 5 + random.below(90_000)),
    source: random.pick(vocabulary.sources),
    session_id: hexText(random, 3),
    is_test: random.below(50) === 0,
    score: fraction(random, 100),
    duration_ms: random.below(60_000),
    message: `${random.pick(vocabulary.sentences)} ${random.below(100_000)}`,
    user: createUser(random),
    device: createDevice(random),
    request: createRequest(random),
    items: list(itemCount(random), createItem, random),
    tags: list(random.below(100) < 63 ? 0 : 1 + random.below(2), createTag, random),
  }
}

function createUser(random) {
  const id = random.below(500_000)
  const place = random.below(vocabulary.cities.length)
  return {
    id,
    email: random.below(10) === 0 ? null : `user_${id}@example.com`,
    plan: random.pick(vocabulary.plans),
    verified: random.below(3) > 0,
    balance: fraction(random, 10_000),
    address: {
      city: vocabulary.cities[place],
      country: vocabulary.countries[place],
      zip: `${10_000 + random.below(89_999)}-${random.below(10)}`,
      lat: fraction(random, 90),
      lon: fraction(random, 180),
    },
  }
}

function createDevice(random) {
  return {
    model: random.pick(vocabulary.models),
    os: { name: random.pick(vocabulary.systems), version: `${9 + random.below(9)}.${random.below(10)}.${random.below(4)}` },
    width: 320 + random.below(3000),
    height: 480 + random.below(2000),
    battery: fraction(random, 1),
  }
}

function createRequest(random) {
  return {
    method: random.pick(vocabulary.methods),
    path: random.pick(vocabulary.paths),
    status: random.pick(vocabulary.statuses),
    bytes: random.below(2_000_000),
    latency_ms: fraction(random, 2000),
    cached: random.below(2) === 0,
  }
}

function createItem(random) {
  return {
    sku: `SKU-${100_000 + random.below(900_000)}`,
    name: random.pick(vocabulary.products),
    quantity: 1 + random.below(9),
    unit_price: fraction(random, 500),
    gift: random.below(8) === 0,
    discount: random.below(3) === 0 ? fraction(random, 50) : null,
    options: { color: random.pick(vocabulary.colors), size: random.pick(vocabulary.sizes) },
  }
}

function createTag(random) {
  return random.pick(vocabulary.tags)
}

function list(length, create, random) {
  const values = []
  for (let index = 0; index < length; index++) values.push(create(random))
  return values
}

function itemCount(random) {
  const draw = random.below(20)
  return draw < 13 ? 0 : draw < 17 ? 1 : draw < 19 ? 2 : 3
}

/** A number in (0, limit) with two decimals, never a whole one: loaders that infer types from the first row must see a double. */
function fraction(random, limit) {
  return (random.below(limit) * 100 + 1 + random.below(99)) / 100
}
