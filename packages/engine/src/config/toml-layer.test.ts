import { isSecret, reveal, type Secret } from "@lading/core"
import { describe, expect, it } from "vitest"
import { errorOf } from "../testing/make-project.ts"
import { tomlLayer } from "./toml-layer.ts"

const file = (values: Record<string, unknown>) => ({ place: "config.toml", path: "config.toml", values })

describe("a section of a TOML file as options", () => {
  it("takes keys as the environment has them and as code has them", () => {
    const values = { destination: { duckdb: { memory_limit_mb: 64, path: "a", tls: { ca_file: "b" } }, other: { path: "c" } } }
    const layer = tomlLayer(file(values), { sections: ["destination", "duckdb"], source: "file", isDeep: true })
    expect(layer.values).toEqual({ memoryLimitMb: 64, path: "a", tls: { caFile: "b" } })
    expect(layer.place(["memoryLimitMb"])).toBe("config.toml destination.duckdb.memory_limit_mb")
  })

  it("keeps names inside of tables where they are data", () => {
    const values = { sources: { rest: { base_url: "x", params: { page_size: 1 } } } }
    const layer = tomlLayer(file(values), { sections: ["sources", "rest"], source: "file", isDeep: false })
    expect(layer.values).toEqual({ baseUrl: "x", params: { page_size: 1 } })
  })

  it("finds a section whose name needs quotes in TOML under underscores, too", () => {
    const values = { my_pipe: { destination: { duckdb: { path: "a" } } } }
    const section = { sections: ["my-pipe", "destination", "duckdb"], source: "file", isDeep: true } as const
    expect(tomlLayer(file(values), section).values).toEqual({ path: "a" })
  })

  it("makes every text of secrets.toml a secret, and nothing else", () => {
    const values = { destination: { pg: { port: 5432, password: "p", tls: { key_file: "k" }, list: ["l"] } } }
    const layer = tomlLayer(file(values), { sections: ["destination", "pg"], source: "secrets", isDeep: true })
    const { port, password, tls, list } = layer.values as {
      port: unknown
      password: Secret
      tls: { keyFile: Secret }
      list: readonly [Secret]
    }
    expect(port).toBe(5432)
    expect([password, tls.keyFile, list[0]].map((one) => [isSecret(one), reveal(one)])).toEqual([
      [true, "p"],
      [true, "k"],
      [true, "l"],
    ])
  })

  it.each([
    [{ pipelines: "c4n4ry" }, ["pipelines"], "pipelines is no table"],
    [{ pipelines: { datset: "c4n4ry" } }, ["pipelines"], "pipelines.datset is no option"],
    [{ pipelines: { chess: { datset: "c4n4ry" } } }, ["pipelines", "chess"], "pipelines.chess.datset is no option"],
    [{ pipelines: { work_dir: "c4n4ry", workDir: "c4n4ry" } }, ["pipelines"], "workDir is there twice"],
  ])("with a mistake is refused without quoting it: %j", async (values, sections, message) => {
    const section = { sections, source: "file", isDeep: true, known: ["dataset", "workDir"] } as const
    const error = await errorOf(() => tomlLayer(file(values), section))
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining(message) })
    expect(error.message).not.toContain("c4n4ry")
  })
})
