/**
 * One thing that a plugin must do, as a plain function, so that it can also be run without a test runner (and so that the kit itself can be tested
 * with plugins that are broken on purpose).
 */
export interface Check<Fixture, Facts> {
  /** Group under which the check is reported, such as `lease`. */
  readonly concern: string
  /** A sentence about behaviour. */
  readonly name: string
  /** Whether what the plugin claims makes this check meaningful; what is not claimed has checks of its own. */
  appliesTo(facts: Facts): boolean
  /** Resolves when the plugin behaves; rejects with an AssertionError or the plugin's own error otherwise. */
  check(fixture: Fixture): Promise<void>
}

/** Says of a check that it applies whatever the plugin claims. */
export const always = (): boolean => true
