import { describe, it } from "vitest"
import type { Check } from "./check.ts"

/** A suite of checks on its way to vitest. */
export interface Suite<Fixture extends { dispose(): Promise<void> }, Facts> {
  readonly title: string
  readonly checks: readonly Check<Fixture, Facts>[]
  readonly createFixture: () => Promise<Fixture>
  readonly factsOf: (fixture: Fixture) => Facts
}

/**
 * Registers one test for each check, grouped by concern. What the plugin claims is known only once it was created, which is asynchronous: a check
 * that does not apply is reported as skipped, with the reason.
 */
export function registerChecks<Fixture extends { dispose(): Promise<void> }, Facts>(suite: Suite<Fixture, Facts>): void {
  describe(suite.title, () => {
    for (const [concern, checks] of Map.groupBy(suite.checks, (check) => check.concern))
      describe(concern, () => {
        for (const check of checks) it(check.name, (context) => runOne(suite, check, context.skip))
      })
  })
}

async function runOne<Fixture extends { dispose(): Promise<void> }, Facts>(
  { createFixture, factsOf }: Suite<Fixture, Facts>,
  { check, appliesTo }: Check<Fixture, Facts>,
  skip: (note: string) => void,
): Promise<void> {
  const fixture = await createFixture()
  try {
    if (!appliesTo(factsOf(fixture))) return skip("the plugin does not claim this")
    await check(fixture)
  } finally {
    await fixture.dispose()
  }
}
