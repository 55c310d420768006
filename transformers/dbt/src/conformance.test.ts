import { testTransformer } from "@lading/testkit"
import type { DbtOptions } from "./options.ts"
import plugin from "./plugin.ts"

testTransformer(
  plugin,
  (): DbtOptions => ({ project: "dbt", commands: ["seed", "build"], select: ["orders+"], env: { DBT_ENV_SECRET_TOKEN: "x" } }),
  {
    packageJson: new URL("../package.json", import.meta.url),
    invalidOptions: [
      {},
      "dbt",
      { project: "" },
      { project: { git: "a", package: "b" } },
      { project: { git: "--upload-pack=x" } },
      { project: { git: "a", revision: "--force" } },
      { project: { package: "a", revision: "v1" } },
      { project: "dbt", commands: [] },
      { project: "dbt", commands: ["run-operation"] },
      { project: "dbt", commands: ["docs generate"] },
      { project: "dbt", select: "--vars" },
      { project: "dbt", threads: 0 },
      { project: "dbt", target: "a b" },
      { project: "dbt", dbt: { venv: "" } },
      { project: "dbt", timeoutMs: 1.5 },
    ],
  },
)
