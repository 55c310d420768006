import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { accountsVersion, addAccount, baseAccounts, changedAccounts, createAccount, emptyAccountFacts } from "./accounts.mjs"

const linesPerWrite = 1000

/**
 * Writes the accounts before and the changed ones once, both as NDJSON and as CSV, and what a merge of them must hold beside them.
 * @param {string} folder created if missing
 * @param {number} count changed accounts; there are ten times as many before
 * @returns {{ base: AccountFile, changed: AccountFile, baseCount: number, count: number, facts: import("./accounts.mjs").AccountFacts }}
 *
 * @typedef {{ ndjson: string, csv: string }} AccountFile paths of the same rows
 */
export function ensureAccountFiles(folder, count) {
  const baseCount = count * 10
  const base = filesOf(folder, `accounts-base-${count}`)
  const changed = filesOf(folder, `accounts-changed-${count}`)
  const manifestPath = join(folder, `accounts-${count}.json`)
  const known = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, "utf8")) : undefined
  const paths = [base, changed].flatMap(({ ndjson, csv }) => [ndjson, csv])
  if (known?.version === accountsVersion && paths.every(existsSync)) return { base, changed, baseCount, count, facts: known.facts }
  mkdirSync(folder, { recursive: true })
  const facts = emptyAccountFacts()
  writeAccounts(base, baseAccounts(baseCount), (account) => addAccount(facts, account, 1))
  writeAccounts(changed, changedAccounts(count, baseCount), (account) => {
    if (account.id < baseCount) addAccount(facts, createAccount(account.id, 1), -1)
    addAccount(facts, account, 1)
  })
  writeFileSync(manifestPath, JSON.stringify({ version: accountsVersion, facts }))
  return { base, changed, baseCount, count, facts }
}

function filesOf(folder, name) {
  return { ndjson: join(folder, `${name}.ndjson`), csv: join(folder, `${name}.csv`) }
}

function writeAccounts({ ndjson, csv }, accounts, visit) {
  const [lines, values] = [createLineFile(ndjson), createLineFile(csv)]
  for (const account of accounts) {
    visit(account)
    lines.add(JSON.stringify(account))
    // No value holds a comma, a quote or a line break.
    values.add(Object.values(account).join(","))
  }
  lines.close()
  values.close()
}

function createLineFile(path) {
  const file = openSync(`${path}.partial`, "w")
  let pending = []
  const flush = () => {
    const text = Buffer.from(pending.map((line) => `${line}\n`).join(""))
    for (let written = 0; written < text.length; ) written += writeSync(file, text, written)
    pending = []
  }
  return {
    add(line) {
      if (pending.push(line) === linesPerWrite) flush()
    },
    close() {
      flush()
      closeSync(file)
      renameSync(`${path}.partial`, path)
    },
  }
}
