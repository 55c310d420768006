import { join } from "node:path"
import type { Destination } from "@lading/core"
import { describe, expect, it } from "vitest"
import type { PipelineOptions } from "../options.ts"
import { errorOf, makeProject } from "../testing/make-project.ts"
import { configure } from "./configure.ts"

const destination = Object.freeze({ kind: "destination", name: "test" }) as unknown as Destination
const config = {
  "package.json": {},
  "lading.config.mjs": `export default {
    workDir: "file-work", dataset: "file_data", onBadRow: "fail", rejects: { maxCount: 7, maxShare: 0.5 },
    pipelines: { chess: { dataset: "file_chess" } },
  }`,
}
const options = (files: Parameters<typeof makeProject>[0], given: Partial<PipelineOptions> = {}): PipelineOptions => ({
  name: "chess",
  destination,
  baseDirectory: makeProject(files),
  environment: {},
  ...given,
})

describe("the options of a pipeline", () => {
  it("stay as they are when nothing else says anything", async () => {
    const given = options({})
    expect(await configure(given)).toMatchObject({ ...given })
  })

  it("come from code, then the environment, then the file, the pipeline's own before the general ones", async () => {
    const environment = {
      PIPELINES__CHESS__REJECTS__MAX_SHARE: "0.25",
      PIPELINES__WORK_DIR: "env-work",
      PIPELINES__CHESS__ON_BAD_ROW: "quarantine",
      PIPELINES__ON_BAD_ROW: "drop-counted",
    }
    const all = { environment, durability: "process" } as const
    expect(await configure(options(config, all))).toMatchObject({
      durability: "process",
      workDir: "env-work",
      onBadRow: "quarantine",
      rejects: { maxShare: 0.25, maxCount: 7 },
      dataset: "file_chess",
    })
    expect(await configure(options(config, { ...all, workDir: "mine", dataset: "mine" }))).toMatchObject({
      workDir: "mine",
      dataset: "mine",
    })
    expect((await configure(options(config, { ...all, name: "other" }))).dataset).toBe("file_data")
  })

  it("come from TOML files after the environment and before lading.config.ts, secrets.toml first", async () => {
    const files = {
      ...config,
      ".lading/secrets.toml": '[pipelines]\nwork_dir = "secret-work"\n[pipelines.chess]\ndurability = "process"\n',
      ".lading/config.toml":
        '[pipelines]\nworkDir = "toml-work"\non_bad_row = "quarantine"\n[pipelines.chess]\ndurability = "full"\n[pipelines.chess.rejects]\nmax_share = 0.25\n',
    }
    expect(await configure(options(files, { environment: { PIPELINES__DATASET: "env" } }))).toMatchObject({
      workDir: "secret-work",
      durability: "process",
      onBadRow: "quarantine",
      rejects: { maxShare: 0.25, maxCount: 7 },
      dataset: "file_chess", // said of this pipeline, while the variable is said of all
    })
  })

  it("leave a destination that is given as a value untouched", async () => {
    expect((await configure(options(config, { environment: { DESTINATION__TEST__PATH: "x" } }))).destination).toBe(destination)
  })

  it("keep a text of digits where a text is wanted", async () => {
    expect((await configure(options({}, { environment: { PIPELINES__CHESS__DATASET: "2024" } }))).dataset).toBe("2024")
  })

  it.each([
    [{ PIPELINES__CHESS__DURABILITY: "c4n4ry" }, "environment variable PIPELINES__CHESS__DURABILITY"],
    [{ PIPELINES__REJECTS__MAX_SHARE: "1.5" }, "environment variable PIPELINES__REJECTS__MAX_SHARE"],
    [{ PIPELINES__CHESS__REJECTS: "c4n4ry" }, "environment variable PIPELINES__CHESS__REJECTS"],
    [{ PIPELINES__REJECTS__MAXSHARE: "1" }, "environment variable PIPELINES__REJECTS__MAXSHARE"],
  ])("that do not fit are refused with their place: %j", async (environment: Record<string, string>, place) => {
    const error = await errorOf(() => configure(options({}, { environment })))
    expect(error).toMatchObject({ code: "config-invalid", hint: `correct it: ${place}` })
    expect(error.message).not.toContain("c4n4ry")
  })

  it("tell every place that was looked at, in order", async () => {
    const given = options(config, { onBadRow: "never" as "fail" })
    const { details, message } = await errorOf(() => configure(given))
    const file = join(given.baseDirectory ?? "", "lading.config.mjs")
    const toml = (name: string): string => `.lading/${name}.toml (there is none in ${given.baseDirectory})`
    expect(message).toContain("pipeline chess: onBadRow is not valid: expected quarantine or fail or drop-counted")
    expect(details).toMatchObject({
      places: [
        "option onBadRow",
        "environment variable PIPELINES__CHESS__ON_BAD_ROW",
        `${toml("secrets")} pipelines.chess.on_bad_row`,
        `${toml("config")} pipelines.chess.on_bad_row`,
        `${file} pipelines.chess.onBadRow`,
        "environment variable PIPELINES__ON_BAD_ROW",
        `${toml("secrets")} pipelines.on_bad_row`,
        `${toml("config")} pipelines.on_bad_row`,
        `${file} onBadRow`,
      ],
    })
  })
})
