import { createHash } from "node:crypto"
import { createReadStream, mkdirSync } from "node:fs"
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { PartFormat, SealedPart, TableBatch } from "@lading/core"
import { fault, LadingError } from "@lading/core"
import { chooseFormat, encodePart } from "./encode-part.ts"
import { decodeManifest, encodeManifest, type Manifest, type ManifestPart } from "./manifest.ts"

const manifestName = "manifest.json"

/** `full` survives a loss of power, `process` a killed process. */
export type Durability = "full" | "process"

/** How a package is written. */
export interface LoadPackageOptions {
  readonly durability: Durability
  /** What the destination reads, in its order of preference. */
  readonly partFormats: readonly PartFormat[]
}

/** Writes the parts of one load to disk, and then its seal. The folder is never renamed or moved. */
export class LoadPackage {
  readonly folder: string
  readonly loadId: string
  /** True once the manifest is written. */
  isSealed = false
  private readonly durability: Durability
  private readonly format: PartFormat
  private readonly tables = new Map<string, { readonly directory: string; parts: number }>()
  private readonly written: ManifestPart[] = []
  /** Resolve when a part is as durable as it shall be; a failed one fails the seal. */
  private readonly durable: Promise<void>[] = []

  private constructor(folder: string, loadId: string, options: LoadPackageOptions) {
    this.folder = folder
    this.loadId = loadId
    this.durability = options.durability
    this.format = chooseFormat(options.partFormats)
  }

  /**
   * Creates the folder of a new package below `packages`.
   * @throws LadingError `unsupported-part-format` when no format that the destination reads can be written
   */
  static async create(packages: string, loadId: string, options: LoadPackageOptions): Promise<LoadPackage> {
    const folder = join(packages, loadId)
    await mkdir(join(folder, "parts"), { recursive: true, mode: 0o700 })
    return new LoadPackage(folder, loadId, options)
  }

  get parts(): readonly ManifestPart[] {
    return this.written
  }

  get byteCount(): number {
    return this.written.reduce((sum, part) => sum + part.byteCount, 0)
  }

  /**
   * Encodes one batch at once and writes it in the background as an immutable part, named after its content. `part` is the part as it
   * will be, `written` resolves when its bytes are in the file.
   */
  writePart(batch: TableBatch): { readonly part: SealedPart; readonly written: Promise<void> } {
    const { format } = this
    const chunks = encodePart(format, batch)
    const hash = createHash("sha256")
    let byteCount = 0
    for (const chunk of chunks) {
      hash.update(chunk)
      byteCount += chunk.byteLength
    }
    const sha256 = hash.digest("hex")
    const file = this.nextFile(batch.table, sha256, format)
    const columns = batch.columns.map(({ name, dataType, timezone }) => ({ name, dataType, timezone }))
    const part: ManifestPart = { table: batch.table, file, format, rowCount: batch.rowCount, byteCount, sha256, columns }
    this.written.push(part)
    const written = writeChunks(join(this.folder, file), chunks)
    const durable = this.durability === "full" ? written.then(() => syncFile(join(this.folder, file))) : written
    // Both are awaited later; until then a failure must not count as unhandled.
    written.catch(() => undefined)
    durable.catch(() => undefined)
    this.durable.push(durable)
    return { part: toSealed(this.folder, part), written }
  }

  /** Makes the parts durable and writes the manifest: from now on the package exists. */
  async seal(manifest: Manifest): Promise<void> {
    await Promise.all(this.durable)
    if (this.durability === "full") for (const folder of this.folders()) await syncFolder(folder)
    fault("package.before-manifest")
    await writeAtomically(this.folder, manifestName, encodeManifest(manifest), this.durability)
    this.isSealed = true
    fault("package.after-manifest")
  }

  /** Throws the package away. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  private folders(): string[] {
    return [
      ...[...this.tables.values()].map(({ directory }) => join(this.folder, "parts", directory)),
      join(this.folder, "parts"),
      this.folder,
    ]
  }

  private nextFile(table: string, sha256: string, format: PartFormat): string {
    let entry = this.tables.get(table)
    if (entry === undefined) {
      entry = { directory: `t${String(this.tables.size + 1).padStart(4, "0")}`, parts: 0 }
      this.tables.set(table, entry)
      mkdirSync(join(this.folder, "parts", entry.directory), { mode: 0o700 })
    }
    entry.parts++
    return join("parts", entry.directory, `${String(entry.parts).padStart(6, "0")}.${sha256.slice(0, 8)}.${format}`)
  }
}

/** The manifests of all sealed packages below `packages`, and the folders that have none. */
export async function listPackages(packages: string): Promise<{ sealed: Manifest[]; unsealed: string[] }> {
  const names = await readdir(packages).catch(() => [])
  const sealed: Manifest[] = []
  const unsealed: string[] = []
  for (const name of names.sort()) {
    const text = await readFile(join(packages, name, manifestName), "utf8").catch(() => "")
    const manifest = decodeManifest(text)
    if (manifest === undefined) unsealed.push(name)
    else sealed.push(manifest)
  }
  return { sealed, unsealed }
}

/** The parts of a sealed package with absolute paths. */
export function sealedParts(packages: string, manifest: Manifest): SealedPart[] {
  return manifest.parts.map((part) => toSealed(join(packages, manifest.loadId), part))
}

/**
 * Hashes every part again.
 * @throws LadingError `damaged-package` naming the first part that is not what the manifest says
 */
export async function verifyParts(parts: readonly SealedPart[]): Promise<void> {
  for (const part of parts) {
    const hash = createHash("sha256")
    try {
      for await (const chunk of createReadStream(part.path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
    } catch (error) {
      throw damaged(part, error)
    }
    if (hash.digest("hex") !== part.sha256) throw damaged(part, undefined)
  }
}

/** Keeps the receipt of a committed load beside `packages` and frees its folder; both are caches only. */
export async function archivePackage(packages: string, loadId: string, receipt: string): Promise<void> {
  const receipts = join(dirname(packages), "receipts")
  await mkdir(receipts, { recursive: true, mode: 0o700 })
  await writeAtomically(receipts, `${loadId}.json`, receipt, "process")
  await rm(join(packages, loadId), { recursive: true, force: true })
}

function toSealed(folder: string, { file, ...part }: ManifestPart): SealedPart {
  return { ...part, path: join(folder, file) }
}

function damaged(part: SealedPart, cause: unknown): LadingError {
  return new LadingError({
    code: "damaged-package",
    message: `part ${part.path} of table ${part.table} is missing or was altered after it was sealed`,
    hint: "nothing of this package was committed; delete its folder, and its rows are extracted again",
    cause,
  })
}

/** In as few calls as the system allows: each one waits until the normalizer pauses, and its memory with it. */
async function writeChunks(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "wx", 0o600)
  try {
    for (let rest = chunks; rest.length > 0; ) rest = after(rest, (await file.writev(rest)).bytesWritten)
  } finally {
    await file.close()
  }
}

/** What is left of `chunks` behind the first `byteCount` bytes. */
function after(chunks: readonly Uint8Array[], byteCount: number): readonly Uint8Array[] {
  let left = byteCount
  let first = 0
  for (; first < chunks.length; first++) {
    const { length } = chunks[first] as Uint8Array
    if (left < length) break
    left -= length
  }
  const cut = chunks[first]
  return cut === undefined ? [] : [cut.subarray(left), ...chunks.slice(first + 1)]
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+")
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function writeAtomically(folder: string, name: string, text: string, durability: Durability): Promise<void> {
  const temporary = join(folder, `${name}.${process.pid}.tmp`)
  const file = await open(temporary, "w", 0o600)
  try {
    await file.writeFile(text)
    if (durability === "full") await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, join(folder, name))
  if (durability === "full") await syncFolder(folder)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
