import { date, decimal, double, load, merge, sequence, single, timestamp } from "./define.mjs"

const long = (start, length) => `${start}${"a".repeat(length - start.length)}`
const typed = (columns, rows, more) => sequence("", rows, { columns }, more)

/** What a server of SQL limits or types on its own: names of 63 bytes, precisions, numerics and JSON, with the loads that make columns grow. */
export const sqlLimits = [
  single("names: columns of 62, 63, 64 and 65 characters", [
    Object.fromEntries([62, 63, 64, 65].map((length) => [long(`c${length}_`, length), length])),
  ]),
  single("names: long columns that differ at their end", [{ [`${long("x", 70)}1`]: 1, [`${long("x", 70)}2`]: 2 }]),
  sequence("names: a long column in three loads", [[{ id: 1 }], [{ id: 2, [long("later", 90)]: 1 }], [{ id: 3, [long("later", 90)]: 2 }]]),
  single("names: a table of 63 characters with lists", [{ id: 1, l: [1, 2], m: [{ n: [3] }] }], { table: long("t63_", 63) }),
  sequence("names: a table of 80 characters in two loads", [[{ id: 1, l: [1] }], [{ id: 2, l: [2, 3] }]], { table: long("t80_", 80) }),
  sequence(
    "names: lists of long keys under a long table",
    [[{ id: 1, [long("k1_", 60)]: [{ [long("k2_", 60)]: [1] }] }], [{ id: 2, [long("k1_", 60)]: [{ [long("k2_", 60)]: [2, 3] }] }]],
    { table: long("root_", 50) },
  ),
  sequence("names: a long key of a merge", [[{ [long("key", 70)]: 1, v: "a" }], [{ [long("key", 70)]: 1, v: "b" }]], {
    write_disposition: "merge",
    primary_key: long("key", 70),
  }),
  sequence("names: an upsert of lists under a long table", [[{ id: 1, l: [1, 2] }], [{ id: 1, l: [3] }]], {
    table: long("upserted_", 70),
    write_disposition: merge("upsert"),
    primary_key: "id",
  }),
  single("names: letters of two bytes and more", [{ größe: 1, 名前: 2, ключ: [1] }]),
  single(
    "names: direct, with capitals, blanks and quotes",
    [{ "Größe in m": 1, 'a "b"': 2, Aa: 3, order: 5 }],
    {},
    { settings: { naming: "direct" } },
  ),
  single(
    "names: direct, two that differ in case only",
    [{ Aa: 3, AA: 4 }],
    {},
    {
      settings: { naming: "direct" },
      deliberate: [
        {
          rule: "N3",
          table: "t",
          load: 1,
          columns: ["AA", "AA_fwtzna"],
          dlt: { raises: "collides with" },
          lading: { values: [["3", "4"]] },
          postgres: { dlt: { columns: { Aa: "BIGINT", AA: "BIGINT" } }, lading: { columns: { Aa: "BIGINT", AA_fwtzna: "BIGINT" } } },
        },
      ],
    },
  ),
  named("types: decimals with precision and scale", { a: numeric(10, 2), b: numeric(20, 0), c: numeric(5, 5) }, [
    [{ a: decimal("12345678.25"), b: decimal("12345678901234567890"), c: decimal("0.12345") }],
    [{ a: decimal("-0.01"), b: decimal("0"), c: decimal("-0.00001") }],
  ]),
  named("types: decimals as texts, integers and doubles", { a: { data_type: "decimal" } }, [
    [{ a: "1.10" }],
    [{ a: 5 }],
    [{ a: double("2.5") }],
  ]),
  named("types: integers with precision", { a: bits(16), b: bits(32), c: bits(64), d: bits(8) }, [
    [{ a: 32767, b: -2147483648, c: 1, d: 127 }],
    [{ a: -1, b: 0 }],
  ]),
  named("types: timestamps with precision", { a: at(0), b: at(3), c: at(6) }, [[row("2024-01-01T10:00:00Z"), row("2024-01-01T10:00:01Z")]]),
  named("types: timestamps with and without zone", { z: {}, n: { timezone: false } }, [
    [{ z: timestamp("2024-01-01T10:00:00.123456+02:00"), n: timestamp("2024-01-01T10:00:00.5") }],
    [{ z: "0001-01-02T00:00:00Z", n: "9999-12-31T23:59:59" }],
  ]),
  named("types: texts with a length", { s: { data_type: "text", precision: 10 } }, [[{ s: "ten chars." }], [{ s: "ä" }, { s: "" }]]),
  named("types: dates, and their texts", { d: { data_type: "date" } }, [
    [{ d: date("2024-02-29") }],
    [{ d: "1969-12-31" }, { d: date("0001-01-01") }],
  ]),
  named("types: json in three loads", { j: { data_type: "json" } }, [
    [{ id: 1, j: { b: 1, a: [1, "é\n", null] } }],
    [
      { id: 2, j: [] },
      { id: 3, j: {} },
    ],
    [{ id: 4, j: { n: 1.5, big: 12345678901234 } }, { id: 5 }],
  ]),
  named(
    "types: columns that all are given, and stay null",
    { a: { data_type: "text" }, b: { data_type: "timestamp" }, c: { data_type: "json" } },
    [[{ id: 1 }], [{ id: 2, a: "x" }]],
  ),
  sequence("evolution: variants of every kind in three loads", [
    [{ id: 1, v: 1, w: true, x: "2024-01-01T00:00:00Z" }],
    [{ id: 2, v: "one", w: "never", x: "soon" }],
    [{ id: 3, v: 2, w: false, x: "2024-01-02T00:00:00Z", y: 1.5 }],
  ]),
  sequence(
    "evolution: nested tables in three merges",
    [
      [{ id: 1 }],
      [
        { id: 1, l: [{ a: 1 }] },
        { id: 2, l: [{ a: "x" }] },
      ],
      [{ id: 2, l: [{ a: 2, m: [true] }], n: { o: 1 } }],
    ],
    { write_disposition: "merge", primary_key: "id" },
  ),
  sequence("evolution: a replaced table grows", [[{ id: 1 }], [{ id: 2, l: [1] }], [{ id: 3, s: "x" }]], { write_disposition: "replace" }),
  sequence(
    "merge: texts with quotes, backslashes and tabs as keys",
    [
      [
        { k: "a'b", v: 1 },
        { k: "a\\b", v: 1 },
        { k: "a\tb\nc", v: 1 },
        { k: "", v: 1 },
      ],
      [
        { k: "a'b", v: 2 },
        { k: "a\\b", v: 2 },
        { k: "a\tb\nc", v: 2 },
        { k: "\\N", v: 2 },
      ],
    ],
    { write_disposition: "merge", primary_key: "k" },
  ),
  {
    name: "merge: append, merge and replace of one table",
    deliberate: [
      {
        rule: "the link to the root is added to tables that hold rows",
        load: 2,
        table: "t__l",
        dlt: { raises: "SchemaUpdate" },
        lading: { query: "select value from t__l", gives: [["9"]] },
      },
    ],
    loads: [
      load([
        { id: 1, l: [1] },
        { id: 2, l: [2] },
      ]),
      load([{ id: 2, l: [3, 4] }], { write_disposition: "merge", primary_key: "id" }),
      load([{ id: 9, l: [9] }], { write_disposition: "replace" }),
    ],
  },
]

function named(name, columns, batches) {
  return { ...typed(columns, batches), name }
}

function numeric(precision, scale) {
  return { data_type: "decimal", precision, scale }
}

function bits(precision) {
  return { data_type: "bigint", precision }
}

function at(precision) {
  return { data_type: "timestamp", precision }
}

function row(text) {
  return { a: text, b: text, c: text }
}
