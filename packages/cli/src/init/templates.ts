import { projectDependencies } from "./releases.ts"

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
    "pipeline.ts": pipelineFile(names),
    "data/orders.ndjson": sampleData(),
    "tsconfig.json": tsconfig,
    ".gitignore": gitignore,
    "README.md": readme(names),
  }
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

function pipelineFile({ name, database, dataset }: ProjectNames): string {
  return `import { duckdb } from "@lading/destination-duckdb"
import { files } from "@lading/source-files"
import { pipeline } from "lading"

// Every line of the files is an order; lists inside of it become tables of their own: orders__items, orders__tags.
const orders = files({
  path: "data/*.ndjson",
  table: "orders",
  primaryKey: "id",
  writeDisposition: "merge", // an order that comes again replaces the one that is there
})

export default pipeline({
  name: "${name}",
  destination: duckdb("${database}"),
  dataset: "${dataset}",
}).with(orders)
`
}

const sampleOrders = [
  {
    id: 1,
    placed_at: "2026-03-02T08:15:00Z",
    customer: { country: "DE", since: "2021-05-01" },
    items: [{ sku: "tea-green", quantity: 2, price: 4.25 }],
    tags: ["gift"],
  },
  {
    id: 2,
    placed_at: "2026-03-02T09:40:12Z",
    customer: { country: "FR", since: "2019-11-23" },
    items: [
      { sku: "coffee-dark", quantity: 1, price: 9.9 },
      { sku: "filter-paper", quantity: 3, price: 2.5 },
    ],
    tags: [],
  },
  {
    id: 3,
    placed_at: "2026-03-03T17:05:44Z",
    customer: { country: "DE", since: "2024-02-14" },
    items: [{ sku: "tea-black", quantity: 5, price: 3.75, discount: { percent: 10 } }],
    tags: ["gift", "express"],
  },
  {
    id: 4,
    placed_at: "2026-03-04T11:22:09Z",
    customer: { country: "JP" },
    items: [{ sku: "kettle", quantity: 1, price: 39.0 }],
    note: "Bitte klingeln ☎",
  },
  {
    id: 5,
    placed_at: "2026-03-05T06:58:31Z",
    customer: { country: "BR", since: "2023-08-30" },
    items: [
      { sku: "tea-green", quantity: 1, price: 4.25 },
      { sku: "cup", quantity: 4, price: 6.0 },
    ],
    tags: ["express"],
  },
]

function sampleData(): string {
  return sampleOrders.map((order) => `${JSON.stringify(order)}\n`).join("")
}

const tsconfig = `{
  "compilerOptions": {
    "target": "ES2023",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "strict": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`

const gitignore = `node_modules/
.lading/
.env
*.duckdb
*.duckdb.*
`

function readme({ name, database, dataset }: ProjectNames): string {
  return `# ${name}

Loads \`data/*.ndjson\` into the DuckDB file \`${database}\`, dataset \`${dataset}\`, with [Lading](https://www.npmjs.com/package/lading).

\`\`\`sh
npm install
npx lading run                                        # loads; run it again: nothing is loaded twice
npx lading inspect                                    # tables, columns, counts, last loads
npx lading query "select * from orders"
npx lading query "select o.customer__country, sum(i.quantity * i.price) as total from orders o join orders__items i on i._dlt_parent_id = o._dlt_id group by 1"
\`\`\`

| file | what |
|---|---|
| \`pipeline.ts\` | what is loaded, from where, to where |
| \`data/orders.ndjson\` | sample data; put your own files beside it or instead of it |
| \`${database}\` | the result, for any DuckDB client |
| \`.lading/\` | unfinished load packages, a cache that may be deleted at any time |
`
}
