import { describe, expect, it } from "vitest"
import { shapeOf, statementsOf } from "./support/statements.ts"

describe("the shape of a statement", () => {
  it.each([
    ["SELECT 'it''s' AS \"a\"\"b\", 17", 'SELECT ? AS "n" , 0'],
    ["SELECT E'a\\'b', 'c\\'", "SELECT ? ..."],
    ["SELECT 'a' -- b\n, 'c' /* d */", "SELECT ? COMMENT , ? COMMENT"],
    ["SELECT $x$ 'a'; DROP $x$", "SELECT ?"],
    [
      'CREATE TABLE "s"."t" ("a" bigint, "b" bigint, "c" varchar NOT NULL)',
      'CREATE TABLE "n" . "n" ( "n" bigint ... , "n" varchar NOT NULL )',
    ],
    ["INSERT INTO \"t\" VALUES (1, 'a'), (2, 'b')", 'INSERT INTO "n" VALUES ( 0 , ? ) ...'],
    ["SELECT 'open", "SELECT ' open"],
    ["SELECT 1 FROM t WHERE n = $1::name", "SELECT 0 FROM t WHERE n = $ 0 : : name"],
  ])("%s is %s", (sql, shape) => expect(shapeOf(sql)).toBe(shape))

  it("changes when a name or a value gets out of its quotes", () => {
    const create = (name: string) => shapeOf(`CREATE TABLE "${name}" (a bigint)`)
    expect(create('x""; DROP TABLE y; --')).toBe(create("plain"))
    expect(create('x"; DROP TABLE y; --')).not.toBe(create("plain"))
  })
})

describe("statements of a log", () => {
  it("are those of one application, with all of their lines", () => {
    const log = [
      "<> LOG:  starting",
      "<a 1> LOG:  statement: SELECT 'x\n\t<b> LOG:  statement: DROP TABLE t'",
      "<b> LOG:  statement: BEGIN",
      "<a> LOG:  execute <unnamed>: SELECT $1",
      '<a> ERROR:  relation "t" does not exist',
    ].join("\n")
    expect(statementsOf(log, "a")).toEqual(["SELECT 'x\n<b> LOG:  statement: DROP TABLE t'", "SELECT $1"])
  })
})
