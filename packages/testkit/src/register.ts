import { describe, it } from "vitest"
import type { Check } from "./check.ts"

/** A suite of checks on its way to vitest. */
export interface Suite<Fixture extends { dispose(): Promise<void> }, Facts> {
  readonly title: string
  readonly checks: readonly Check<Fixture, Facts>[]
  readonly createFixture: () => Promise<Fixture>
  readonly factsOf: (fixture: Fixture) => Facts
}

/** Registers one test for each check that applies to what the plugin claims, grouped by concern. Each test gets a fixture of its own. */
export function registerChecks<Fixture extends { dispose(): Promise<void> }, Facts>(suite: Suite<Fixture, Facts>): void {
  const { title, checks, createFixture, factsOf } = suite
  describe(title, async () => {
    const probe = await createFixture()
    const facts = factsOf(probe)
    await probe.dispose()
    const applicable = checks.filter((check) => check.appliesTo(facts))
    for (const concern of new Set(applicable.map((check) => check.concern)))
      describe(concern, () => {
        for (const { name, check } of applicable.filter((one) => one.concern === concern)) it(name, () => withFixture(createFixture, check))
      })
  })
}

async function withFixture<Fixture extends { dispose(): Promise<void> }>(
  createFixture: () => Promise<Fixture>,
  check: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const fixture = await createFixture()
  try {
    await check(fixture)
  } finally {
    await fixture.dispose()
  }
}
