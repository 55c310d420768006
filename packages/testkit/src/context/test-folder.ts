import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A temporary folder of one check. */
export interface TestFolder {
  readonly path: string
  remove(): Promise<void>
}

/** Creates an empty folder under the system's temporary folder. */
export async function createTestFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), "lading-testkit-"))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
