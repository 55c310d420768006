import { bytes, date, decimal, double, sequence, single, time, timestamp } from "./define.mjs"

const accepted = [
  "2024-01-01T10",
  "2024-01-01 10:00",
  "20240101T100000Z",
  "2024-01-01T10:00:00,123",
  "2024-01-01T10:00:00.1234567",
  "2024/01/01 10:00",
  "2024-01-01T10:00:00+02",
  "2024-01-01T10:00:00-0330",
  "2024-01-01T10:00:00+05:45",
  "2024-001T10:00:00Z",
  "2024-W01-1T10:00:00Z",
  "1969-12-31T23:59:59.999999Z",
  "0001-01-02T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "2024-02-29T00:00:00.000001Z",
]
const refused = [
  "2024-01-01",
  "20240101",
  "2024",
  "2024-01",
  "2024-W01",
  "202401",
  "1700000000",
  "12:00:00",
  "2024-01-01t10:00:00z",
  " 2024-01-01T10:00:00Z",
  "2024-01-01T10:00:00 +02:00",
  "2024-01-01T10:00:00 UTC",
  "2024-01-01T25:00",
  "2024-02-30T10:00:00Z",
  "2023-02-29T10:00:00Z",
  "2024-13-01T10:00:00Z",
  "now",
  "Mon, 01 Jan 2024 10:00:00 GMT",
  "01/02/2024 10:00",
  "P1D",
  "",
]
const toRow = (values) => Object.fromEntries(values.map((value, index) => [`c${index}`, value]))

/** Values given to a column that has a type already: one case for each pair of the coercion table, and the ISO grammar. */
export const coercion = [
  single("timestamps: every accepted spelling makes a column", [toRow(accepted)]),
  single("timestamps: every refused spelling stays text", [toRow(refused)]),
  single(
    "timestamps: the accepted spellings into one column",
    accepted.map((at) => ({ at })),
  ),
  into("timestamp", "text with dates", ["2024-01-02", "20240102", "2024-01", " 1700000000 ", "1700000000.25", "-1"]),
  into("timestamp", "text that is none", ["tomorrow", "", "2024-13-01"]),
  into("timestamp", "bigint", [0, 1700000000, -1]),
  into("timestamp", "bigint out of range", [1700000000000]),
  into("timestamp", "double", [1700000000.25, -0.5]),
  into("timestamp", "date", [date("2024-01-02")]),
  into("timestamp", "bool", [true]),
  into("text", "bigint, double and bool", [1, -5, 1.5, 0.1, true, false]),
  into("text", "doubles as Python writes them", [1.5e300, 1e-7, 0.0001, 123456789.125]),
  into("text", "timestamp", [timestamp("2024-01-02T03:04:05.123456+00:00"), timestamp("2024-01-02T03:04:05Z")]),
  into("text", "date, time and decimal", [date("2024-01-02"), time("12:30:00"), decimal("1.10")]),
  into("text", "binary", [bytes("abc")]),
  into("bigint", "text", ["5", " 6 ", "-7", "+8", "0x10", "1_000"]),
  into("bigint", "text that is none", ["", "1.5", "1e3", "abc", "--1", "1__0", "_1"]),
  into("bigint", "double without fraction", [double("2.0"), double("-3.0")]),
  into("bigint", "bool", [true]),
  into("bigint", "timestamp", [timestamp("2024-01-02T03:04:05Z")]),
  into("double", "text", ["1.5", " 2 ", "0x10", "1e5", "-.5", "1_0.5"]),
  into("double", "text that is none", ["", "abc", "1,5", "0x1.8p3"]),
  into("double", "bigint", [1, -7, 9007199254740991]),
  into("double", "bool", [true]),
  into("bool", "text", ["yes", "TRUE", "t", "Y", "1", "no", "False", "f", "N", "0"]),
  into("bool", "text that is none", [" yes", "2", "on", ""]),
  into("bool", "zero and one", [0, 1]),
  into("bool", "timestamp", [timestamp("2024-01-02T03:04:05Z")]),
  into("date", "text", ["2024-01-02", "20240102"]),
  into("date", "text that is none", ["2024-02-30", "x"]),
  into("time", "text", ["12:30:00", "12:30", "12:30:00.5"]),
  into("time", "text that is none", ["25:00", "2024-01-01T10:00:00Z"]),
  into("decimal", "text", ["1.10", " 2 ", "-3.5", "0x10", "1e2"]),
  into("decimal", "text that is none", ["", "abc"]),
  into("decimal", "bigint", [1, -7]),
  into("decimal", "doubles that are exact", [0.5, -2.25]),
  into("decimal", "bool", [true]),
  into("json", "text", ['{"a":1}', "[1,2]", ' {"b": [1, {"c": null}]} ']),
  { ...into("json", "text that is a number", ["5"]), postgres: { deliberate: [bareJson("integer", "5")] } },
  { ...into("json", "text that is a bool", ["true"]), postgres: { deliberate: [bareJson("boolean", "true")] } },
  {
    ...into("json", "text that is a JSON string", ['"s"']),
    deliberate: [
      {
        rule: "section 1: an input on which dlt crashes",
        load: 1,
        table: "t",
        dlt: { raises: "json" },
        lading: { query: "select v from t", gives: [['"s"']] },
      },
    ],
  },
  into("json", "text that is a JSON null", ["null"]),
  into("json", "text that is none", ["nope", "{", ""]),
  into("json", "scalars", [5, 1.5, true]),
  into("binary", "text", ["0x616263", "YWJj", "abcd"]),
  into("binary", "text that is none", ["not base64!", "YWJ", "0xzz"]),
  into("binary", "bigint", [1, 256, 65535]),
  into("wei", "text and bigint", ["100000000000000000000", 5]),
  sequence("variants: each type refuses in turn", [[{ a: 1 }], [{ a: "x" }, { a: true }], [{ a: "y" }, { a: 2 }, { a: false }]]),
  sequence("variants: a child table's value column", [[{ l: [1, 2] }], [{ l: ["x", true] }], [{ l: ["y", 3] }]]),
  sequence("variants: of a flattened column", [[{ o: { a: 1 } }], [{ o: { a: "x" } }]]),
  sequence(
    "variants: a date string into an integer column",
    [[{ i: 1 }], [{ i: "2024-01-01T00:00:00Z" }]],
    {},
    {
      deliberate: [
        {
          rule: "T3",
          table: "t",
          columns: ["i__v_text"],
          dlt: { columns: { i__v_text: "TIMESTAMP WITH TIME ZONE" } },
          lading: { columns: { i__v_text: "VARCHAR" } },
        },
      ],
    },
  ),
  sequence(
    "variants: a date string, then an ordinary one, into an integer column",
    [[{ i: 1 }], [{ i: "2024-01-01T00:00:00Z" }, { i: "soon" }]],
    {},
    {
      deliberate: [
        {
          rule: "T3",
          load: 2,
          table: "t",
          dlt: { raises: "coerce" },
          lading: { query: "select i__v_text from t where i__v_text is not null order by 1", gives: [["2024-01-01T00:00:00Z"], ["soon"]] },
        },
      ],
    },
  ),
  sequence(
    "widening: fractions arrive for an integer column",
    [[{ id: 1, x: 1 }], [{ id: 2, x: 1.5 }]],
    {},
    {
      deliberate: [
        {
          rule: "T2",
          table: "t",
          columns: ["x", "x__v_double"],
          dlt: { columns: { x: "BIGINT", x__v_double: "DOUBLE" } },
          lading: { query: "select x from t order by id", gives: [["1"], ["1.5"]] },
        },
      ],
    },
  ),
  sequence(
    "widening switched off: fractions make a variant",
    [[{ id: 1, x: 1 }], [{ id: 2, x: 1.5 }], [{ id: 3, x: 2.5 }]],
    {},
    { settings: { widen: "never" } },
  ),
  single(
    "bool column: any other number",
    [
      { id: 1, b: true },
      { id: 2, b: 2 },
    ],
    {},
    {
      deliberate: [
        {
          rule: "T8",
          table: "t",
          columns: ["b", "b__v_bigint"],
          dlt: { query: "select b from t order by id", gives: [["true"], ["true"]] },
          lading: {
            query: "select b, b__v_bigint from t order by id",
            gives: [
              ["true", null],
              [null, "2"],
            ],
          },
        },
      ],
    },
  ),
  single(
    "date column: a time of day",
    [{ id: 1, d: "2024-01-02T23:30:00Z" }],
    { columns: { d: { data_type: "date" } } },
    {
      deliberate: [
        {
          rule: "T10",
          table: "t",
          dlt: { query: "select d from t", gives: [["2024-01-02"]] },
          lading: { query: "select count(d)::varchar from t", gives: [["0"]] },
        },
      ],
    },
  ),
  single("decimal column: a double that is not exact", [{ id: 1, m: 1.1 }], { columns: { m: { data_type: "decimal" } } }),
  single("typed datetimes with and without zone", [
    { id: 1, at: timestamp("2024-01-01T10:00:00+02:00") },
    { id: 2, at: timestamp("2024-01-01T10:00:00+02:00") },
    { id: 3, at: timestamp("2024-01-01T10:00:00") },
  ]),
  single("microseconds survive in text", [{ at: "2024-01-01T10:00:00.123456Z" }, { at: "2024-01-01T10:00:00.000001Z" }]),
  single("hints: precision of integers, decimals and naive times", [{ a: 1, b: 2, c: "1.25", d: "2024-01-01T10:00:00.123Z" }], {
    columns: {
      a: { data_type: "bigint", precision: 16 },
      b: { data_type: "bigint", precision: 32 },
      c: { data_type: "decimal", precision: 10, scale: 2 },
      d: { data_type: "timestamp", timezone: false, precision: 3 },
    },
  }),
  single("hints: not null and declared order", [{ b: 1, a: "x" }], {
    columns: { a: { data_type: "text", nullable: false }, b: { data_type: "double" }, z: { data_type: "bool" } },
  }),
  single("hints: a null into a column that is not null", [{ a: null, b: 1 }], { columns: { a: { data_type: "text", nullable: false } } }),
]

function into(type, what, values) {
  const rows = values.map((v, id) => ({ id, v }))
  return single(`coercion: ${type} <- ${what}`, rows, { columns: { v: { data_type: type } } })
}

/** On PostgreSQL dlt writes a JSON scalar into its statement as it is, which the server refuses. */
function bareJson(type, text) {
  return {
    rule: "JSON that is a scalar",
    load: 1,
    table: "t",
    dlt: { raises: `column "v" is of type jsonb but expression is of type ${type}` },
    lading: { query: "select v from t where v is not null", gives: [[text]] },
  }
}
