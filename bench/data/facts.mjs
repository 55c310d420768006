/**
 * What a dataset loaded from the events must hold; every number is an exact integer, so any difference is a loss or a change of data.
 * @typedef {object} Facts
 * @property {number} events rows of the root table
 * @property {number} items rows of the child table of `items`
 * @property {number} tags rows of the child table of `tags`
 * @property {number} sequenceSum sum of `sequence`
 * @property {number} nullEmails number of events whose `user.email` is null
 * @property {number} balanceCents sum of `user.balance`, each in cents
 * @property {number} messageCharacters sum of the lengths of `message` in code points
 * @property {number} firstCreatedMs smallest `created_at`, milliseconds since 1970
 * @property {number} lastReceivedMs largest `received_at`, milliseconds since 1970
 * @property {number} quantitySum sum of `items[].quantity`
 * @property {number} priceCents sum of `items[].unit_price`, each in cents
 * @property {number} discounts number of items that have a discount
 * @property {number} tagCharacters sum of the lengths of `tags[]`
 */

/** @returns {Facts} the facts of no events */
export function emptyFacts() {
  return {
    events: 0,
    items: 0,
    tags: 0,
    sequenceSum: 0,
    nullEmails: 0,
    balanceCents: 0,
    messageCharacters: 0,
    firstCreatedMs: Number.MAX_SAFE_INTEGER,
    lastReceivedMs: 0,
    quantitySum: 0,
    priceCents: 0,
    discounts: 0,
    tagCharacters: 0,
  }
}

/**
 * Adds a batch of events to the facts.
 * @param {Facts} facts changed in place
 * @param {readonly object[]} batch as `eventBatches` yields them
 */
export function addToFacts(facts, batch) {
  for (const event of batch) {
    facts.events += 1
    facts.items += event.items.length
    facts.tags += event.tags.length
    facts.sequenceSum += event.sequence
    facts.nullEmails += event.user.email === null ? 1 : 0
    facts.balanceCents += Math.round(event.user.balance * 100)
    // The vocabulary has no character outside the basic plane, so UTF-16 units are code points.
    facts.messageCharacters += event.message.length
    facts.firstCreatedMs = Math.min(facts.firstCreatedMs, Date.parse(event.created_at))
    facts.lastReceivedMs = Math.max(facts.lastReceivedMs, Date.parse(event.received_at))
    for (const item of event.items) {
      facts.quantitySum += item.quantity
      facts.priceCents += Math.round(item.unit_price * 100)
      facts.discounts += item.discount === null ? 0 : 1
    }
    for (const tag of event.tags) facts.tagCharacters += tag.length
  }
}

/**
 * One SELECT that reads the same facts from a loaded dataset, in DuckDB and PostgreSQL alike; the columns are named as in `Facts`.
 * @param {string} dataset the schema that holds `events`, `events__items` and `events__tags`
 */
export function factsSql(dataset) {
  const cents = (column) => `sum(CAST(round(${column} * 100) AS BIGINT))`
  const milliseconds = (value) => `CAST(round(extract(epoch FROM ${value}) * 1000) AS BIGINT)`
  return `
    SELECT root.*, items.*, tags.* FROM (
      SELECT count(*) AS events, sum(sequence) AS "sequenceSum", count(*) - count(user__email) AS "nullEmails",
        ${cents("user__balance")} AS "balanceCents", sum(length(message)) AS "messageCharacters",
        ${milliseconds("min(created_at)")} AS "firstCreatedMs", ${milliseconds("max(received_at)")} AS "lastReceivedMs"
      FROM "${dataset}".events
    ) AS root, (
      SELECT count(*) AS items, sum(quantity) AS "quantitySum", ${cents("unit_price")} AS "priceCents",
        count(discount) AS discounts
      FROM "${dataset}".events__items
    ) AS items, (
      SELECT count(*) AS tags, sum(length("value")) AS "tagCharacters" FROM "${dataset}".events__tags
    ) AS tags`
}
