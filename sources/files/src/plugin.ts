import type { SourcePlugin } from "@lading/core"
import { files } from "./files.ts"
import { type FilesOptions, filesOptionsSchema } from "./options.ts"

/** The plugin object by which an engine finds this source under the name `files`. */
export const plugin: SourcePlugin<FilesOptions> = {
  kind: "source",
  name: "files",
  specVersion: 1,
  options: filesOptionsSchema,
  create: (options) => files(options),
}
