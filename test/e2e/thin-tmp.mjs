import { pipeline } from "lading"
import { duckdb } from "@lading/destination-duckdb"
import { dbt } from "@lading/transformer-dbt"
import { mkdtempSync, writeFileSync, mkdirSync } from "node:fs"
const base = mkdtempSync("/tmp/dbtx/thin-")
mkdirSync(base + "/dbt/models", { recursive: true })
writeFileSync(base + "/dbt/dbt_project.yml", 'name: shop\nprofile: x\n')
writeFileSync(base + "/dbt/models/s.yml", 'sources: [{name: raw, schema: "{{ var(\'lading_dataset\') }}", tables: [{name: things}]}]')
writeFileSync(base + "/dbt/models/n.sql", "select count(*) as n, '{{ var(\"lading_load_ids\") | join(\",\") }}' as ids from {{ source('raw','things') }}")
const p = pipeline({ name: "shop", destination: duckdb("x.duckdb"), dataset: "ds", baseDirectory: base })
const t = dbt({ project: "dbt", dbt: { venv: "/work/main/.cache/dbt/dev" } })
for (const rows of [[{ id: 1 }, { id: 2 }], [{ id: 3 }, { id: 4 }, { id: 5 }]]) {
  const receipt = await p.run(rows, { table: "things" })
  const after = await t.runAfter(p, receipt, { onProgress: (e) => console.log(JSON.stringify(e)) })
  console.log(String(after))
  console.log((await p.dataset().sql("select * from n")).rows)
}
console.log((await p.dataset().sql("select * from dbt_results")).rows)
