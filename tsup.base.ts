import { defineConfig, type Options } from "tsup"

/** One build for every package: ESM for Node 20, declarations are emitted by `tsc` afterwards. */
export const build = (options: Options = {}) =>
  defineConfig({
    entry: ["src/index.ts"],
    format: ["esm"],
    target: "node20",
    platform: "node",
    dts: false,
    clean: true,
    sourcemap: true,
    treeshake: true,
    ...options,
  })
