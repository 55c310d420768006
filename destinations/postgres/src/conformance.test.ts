import { testDestination } from "@lading/testkit"
import { dropDatasets, testServer } from "../test/server.ts"
import plugin from "./plugin.ts"

testDestination(
  plugin,
  async () => {
    const { host, port, user, password, database } = await testServer()
    return { host, port, user, password, database }
  },
  {
    packageJson: new URL("../package.json", import.meta.url),
    invalidOptions: [
      {},
      "",
      "mysql://user@host/database",
      "postgres://localhost/database",
      { user: "" },
      { user: "u", port: 0 },
      { user: "u", tls: "maybe" },
      { user: "u", tls: { mode: "require", ca: "x" } },
      { user: "u", lockTimeoutMs: -1 },
      { user: "u", replaceStrategy: "drop" },
      [],
    ],
    cleanUp: dropDatasets,
  },
)
