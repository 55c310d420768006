import { createHash } from "node:crypto"
import type { LedgerEntry, SchemaDocument, SealedPart, StateRow, TableCounters } from "@lading/core"

/** A part as the manifest lists it: like a sealed part, with a path relative to the package. */
export type ManifestPart = Omit<SealedPart, "path"> & { readonly file: string }

/** The seal of a load package: a package without a valid one does not exist. */
export interface Manifest {
  readonly format: 1
  readonly loadId: string
  readonly pipeline: string
  readonly dataset: string
  readonly destination: string
  /** Hash of the state this load was extracted from; null on the first. */
  readonly parentStateHash: string | null
  readonly state: (Omit<StateRow, "created_at"> & { readonly created_at: string }) | null
  readonly schema: SchemaDocument
  readonly schemaChanges: string
  readonly names: readonly LedgerEntry[]
  readonly counters: Readonly<Record<string, TableCounters>>
  readonly emptied: readonly string[]
  readonly parts: readonly ManifestPart[]
  readonly sealedAt: string
  readonly versions: Readonly<Record<string, string>>
}

/** The manifest's text: JSON, and a last line with the SHA-256 of all before it. */
export function encodeManifest(manifest: Manifest): string {
  const body = `${JSON.stringify(manifest)}\n`
  return `${body}sha256 ${digest(body)}\n`
}

/** Reads a manifest's text; undefined when it is torn, altered or of an unknown format. */
export function decodeManifest(text: string): Manifest | undefined {
  const lines = /^(?<body>[^\n]*\n)sha256 (?<hash>[0-9a-f]{64})\n$/.exec(text)?.groups
  if (lines?.["body"] === undefined || digest(lines["body"]) !== lines["hash"]) return undefined
  const manifest = JSON.parse(lines["body"]) as Manifest
  return manifest.format === 1 ? manifest : undefined
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
