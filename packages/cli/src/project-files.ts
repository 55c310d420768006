import { readFileSync } from "node:fs"
import { readVersion } from "./version.ts"

/** Names in a new project, all taken from its folder. */
export interface ProjectNames {
  /** Lower case letters, digits and underscores, not starting with a digit. */
  readonly name: string
  /** File name of the database. */
  readonly database: string
  readonly dataset: string
}

/** The names of a project in a folder of this name. */
export function projectNames(folder: string): ProjectNames {
  const words = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
  const name = words === "" ? "project" : /^\d/.test(words) ? `project_${words}` : words
  return { name, database: `${name}.duckdb`, dataset: `${name}_data` }
}

/** The files of a new project by path, with their text. */
export function projectFiles(names: ProjectNames): Readonly<Record<string, string>> {
  return {
    "package.json": packageJson(names),
    "pipeline.ts": fromTemplate("pipeline.ts", names),
    "data/orders.ndjson": fromTemplate("data/orders.ndjson", names),
    "tsconfig.json": fromTemplate("tsconfig.json", names),
    ".gitignore": fromTemplate("gitignore", names),
    "README.md": fromTemplate("README.md", names),
  }
}

/** What a new project depends on: this release of the command, and the plugins that were released with it. */
export function projectDependencies(): Readonly<Record<string, string>> {
  return { "@lading/destination-duckdb": "^0.1.0", "@lading/source-files": "^0.1.0", lading: `^${readVersion()}` }
}

function packageJson({ name }: ProjectNames): string {
  const manifest = {
    name: name.replaceAll("_", "-"),
    version: "0.0.0",
    private: true,
    type: "module",
    engines: { node: ">=20.19" },
    scripts: { start: "lading run", inspect: "lading inspect" },
    dependencies: projectDependencies(),
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/** The templates are one folder up both from the sources and from the build. */
function fromTemplate(path: string, names: ProjectNames): string {
  const text = readFileSync(new URL(`../templates/${path}.tmpl`, import.meta.url), "utf8")
  return Object.entries(names).reduce((filled, [name, value]) => filled.replaceAll(`{{${name}}}`, value), text)
}
