import { createIsoFormatter } from "./quick-text.mjs"
import { createRandom } from "./random.mjs"
import { vocabulary } from "./vocabulary.mjs"

const firstMs = Date.UTC(2024, 0, 1)
const toIso = createIsoFormatter()
/** A prime that divides no number of accounts in use, so that its multiples hit every account once, and neighbours lie far apart. */
const stride = 1_000_003

/** Raise it when a change makes accounts differ: files made by another version are written anew. */
export const accountsVersion = 1

/** The columns of an account with the types of DuckDB, in order; PostgreSQL knows all but DOUBLE by the same name. */
export const accountColumns = {
  id: "BIGINT",
  version: "BIGINT",
  name: "VARCHAR",
  email: "VARCHAR",
  city: "VARCHAR",
  plan: "VARCHAR",
  balance: "DOUBLE",
  points: "BIGINT",
  is_active: "BOOLEAN",
  updated_at: "TIMESTAMP WITH TIME ZONE",
}

/**
 * The accounts before the change: ids from 0, in order, all of version 1.
 * @param {number} count
 */
export function* baseAccounts(count) {
  for (let id = 0; id < count; id++) yield createAccount(id, 1)
}

/**
 * The changed ones, of version 2: nine of ten replace an account, spread over all of them without order, one of ten is new.
 * @param {number} count changed accounts
 * @param {number} baseCount accounts before
 */
export function* changedAccounts(count, baseCount) {
  for (let index = 0; index < count; index++) yield createAccount(changedId(index, baseCount), 2)
}

/**
 * The same account whatever else was made before it.
 * @param {number} id
 * @param {1 | 2} version
 */
export function createAccount(id, version) {
  const random = createRandom(id * 2 + version)
  const city = random.pick(vocabulary.cities)
  return {
    id,
    version,
    name: `${random.pick(vocabulary.products)} ${id}`,
    email: `user_${id}@${version === 1 ? "example.com" : "example.org"}`,
    city,
    plan: random.pick(vocabulary.plans),
    // Never a whole number, so that loaders which infer types from the first row see a double.
    balance: (random.below(10_000) * 100 + 1 + random.below(99)) / 100,
    points: random.below(1_000_000),
    is_active: random.below(4) > 0,
    updated_at: toIso(firstMs + version * 10_000_000_000 + random.below(10_000_000) * 1000),
  }
}

function changedId(index, baseCount) {
  if (index % 10 === 9) return baseCount + (index - 9) / 10
  return (index * stride) % baseCount
}

/**
 * What the table must hold after the merge, every number exact: rows, and sums over them.
 * @typedef {{ accounts: number, versionSum: number, balanceCents: number, points: number, active: number, nameCharacters: number,
 *   emailCharacters: number, otherDomain: number, updatedSeconds: number }} AccountFacts
 *   `updatedSeconds` sums the seconds since the start of 2024
 */

/** @returns {AccountFacts} */
export function emptyAccountFacts() {
  return {
    accounts: 0,
    versionSum: 0,
    balanceCents: 0,
    points: 0,
    active: 0,
    nameCharacters: 0,
    emailCharacters: 0,
    otherDomain: 0,
    updatedSeconds: 0,
  }
}

/**
 * Adds an account to the facts, or takes it away.
 * @param {AccountFacts} facts changed in place
 * @param {ReturnType<typeof createAccount>} account
 * @param {1 | -1} sign
 */
export function addAccount(facts, account, sign) {
  facts.accounts += sign
  facts.versionSum += sign * account.version
  facts.balanceCents += sign * Math.round(account.balance * 100)
  facts.points += sign * account.points
  facts.active += account.is_active ? sign : 0
  facts.nameCharacters += sign * account.name.length
  facts.emailCharacters += sign * account.email.length
  facts.otherDomain += account.email.endsWith(".org") ? sign : 0
  facts.updatedSeconds += (sign * (Date.parse(account.updated_at) - firstMs)) / 1000
}

/**
 * One SELECT that reads the same facts from a loaded table, in DuckDB and PostgreSQL alike.
 * @param {string} dataset the schema that holds `accounts`
 */
export function accountFactsSql(dataset) {
  return `
    SELECT count(*) AS accounts, sum(version) AS "versionSum", sum(CAST(round(balance * 100) AS BIGINT)) AS "balanceCents", sum(points) AS points,
      sum(CASE WHEN is_active THEN 1 ELSE 0 END) AS active, sum(length(name)) AS "nameCharacters", sum(length(email)) AS "emailCharacters",
      sum(CASE WHEN email LIKE '%.org' THEN 1 ELSE 0 END) AS "otherDomain",
      sum(CAST(extract(epoch FROM updated_at) AS BIGINT) - ${firstMs / 1000}) AS "updatedSeconds"
    FROM "${dataset}".accounts`
}
