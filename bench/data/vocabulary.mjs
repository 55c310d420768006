import { createRandom } from "./random.mjs"

const words = (
  "account adjusted after amount approved archive basket before branch cancelled carrier change checkout closed code confirmed courier " +
  "customer daily delayed delivery depot discount draft entry exported failed final first harbour imported invoice item label late ledger " +
  "line manifest moved new note offer opened order packed page paid partial payment pending picked port price queue received refund region " +
  "rejected release reminder report request retry return route sealed search sent shipment signed status stock ticket total tracking " +
  "transfer updated upload user vessel voucher waiting warehouse weight"
).split(" ")

/** The values that events draw from; built once, deterministic. Sentences are 20 to 70 characters and hold some quotes and accents. */
export const vocabulary = {
  types: ["page_view", "search", "cart_add", "checkout", "payment", "refund", "shipment", "login"],
  sources: ["web", "ios", "android", "server", "partner"],
  countries: ["DE", "FR", "US", "BR", "IN", "JP", "NG", "PL", "SE", "ZA"],
  cities: ["Hamburg", "Lyon", "Austin", "São Paulo", "Pune", "Osaka", "Lagos", "Gdańsk", "Malmö", "Durban"],
  plans: ["free", "starter", "team", "enterprise"],
  models: ["phone-s", "phone-m", "phone-l", "tablet-10", "tablet-12", "laptop-13", "laptop-15", "desktop"],
  systems: ["linux", "macos", "windows", "ios", "android"],
  methods: ["GET", "GET", "GET", "POST", "PUT"],
  statuses: [200, 200, 200, 200, 201, 204, 301, 404, 500],
  colors: ["black", "white", "red", "green", "blue", "grey"],
  sizes: ["XS", "S", "M", "L", "XL"],
  tags: ["new", "returning", "campaign", "mobile", "slow", "priority", "b2b", "b2c", "trial", "gift"],
  sentences: sentences(1024),
  products: products(512),
  paths: paths(512),
}

function sentences(count) {
  const random = createRandom(11)
  const endings = [".", ".", "!", ' ("ok")', " – déjà vu"]
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: 4 + random.below(4) }, () => random.pick(words))
    return parts.join(" ") + random.pick(endings)
  })
}

function products(count) {
  const random = createRandom(14)
  return Array.from({ length: count }, () => `${random.pick(words)} ${random.pick(words)} ${random.below(1000)}`)
}

function paths(count) {
  const random = createRandom(13)
  return Array.from({ length: count }, () => `/${random.pick(words)}/${random.pick(words)}/${random.below(100_000)}`)
}
