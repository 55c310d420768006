import { join } from "node:path"
import type { Destination, DestinationPlugin } from "@lading/core"
import { createDestinationFixture, type DestinationCheck, destinationChecks } from "@lading/testkit"
import { describe, expect, it } from "vitest"
import { type Memory, type Saboteur, saboteurs } from "../test/saboteurs.ts"
import { capabilities } from "./capabilities.ts"
import type { DuckDBOptions } from "./options.ts"
import plugin from "./plugin.ts"

/** The real destination, with some members of its sessions replaced. */
function sabotaged(saboteur: Saboteur): DestinationPlugin<DuckDBOptions> {
  const memory: Memory = { epoch: 0 }
  return {
    ...plugin,
    async create(options, context): Promise<Destination> {
      const destination = await plugin.create(options, context)
      return {
        ...destination,
        async open(request, opened) {
          const session = await destination.open(request, opened)
          return { ...session, ...saboteur(session, memory) }
        },
      }
    },
  }
}

function find(start: string): DestinationCheck {
  const found = destinationChecks.filter(
    ({ concern, name, appliesTo }) => `${concern}: ${name}`.startsWith(start) && appliesTo(capabilities),
  )
  expect(found.length, `checks that begin with "${start}"`).toBe(1)
  return found[0] as DestinationCheck
}

async function run(check: DestinationCheck, saboteur: Saboteur): Promise<void> {
  const fixture = await createDestinationFixture({
    plugin: sabotaged(saboteur),
    makeOptions: ({ folder }) => ({ path: join(folder, "data.duckdb"), threads: 1 }),
  })
  try {
    await check.check(fixture)
  } finally {
    await fixture.dispose()
  }
}

describe.each(Object.entries(saboteurs))("a destination that %s", (_, [saboteur, ...noticedBy]) => {
  it.each(noticedBy)("does not pass %s", async (start) => {
    const check = find(start)
    await expect(run(check, saboteur)).rejects.toMatchObject({ name: "AssertionError" })
  })
})

it("a destination that is wrapped, but not broken, passes", async () => {
  await run(find("atomicity: shows nothing before"), () => ({}))
  await run(find("guarantee A: lets one of two writers"), () => ({}))
})
