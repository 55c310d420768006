import { describe, expect, it } from "vitest"
import { environmentLayer } from "./environment.ts"

describe("the environment as options", () => {
  it("joins sections and options by two underscores, words by one", () => {
    const layer = environmentLayer(
      {
        DESTINATION__DUCKDB__PATH: "a.duckdb",
        DESTINATION__DUCKDB__MEMORY_LIMIT_MB: "64",
        DESTINATION__DUCKDB__CREDENTIALS__USER_NAME: "u",
        DESTINATION__DUCKDB__CREDENTIALS__PASSWORD: "",
        DESTINATION__POSTGRES__PATH: "other",
        destination__duckdb__threads: "1",
        DESTINATION__DUCKDB__: "no option",
        DESTINATION__DUCKDB__A____B: "no option",
        DESTINATION__DUCKDB: "no option",
      },
      { sections: ["destination", "duckdb"] },
    )
    expect(layer.values).toEqual({ path: "a.duckdb", memoryLimitMb: "64", credentials: { userName: "u", password: "" } })
  })

  it("takes only known options where a section holds other names as well", () => {
    const environment = { PIPELINES__CHESS__DATASET: "a", PIPELINES__DATASET: "b", PIPELINES__REJECTS__MAX_SHARE: "1" }
    expect(environmentLayer(environment, { sections: ["pipelines"], known: ["dataset", "rejects"] }).values).toEqual({
      dataset: "b",
      rejects: { maxShare: "1" },
    })
  })

  it.each([
    [["destination", "duckdb"], ["memoryLimitMb"], "DESTINATION__DUCKDB__MEMORY_LIMIT_MB"],
    [["my-pipe.line", "sources", "files"], ["path"], "MY_PIPE_LINE__SOURCES__FILES__PATH"],
    [["chessPlayers", "destination", "pg"], ["credentials", "port"], "CHESS_PLAYERS__DESTINATION__PG__CREDENTIALS__PORT"],
  ])("tells the name of the variable: %j %j is %s", (sections, path, name) => {
    const layer = environmentLayer({ [name]: "x" }, { sections })
    expect(layer.place(path)).toBe(`environment variable ${name}`)
    expect(path.reduce<unknown>((values, key) => (values as Record<string, unknown>)[key], layer.values)).toBe("x")
  })

  it("does not reach the prototype of objects", () => {
    const layer = environmentLayer({ D__CONSTRUCTOR__PROTOTYPE__POLLUTED: "1", D__TO_STRING: "x" }, { sections: ["d"] })
    expect(Object.hasOwn(layer.values as object, "constructor")).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it("refuses an option that one variable sets as a whole and another in part, without telling values", () => {
    const environment = { D__CREDENTIALS: "postgres://u:c4n4ry@host", D__CREDENTIALS__PASSWORD: "c4n4ry" }
    expect(() => environmentLayer(environment, { sections: ["d"] })).toThrow(
      expect.objectContaining({ code: "config-invalid", message: expect.stringContaining("D__CREDENTIALS__PASSWORD") }),
    )
    expect(() => environmentLayer(environment, { sections: ["d"] })).not.toThrow(/c4n4ry/)
  })
})
