import { readVersion } from "../version.ts"

/** What a new project depends on: this release of the command, and the plugins that were released with it. */
export function projectDependencies(): Readonly<Record<string, string>> {
  return { "@lading/destination-duckdb": "^0.1.0", "@lading/source-files": "^0.1.0", lading: `^${readVersion()}` }
}
