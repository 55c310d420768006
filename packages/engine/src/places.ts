import { createHash } from "node:crypto"
import { join, resolve } from "node:path"
import type { Destination } from "@lading/core"
import type { PipelineOptions } from "./options.ts"

export interface Places {
  /** Name of the dataset in the destination. */
  readonly dataset: string
  /** Folder of the unfinished packages of this pipeline into this dataset. */
  readonly packages: string
}

/** Where a pipeline keeps what. Packages of two destinations never share a folder. */
export function placesOf(options: PipelineOptions, destination: Destination): Places {
  const dataset = datasetOf(options)
  const target = createHash("sha256").update(`${destination.name}\0${destination.location}\0${dataset}`).digest("hex").slice(0, 8)
  const workDir = resolve(options.baseDirectory ?? process.cwd(), options.workDir ?? ".lading")
  return { dataset, packages: join(workDir, "pipelines", `${safeName(options.name)}-${target}`, "packages") }
}

/** Name of the dataset that a pipeline loads. */
export function datasetOf({ dataset, name }: PipelineOptions): string {
  return dataset ?? `${name}_dataset`
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 60)
}
