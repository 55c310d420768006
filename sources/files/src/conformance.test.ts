import { type SourceScenario, testSource } from "@lading/testkit"
import type { FilesOptions } from "./options.ts"
import { plugin } from "./plugin.ts"
import { put } from "./test-folder.ts"

const line = (row: unknown) => `${JSON.stringify(row)}\n`
const packageJson = new URL("../package.json", import.meta.url)
const invalidOptions = [{}, { path: "" }, { path: [] }, { path: "a.csv", format: "xml" }, { path: "a.csv", header: "yes" }, "a.csv"]

testSource(
  plugin,
  async (folder): Promise<SourceScenario<FilesOptions>> => {
    const rows = Array.from({ length: 9 }, (_, id) => ({ id, text: `it's ${id} 😀`, list: [id, { deep: null }] }))
    for (const [index, name] of ["b", "a", "c"].entries())
      await put(
        folder,
        `in/${name}.ndjson`,
        rows
          .slice(index * 3, index * 3 + 3)
          .map(line)
          .join(""),
        1_000 + index,
      )
    await put(folder, "broken.json", '{"a":')
    return {
      options: { path: "in/*.ndjson", incremental: "modified" },
      rows,
      async addRows() {
        const added = [{ id: 10 }, { id: 11 }]
        await put(folder, "in/0.ndjson", added.map(line).join(""), 2_000)
        return added
      },
      failures: [
        { name: "a file that is not there", options: { path: "nothing.csv" }, code: "no-files" },
        { name: "a document that ends early", options: { path: "broken.json" }, code: "truncated-json" },
        {
          name: "a file whose format nobody knows",
          options: { path: "in/../broken.json", encoding: "no-such" },
          code: "unsupported-encoding",
        },
      ],
    }
  },
  { packageJson, invalidOptions },
)

testSource(plugin, async (folder): Promise<SourceScenario<FilesOptions>> => {
  const header = "id,name,note\n"
  await put(folder, "2024-01.csv", `${header}1,Ana,"a ""quoted"" note"\n2,Bo,\n`)
  await put(folder, "2024-02.csv", `${header}3,Ché,x\n`)
  return {
    options: { path: "*.csv", incremental: "name", fileColumn: "file" },
    rows: [
      { id: 1, name: "Ana", note: 'a "quoted" note', file: "2024-01.csv" },
      { id: 2, name: "Bo", note: null, file: "2024-01.csv" },
      { id: 3, name: "Ché", note: "x", file: "2024-02.csv" },
    ],
    async addRows() {
      await put(folder, "2024-03.csv", `${header}4,Dag,y\n`)
      return [{ id: 4, name: "Dag", note: "y", file: "2024-03.csv" }]
    },
    failures: [{ name: "no file at all", options: { path: "*.tsv" }, code: "no-files" }],
  }
})

testSource(plugin, async (folder): Promise<SourceScenario<FilesOptions>> => {
  const rows = [1, 2, 3].map((id) => ({ id, at: `2024-01-0${id}T00:00:00Z` }))
  await put(folder, "events.ndjson", rows.map(line).join(""))
  return {
    options: { path: "events.ndjson", incremental: { cursor: "at" } },
    rows,
    async addRows() {
      const added = [
        { id: 4, at: "2024-01-03T00:00:00Z" },
        { id: 5, at: "2024-01-04T00:00:00Z" },
      ]
      await put(folder, "events.ndjson", [...rows, ...added].map(line).join(""))
      return added
    },
  }
})
