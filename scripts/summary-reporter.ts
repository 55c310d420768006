import { writeFileSync } from "node:fs"
import { relative } from "node:path"
import type { SerializedError } from "vitest"
import type { Reporter, TestCase, TestModule } from "vitest/node"

/** What one vitest run did: `failed` also names files that could not be loaded and errors outside of any test. */
export interface TestSummary {
  readonly passed: number
  readonly failed: readonly string[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

function nameOf(test: TestCase): string {
  return `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`
}

function reasonOf(test: TestCase): string {
  const result = test.result()
  const note = result.state === "skipped" ? result.note : undefined
  return note ?? (test.options.mode === "run" ? "did not run" : `no reason given (${test.options.mode})`)
}

/** Counts the tests of a run. A test that never finished, because the run was interrupted, counts as failed. */
export function summarize(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): TestSummary {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const inState = (state: string) => tests.filter((test) => test.result().state === state)
  const brokenSuites = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter((suite) => suite.errors().length > 0)
  return {
    passed: inState("passed").length,
    failed: [
      ...[...inState("failed"), ...inState("pending")].map(nameOf),
      ...brokenSuites.map((suite) =>
        suite.type === "module"
          ? `${relative(process.cwd(), suite.moduleId)} could not be run: ${suite.errors()[0]?.message}`
          : `${suite.fullName}: ${suite.errors()[0]?.message}`,
      ),
      ...unhandledErrors.map((error) => `error outside of a test: ${error.message}`),
    ],
    skipped: inState("skipped").map((test) => ({ name: nameOf(test), reason: reasonOf(test) })),
  }
}

/** Vitest reporter: writes the summary as JSON to the file named by LADING_TEST_SUMMARY, or else prints the closing line of the run. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const summary = summarize(modules, unhandledErrors)
    const path = process.env.LADING_TEST_SUMMARY
    if (path) writeFileSync(path, JSON.stringify(summary))
    else process.stdout.write(`${summary.passed} passed, ${summary.failed.length} failed, ${summary.skipped.length} skipped\n`)
  }
}
