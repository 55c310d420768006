import { closeSync, openSync, readSync, realpathSync } from "node:fs"
import { availableParallelism } from "node:os"
import { basename, dirname, join } from "node:path"
import { setTimeout } from "node:timers/promises"
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api"
import { createMutex, type Mutex } from "@lading/sql"
import { driver } from "./driver.ts"
import { isHeldByTheDying, toOpenError, tooNew } from "./duckdb-error.ts"
import { type FileLock, locked, takeLock } from "./lock-file.ts"
import { defaultMemoryLimitMb } from "./memory.ts"
import type { DuckDBOptions } from "./options.ts"

/** One open database file, shared by all sessions of this process. */
export interface Database {
  readonly path: string
  /** Held around everything that must see the newest committed rows and commit before anybody else does. */
  readonly commits: Mutex
  /** Threads for merges and queries. Parts are staged by one: see `openLoad`. */
  readonly threads: number
  /** True when the user named a memory limit, which then is never raised. */
  readonly hasMemoryLimit: boolean
  connect(): Promise<DuckDBConnection>
  /** Gives this share back; the last one checkpoints, closes the file and removes the lock. */
  release(): Promise<void>
}

interface Owner {
  shares: number
  readonly opening: Promise<OpenFile>
  readonly commits: Mutex
}

interface OpenFile {
  readonly instance: DuckDBInstance
  readonly lock: FileLock
  readonly threads: number
  readonly hasMemoryLimit: boolean
}

/** Storage formats up to this one can be read by the DuckDB that this package brings. */
const newestStorageVersion = 68n
const dyingHolderMs = 5_000
const dyingHolderPollMs = 50

/**
 * Opens a database file, or shares it when this process has it open: a second instance on one file would lose rows silently.
 * @throws LadingError `database-locked`, `database-too-new`, `database-unreadable`
 */
export async function acquireDatabase(options: DuckDBOptions): Promise<Database> {
  const path = canonical(options.path)
  const owners = ownersOfThisThread()
  await closing.get(path)
  const owner = owners.get(path) ?? { shares: 0, opening: openFile(path, options), commits: createMutex() }
  owners.set(path, owner)
  owner.shares += 1
  try {
    return share(path, owner, await owner.opening)
  } catch (error) {
    if (owners.get(path) === owner) owners.delete(path)
    throw error
  }
}

/**
 * Keeps the file free for another program of ours, such as dbt, until the function that it resolves to is called: nobody has it open
 * meanwhile, and the lock file keeps other processes of Lading out.
 * @throws LadingError `database-locked` naming the holder, `database-too-new`, `database-unreadable`
 */
export async function lendDatabase(options: DuckDBOptions): Promise<() => Promise<void>> {
  const path = canonical(options.path)
  await closing.get(path)
  if (ownersOfThisThread().has(path)) throw locked(path, `an open session of this process (${process.pid})`)
  const { instance, lock } = await openFile(path, options)
  instance.closeSync()
  return async () => lock.release()
}

function share(path: string, owner: Owner, { instance, threads, hasMemoryLimit }: OpenFile): Database {
  let isReleased = false
  return {
    path,
    commits: owner.commits,
    threads,
    hasMemoryLimit,
    connect: () => instance.connect(),
    async release() {
      if (isReleased) return
      isReleased = true
      owner.shares -= 1
      if (owner.shares > 0) return
      ownersOfThisThread().delete(path)
      const done = closeFile(owner)
      closing.set(path, done)
      await done.finally(() => closing.delete(path))
    },
  }
}

const closing = new Map<string, Promise<void>>()

async function closeFile(owner: Owner): Promise<void> {
  const { instance, lock } = await owner.opening
  try {
    const connection = await instance.connect()
    await connection.run("CHECKPOINT").catch(() => undefined)
    connection.closeSync()
  } finally {
    instance.closeSync()
    lock.release()
  }
}

async function openFile(path: string, options: DuckDBOptions): Promise<OpenFile> {
  const lock = acquireLock(path)
  try {
    if (storageVersion(path) > newestStorageVersion) throw tooNew(path)
    const threads = options.threads ?? availableParallelism()
    const instance = await create(path, options, threads)
    return { instance, lock, threads, hasMemoryLimit: options.memoryLimitMb !== undefined }
  } catch (error) {
    lock.release()
    throw error
  }
}

function acquireLock(path: string): FileLock {
  try {
    return takeLock(`${path}.lock`, path)
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw toOpenError(error, path)
    throw error
  }
}

/** Opens the file; a holder that was killed a moment ago is waited for, as it keeps its lock until the system has taken it apart. */
async function create(path: string, options: DuckDBOptions, threads: number): Promise<DuckDBInstance> {
  const deadline = performance.now() + dyingHolderMs
  for (;;) {
    try {
      return await createInstance(path, options, threads)
    } catch (error) {
      if (!isHeldByTheDying(error) || performance.now() > deadline) throw toOpenError(error, path)
      await setTimeout(dyingHolderPollMs)
    }
  }
}

async function createInstance(path: string, options: DuckDBOptions, threads: number): Promise<DuckDBInstance> {
  const instance = await driver.DuckDBInstance.create(path, {
    memory_limit: `${options.memoryLimitMb ?? defaultMemoryLimitMb}MiB`,
    threads: String(threads),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  })
  const connection = await instance.connect()
  await connection.run("SET GLOBAL TimeZone = 'UTC'")
  connection.closeSync()
  return instance
}

/** Version in the main header: a little-endian integer after the checksum and the magic bytes `DUCK`; 0 when there is no such header. */
function storageVersion(path: string): bigint {
  const header = Buffer.alloc(20)
  try {
    const file = openSync(path, "r")
    try {
      readSync(file, header, 0, header.length, 0)
    } finally {
      closeSync(file)
    }
  } catch {
    return 0n
  }
  return header.toString("latin1", 8, 12) === "DUCK" ? header.readBigUInt64LE(12) : 0n
}

/** One name for one file, whichever way the folder or a link to the file is spelled. */
function canonical(path: string): string {
  for (const [known, rest] of [
    [path, ""],
    [dirname(path), basename(path)],
  ] as const) {
    try {
      return join(realpathSync(known), rest)
    } catch {
      // The file, or its folder, does not exist yet.
    }
  }
  return path
}

/** Kept on the global object, so that two installed copies of this package share one owner; across threads the lock file decides. */
function ownersOfThisThread(): Map<string, Owner> {
  const key = Symbol.for("lading.duckdb.owners")
  const holder: { [key: symbol]: unknown } = globalThis
  const existing = holder[key]
  if (existing instanceof Map) return existing
  const owners = new Map<string, Owner>()
  holder[key] = owners
  return owners
}
