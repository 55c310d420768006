export { encodeCopyText } from "./copy-text/encode.ts"
export { encodeNdjson } from "./ndjson/encode.ts"
export { encodeParquet } from "./parquet/encode.ts"
