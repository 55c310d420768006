import { join } from "node:path"
import { testDestination } from "@lading/testkit"
import plugin from "./plugin.ts"

testDestination(plugin, ({ folder }) => ({ path: join(folder, "data.duckdb"), threads: 2 }), {
  packageJson: new URL("../package.json", import.meta.url),
  invalidOptions: [{}, { path: "" }, { path: ":memory:" }, { path: "a.duckdb", memoryLimitMb: 1 }, { path: "a.duckdb", threads: 0 }, []],
})
