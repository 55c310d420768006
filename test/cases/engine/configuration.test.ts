import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inspect } from "node:util"
import { type Destination, LadingError, onFault, reveal, type Secret, secret } from "@lading/core"
import { duckdb } from "@lading/destination-duckdb"
import { fromEnvironment, inspectDataset, type PipelineOptions, type ProgressEvent, pipeline, resource } from "@lading/engine"
import { afterEach, describe, expect, it } from "vitest"
import { makeFolder } from "../support/target.ts"

const canary = "c4n4ry-correct-horse"
const pluginKey = "ladingTestPlugin"

interface VaultOptions {
  readonly path: string
  readonly password: string | Secret
  readonly threads?: number
}

/** DuckDB behind a password. Its validator quotes what it refuses, and its errors show all of its options. */
const vault = {
  kind: "destination",
  name: "vault",
  specVersion: 1,
  options: {
    "~standard": {
      version: 1,
      vendor: "test",
      validate(value: unknown) {
        const { path, password, threads } = value as Partial<VaultOptions>
        const wrong = (name: string) => ({ issues: [{ message: `wrong in ${inspect(value)}`, path: [name] }] })
        if (typeof path !== "string") return wrong("path")
        if (password === undefined) return wrong("password")
        if (threads !== undefined && typeof threads !== "number") return wrong("threads")
        return { value: { path, password: secret(password), threads } }
      },
    },
  },
  create(options: VaultOptions): Destination {
    const inner = duckdb(options.path)
    return {
      ...inner,
      name: "vault",
      async open(request, context) {
        if (reveal(options.password) === canary) return inner.open(request, context)
        throw new LadingError({
          code: "wrong-password",
          message: `cannot open with ${options.password} ${JSON.stringify(options)} ${inspect(options)}`,
          cause: options,
        })
      },
    }
  },
}
Object.assign(globalThis, { [pluginKey]: vault })

/** A project with the plugin installed, and perhaps a configuration file. */
function makeVaultProject(config?: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = makeFolder()
  const files: Record<string, string> = {
    ...more,
    "package.json": "{}",
    "node_modules/lading-destination-vault/package.json": JSON.stringify({
      name: "lading-destination-vault",
      version: "1.0.0",
      type: "module",
      exports: "./index.js",
      lading: { kind: "destination", name: "vault", spec: 1 },
    }),
    "node_modules/lading-destination-vault/index.js": `export default globalThis.${pluginKey}\n`,
    ...(config === undefined ? {} : { "lading.config.ts": config }),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".toml"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
}

afterEach(() => onFault(undefined))

const config = (text: string): string =>
  `interface Options { path: string }\nconst path = "file.duckdb" satisfies Options["path"]\nexport default ${text}\n`

describe("a destination by name", () => {
  it("takes options and settings from environment and configuration file, for runs, datasets and reports alike", async () => {
    const baseDirectory = makeVaultProject(config(`{ dataset: "from_file", destinations: { vault: { path, password: "${canary}" } } }`))
    const shop = pipeline({ name: "shop", destination: "vault", baseDirectory, environment: { PIPELINES__SHOP__WORK_DIR: "elsewhere" } })
    const receipt = await shop.run([{ id: 1 }], { table: "things" })
    expect(receipt).toMatchObject({ dataset: "from_file", destination: "vault file.duckdb" })
    expect(await shop.dataset().name()).toBe("from_file")
    expect((await shop.dataset().sql("select id from things")).rows).toEqual([{ id: 1 }])
    expect((await inspectDataset(shop.options)).tables.map(({ name }) => name)).toEqual(["things"])
    expect(readdirSync(baseDirectory)).toEqual(expect.arrayContaining(["elsewhere", "file.duckdb"]))
  })

  it("without a required option tells every place, before anything is opened", async () => {
    const baseDirectory = makeVaultProject()
    const environment = { VAULT__PATH: "no such section" }
    await expect(
      pipeline({ name: "shop", destination: "vault", baseDirectory, environment }).run([{ id: 1 }], { table: "t" }),
    ).rejects.toMatchObject({
      code: "config-missing",
      details: {
        options: ["path"],
        places: [
          "destinationOptions path",
          "environment variable SHOP__DESTINATION__VAULT__PATH",
          `.lading/secrets.toml (there is none in ${baseDirectory}) shop.destination.vault.path`,
          `.lading/config.toml (there is none in ${baseDirectory}) shop.destination.vault.path`,
          `lading.config.ts (there is none in ${baseDirectory}) pipelines.shop.destinations.vault.path`,
          "environment variable DESTINATION__VAULT__PATH",
          `.lading/secrets.toml (there is none in ${baseDirectory}) destination.vault.path`,
          `.lading/config.toml (there is none in ${baseDirectory}) destination.vault.path`,
          `lading.config.ts (there is none in ${baseDirectory}) destinations.vault.path`,
        ],
      },
    })
  })
})

interface Holder {
  readonly config?: string
  readonly files?: Readonly<Record<string, string>>
  readonly options?: Partial<PipelineOptions>
}

/** Every place that may hold the password. */
const holders: readonly (readonly [string, Holder])[] = [
  ["code as a text", { options: { destinationOptions: { password: canary } } }],
  ["code as a secret", { options: { destinationOptions: { password: secret(canary) } } }],
  ["code that names a variable", { options: { destinationOptions: { password: fromEnvironment("P", { P: canary }) } } }],
  ["the environment", { options: { environment: { SHOP__DESTINATION__VAULT__PASSWORD: canary } } }],
  ["secrets.toml", { files: { ".lading/secrets.toml": `[destination.vault]\npassword = "${canary}"\n` } }],
  ["config.toml", { files: { ".lading/config.toml": `[shop.destination.vault]\npassword = "${canary}"\n` } }],
  ["the configuration file", { config: config(`{ destinations: { vault: { password: "${canary}" } } }`) }],
]

describe.each(holders)("a password in %s", (_name, { config: text, files, options }) => {
  function setUp(changes: { readonly destinationOptions?: object; readonly environment?: object } = {}) {
    const baseDirectory = makeVaultProject(text, files)
    const shown: string[] = []
    const onProgress = (event: ProgressEvent): unknown => shown.push(JSON.stringify(event), inspect(event))
    const shop = pipeline({
      name: "shop",
      destination: "vault",
      baseDirectory,
      ...options,
      destinationOptions: { path: "shop.duckdb", ...options?.destinationOptions, ...changes.destinationOptions },
      environment: { ...options?.environment, ...changes.environment },
      onProgress,
    })
    return { shop, baseDirectory, shown }
  }

  async function failureOf(work: Promise<unknown>): Promise<{ code: string; shown: string[] }> {
    const error = await work.then(
      () => undefined,
      (reason: LadingError) => reason,
    )
    if (error === undefined) throw new Error("an error was expected")
    const { code, message, hint, details, stack } = error
    const printed = [
      message,
      hint,
      stack,
      String(error),
      JSON.stringify(error),
      JSON.stringify(details),
      inspect(error, { depth: 9, showHidden: true }),
    ]
    return { code, shown: printed.map(String) }
  }

  it("reaches the destination and is seen nowhere of a run that succeeds", async () => {
    const { shop, baseDirectory, shown } = setUp()
    onFault((point) => {
      if (point === "package.after-manifest") shown.push(...filesBelow(join(baseDirectory, ".lading")))
    })
    const receipt = await shop.run([{ id: 1 }], { table: "things" })
    shown.push(
      receipt.toString(),
      JSON.stringify(receipt),
      inspect(receipt, { depth: 9 }),
      inspect(await inspectDataset(shop.options), { depth: 9 }),
    )
    shown.push(...filesBelow(join(baseDirectory, ".lading")), readFileSync(join(baseDirectory, "shop.duckdb"), "latin1"))
    expect(receipt.status).toBe("committed")
    expect(shown.some((one) => one.includes('"parentStateHash"'))).toBe(true)
    expect(shown.filter((one) => one.includes(canary))).toEqual([])
  })

  it("is seen nowhere when another option is refused by a validator that quotes everything", async () => {
    const { shop, shown } = setUp({ environment: { DESTINATION__VAULT__THREADS: "many" } })
    const failure = await failureOf(shop.run([{ id: 1 }], { table: "t" }))
    expect(failure.code).toBe("config-invalid")
    expect([...failure.shown, ...shown].filter((one) => one.includes(canary))).toEqual([])
  })

  it("is seen nowhere when the data fail", async () => {
    const { shop, baseDirectory, shown } = setUp()
    const broken = resource("broken", async function* () {
      yield [{ id: 1 }]
      throw new Error("the source is gone")
    })
    const failure = await failureOf(shop.run(broken))
    expect(failure.code).toBe("extract-failed")
    expect([...failure.shown, ...shown, ...filesBelow(join(baseDirectory, ".lading"))].filter((one) => one.includes(canary))).toEqual([])
  })
})

it("a secret is not seen when a destination shows all of its options in an error", async () => {
  const wrong = "c4n4ry-wrong-horse"
  const environment = { DESTINATION__VAULT__PASSWORD: wrong, DESTINATION__VAULT__PATH: "shop.duckdb" }
  const shop = pipeline({ name: "shop", destination: "vault", baseDirectory: makeVaultProject(), environment })
  const error = await shop.run([{ id: 1 }], { table: "t" }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: "wrong-password", message: expect.stringContaining("cannot open with [secret]") })
  expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(wrong)
})
