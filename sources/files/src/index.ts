export { files } from "./files.ts"
export type { FileCompression, FileFormat, FileIncremental, FilesOptions } from "./options.ts"
export { plugin as default } from "./plugin.ts"
