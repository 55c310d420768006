import { execFileSync, spawn } from "node:child_process"
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"

/** Durable, as a warehouse is, and without a checkpoint or a vacuum that would fall on one contestant by chance. */
const settings = {
  listen_addresses: "127.0.0.1",
  shared_buffers: "512MB",
  max_wal_size: "8GB",
  checkpoint_timeout: "1h",
  autovacuum: "off",
  log_min_messages: "warning",
}
const startDeadlineMs = 60_000

/**
 * Lends a PostgreSQL of its own: a temporary folder, a free port of the loopback interface, never as root; it ends with the job or with this process.
 * @template T
 * @param {(server: { url: (database: string) => string, ask: (database: string, sql: string) => Promise<object[]>, version: string }) => Promise<T>} job
 * @returns {Promise<T>}
 * @throws {Error} when there are no binaries of PostgreSQL, or the server does not start
 */
export async function withPostgres(job) {
  const bin = findBinaries()
  const folder = mkdtempSync(join(tmpdir(), "lading-bench-postgres-"))
  const runner = findRunner()
  let server
  const end = () => {
    server?.kill("SIGQUIT")
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once("exit", end)
  try {
    const port = await freePort()
    initialize(bin, folder, runner)
    server = launch(bin, folder, runner, port)
    // The server takes any password; dlt wants one.
    const url = (database) => `postgres://postgres:none@127.0.0.1:${port}/${database}`
    const ask = (database, sql) => query(url(database), sql)
    await untilReady(ask, server, join(folder, "log"))
    const [{ server_version: version }] = await ask("postgres", "SHOW server_version")
    return await job({ url, ask, version })
  } finally {
    process.off("exit", end)
    if (server !== undefined) await stop(server)
    end()
  }
}

function findBinaries() {
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian) ? readdirSync(debian).sort((left, right) => Number(right) - Number(left)) : []
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(":")]
  const found = folders.find((path) => existsSync(join(path, "initdb")) && existsSync(join(path, "postgres")))
  if (found === undefined) throw new Error("no PostgreSQL: neither on the PATH nor below /usr/lib/postgresql are initdb and postgres")
  return found
}

/** Who runs the server: this user, or, as PostgreSQL refuses to run as root, the first of two that exists. */
function findRunner() {
  if (process.getuid() !== 0) return { prefix: [], owner: undefined }
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
  const user = ["postgres", "nobody"].map((name) => users.find(([known]) => known === name)).find((known) => known !== undefined)
  if (user === undefined) throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody")
  const [, , uid, gid] = user
  return { prefix: ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"], owner: { uid: Number(uid), gid: Number(gid) } }
}

function initialize(bin, folder, { prefix, owner }) {
  const data = join(folder, "data")
  mkdirSync(data, { mode: 0o700 })
  chmodSync(folder, 0o755)
  if (owner) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid)
  const [command, ...args] = [...prefix, join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
  execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"], cwd: folder })
}

function launch(bin, folder, { prefix }, port) {
  const all = { ...settings, port: String(port), unix_socket_directories: folder }
  const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const [command, ...args] = [...prefix, join(bin, "postgres"), "-D", join(folder, "data"), ...options]
  const log = openSync(join(folder, "log"), "a")
  return spawn(command, args, { stdio: ["ignore", log, log], cwd: folder })
}

async function untilReady(ask, server, logPath) {
  const deadline = Date.now() + startDeadlineMs
  for (;;) {
    try {
      return await ask("postgres", "SELECT 1")
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`PostgreSQL did not start: ${readFileSync(logPath, "utf8").slice(-2000)}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return undefined
  return new Promise((resolve) => {
    server.once("exit", resolve)
    server.kill("SIGINT")
  })
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
