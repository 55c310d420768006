import { sharedPostgres } from "@lading/testkit"
import { testDestination } from "@lading/testkit"
import plugin from "./plugin.ts"
