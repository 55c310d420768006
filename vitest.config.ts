import { defineConfig } from "vitest/config"

const conditions = ["@lading/source", "node"]
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** `unit` runs on the sources, without a build; `e2e` runs on the built packages, one file at a time. */
export default defineConfig({
  ...shared,
  test: {
    allowOnly: false,
    reporters: ["default", "./scripts/summary-reporter.ts"],
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          isolate: false,
          include: [
            "{packages,sources,destinations,transformers}/*/src/**/*.test.ts",
            "test/{architecture,cases,bad-input}/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/{e2e,compat,crash,docs}/**/*.test.ts", "examples/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
