import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { inflateSync } from "node:zlib"
import { LadingError, onFault } from "@lading/core"
import { type PostgresServer, sharedPostgres } from "@lading/testkit"
import pg from "pg"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import postgresPlugin from "../../../destinations/postgres/src/index.ts"
import { fromConfiguration, fromEnvironment, type PipelineOptions, pipeline, resource, secret } from "../../../packages/cli/src/index.ts"
import { type Answer, lading, makeFolder } from "./harness.ts"

/** A password with characters that addresses must encode, so that it would be seen in either form. */
const canary = "c4n4ry@horse/1"
const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString("base64"), "c4n4ry"]
const pluginKey = "ladingCanaryPostgres"
Object.assign(globalThis, { [pluginKey]: postgresPlugin })

const root = makeFolder()
let server: PostgresServer
let admin: pg.Client
beforeAll(async () => {
  server = await sharedPostgres(process.env)
  admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`DROP ROLE IF EXISTS lading_canary, lading_other; CREATE ROLE lading_canary LOGIN SUPERUSER PASSWORD '${canary}'`)
  await admin.query("CREATE ROLE lading_other LOGIN PASSWORD 'another one'")
})
afterAll(async () => {
  const { rows } = await admin.query("SELECT nspname FROM pg_namespace WHERE starts_with(nspname::text, 'canary_')")
  for (const { nspname } of rows) await admin.query(`DROP SCHEMA "${nspname}" CASCADE`)
  await admin.query("DROP ROLE IF EXISTS lading_canary, lading_other")
  await admin.end()
  await rm(root, { recursive: true, force: true })
})
afterEach(() => onFault(undefined))

interface Holder {
  readonly options?: (user: string, cwd: string) => Partial<PipelineOptions>
  readonly files?: (user: string) => Readonly<Record<string, string>>
}

const addressOf = (user: string): string =>
  `postgres://${user}:${encodeURIComponent(canary)}@${server.host}:${server.port}/${server.database}`
const password = (value: unknown) => ({ destinationOptions: { password: value } })

/** Every way in which a secret can be given. */
const holders: Readonly<Record<string, Holder>> = {
  "code as a text": { options: () => password(canary) },
  "code as a secret": { options: () => password(secret(canary)) },
  "code that names a variable": { options: () => password(fromEnvironment("PW", { PW: canary })) },
  "code that names a place of the configuration": {
    options: (_user, baseDirectory) => password(fromConfiguration("vault.shop.password", { environment: {}, baseDirectory })),
    files: () => ({ ".lading/secrets.toml": `[vault.shop]\npassword = "${canary}"\n` }),
  },
  "the environment": { options: () => ({ environment: { DESTINATION__POSTGRES__PASSWORD: canary } }) },
  "an address in the environment": { options: (user) => ({ environment: { SHOP__DESTINATION__POSTGRES__CREDENTIALS: addressOf(user) } }) },
  "secrets.toml": { files: () => ({ ".lading/secrets.toml": `[destination.postgres.credentials]\npassword = "${canary}"\n` }) },
  "an address in secrets.toml": {
    files: (user) => ({ ".lading/secrets.toml": `[shop.destination.postgres]\ncredentials = "${addressOf(user)}"\n` }),
  },
  "config.toml": { files: () => ({ ".lading/config.toml": `[shop.destination.postgres]\npassword = "${canary}"\n` }) },
  "lading.config.ts": {
    files: () => ({ "lading.config.mjs": `export default { destinations: { postgres: { password: "${canary}" } } }\n` }),
  },
}

interface Project {
  readonly cwd: string
  readonly dataset: string
  /** Runs the command and keeps what it printed. */
  lading(...argv: readonly string[]): Promise<Answer>
  /** Everything that was printed, and every file that was written, besides those that hold the secret on purpose. */
  seen(): readonly string[]
}

let count = 0
function makeProject({ options, files }: Holder, user: string, environment: Readonly<Record<string, string>> = {}): Project {
  const dataset = `canary_${++count}`
  const cwd = join(root, dataset)
  const own: Record<string, string> = {
    "package.json": JSON.stringify({ dependencies: { "lading-destination-postgres": "1" } }),
    "pipeline.ts": "",
    "node_modules/lading-destination-postgres/package.json": JSON.stringify({
      ...{ name: "lading-destination-postgres", version: "1.0.0", type: "module", exports: "./index.js" },
      lading: { kind: "destination", name: "postgres", spec: 1 },
    }),
    "node_modules/lading-destination-postgres/index.js": `export default globalThis.${pluginKey}\n`,
    ...files?.(user),
  }
  for (const [name, text] of Object.entries(own)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text, { mode: 0o600 })
  }
  const given = options?.(user, cwd) ?? {}
  const { host, port, database } = server
  const shop = pipeline({
    name: "shop",
    destination: "postgres",
    dataset,
    durability: "process",
    rejects: { maxShare: 1 },
    ...given,
    destinationOptions: { host, port, database, user, ...given.destinationOptions },
    environment: { ...given.environment, ...environment },
  })
  const rows = resource("things", { primaryKey: "id", incremental: { cursor: "id" } }, async function* ({ state }) {
    state.page = 1
    yield [
      { id: 1, parts: [{ n: 1 }] },
      { id: 2, broken: () => 1 },
    ]
  })
  const printed: string[] = []
  return {
    cwd,
    dataset,
    async lading(...argv) {
      const answer = await lading(argv, { cwd, module: () => Promise.resolve({ default: shop.with(rows) }) })
      printed.push(answer.stdout, answer.stderr)
      return answer
    },
    seen() {
      const written = readdirSync(cwd, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !Object.keys(own).some((name) => join(cwd, name) === path))
      return [...printed, ...written, ...written.map((path) => readFileSync(path, "latin1"))]
    },
  }
}

/** Every row of every table of a dataset as text, states decompressed. */
async function rowsOf(dataset: string): Promise<string[]> {
  const { rows: tables } = await admin.query("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'", [
    dataset,
  ])
  const texts: string[] = []
  for (const { relname } of tables) {
    const { rows } = await admin.query(
      `SELECT to_jsonb(t)::text AS row, to_jsonb(t)->>'state' AS state FROM "${dataset}"."${relname}" AS t`,
    )
    for (const { row, state } of rows) texts.push(row, state === null ? "" : inflateSync(Buffer.from(state, "base64")).toString())
  }
  return texts
}

const leaks = (texts: readonly string[]): string[] => texts.filter((text) => forms.some((form) => text.includes(form)))

/** Commands that look at everything, as talkative as they can be. */
const looks = [
  ["inspect", "--json"],
  ["inspect"],
  ["state", "--json"],
  ["schema", "export", "schemas", "--format", "json"],
  ["schema", "show", "--format", "dlt"],
  ["packages", "list", "--json"],
  ["rejects", "export"],
  ["doctor"],
  ["query", "select * from things", "--json"],
] as const

/** Ways that differ in what the engine holds; the others are looked at by the commands that read the configuration. */
const lookedAtByAll = new Set(["code as a text", "an address in the environment", "secrets.toml"])

describe.each(Object.entries(holders))("a secret in %s", (name, holder) => {
  it("is seen nowhere of runs that succeed, nor by any command that looks at them", async () => {
    const project = makeProject(holder, "lading_canary")
    const { code, stdout } = await project.lading("run", "--json", "--debug")
    expect(code).toBe(0)
    const { loadId } = JSON.parse(stdout).receipts[0]
    const talkative = looks.filter(([command]) => lookedAtByAll.has(name) || command === "inspect" || command === "doctor")
    for (const argv of talkative) expect([argv.join(" "), (await project.lading(...argv, "--debug")).code]).toEqual([argv.join(" "), 0])
    expect((await project.lading("audit", loadId, "--debug")).code).toBe(0)
    const rows = await rowsOf(project.dataset)
    expect(rows.some((row) => row.includes('"pipeline_name":"shop"'))).toBe(true)
    expect(project.seen().some((text) => text.includes(loadId))).toBe(true)
    expect(leaks([...project.seen(), ...rows])).toEqual([])
  })

  it("is seen nowhere when the server refuses it, when another option is wrong, and when the run breaks after its package is sealed", async () => {
    const refused = makeProject(holder, "lading_other")
    const login = await refused.lading("run", "--json", "--debug")
    expect([login.code, JSON.parse(login.stdout).error.code]).toEqual([1, "login-refused"])
    expect((await refused.lading("doctor", "--json", "--debug")).code).toBe(1)
    const wrong = makeProject(holder, "lading_canary", { DESTINATION__POSTGRES__LOCK_TIMEOUT_MS: "often" })
    expect(JSON.parse((await wrong.lading("run", "--json", "--debug")).stdout).error.code).toBe("config-invalid")
    const broken = makeProject(holder, "lading_canary")
    onFault((point) => {
      if (point === "publish.before-commit") throw new LadingError({ code: "connection-failed", message: "gone", retryable: true })
    })
    expect((await broken.lading("run", "--debug")).code).toBe(1)
    expect(broken.seen().some((text) => text.includes("parentStateHash"))).toBe(true)
    const everything = [refused, wrong, broken].flatMap((project) => project.seen())
    expect(leaks(everything)).toEqual([])
  })
})

it("a canary that is shown would be found", () => {
  expect(leaks(["fine", `password=${canary}`, `x ${encodeURIComponent(canary)}`])).toHaveLength(2)
})
