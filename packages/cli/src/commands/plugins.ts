import { listPlugins } from "@lading/engine"
import pc from "picocolors"
import { formatTable } from "../format/table.ts"
import { printable } from "../format/text.ts"
import { type Session, writeJson } from "../io.ts"

/** Lists the plugins among the project's direct dependencies, from their manifests alone. */
export async function pluginsCommand(session: Session): Promise<void> {
  const { io, isJson } = session
  const plugins = listPlugins(io.cwd)
  if (isJson) return writeJson(session, { plugins })
  if (plugins.length === 0) {
    await io.stdout.write("no plugins among the dependencies of this project; for example: npm install @lading/destination-duckdb\n")
    return
  }
  const { bold } = pc.createColors(io.stdout.hasColor)
  const { columns: width } = io.stdout
  const titles = ["kind", "name", "package", "version"].map((title) => ({ title }))
  const rows = plugins.map(({ kind, name, package: packageName, version }) => [kind, name, packageName, version].map(printable))
  const lines = formatTable(titles, rows, { heading: bold, ...(width === undefined ? {} : { width }) })
  await io.stdout.write(`${lines.join("\n")}\n`)
}
