import { bytes, date, decimal, double, lines, load, merge, sequence, single, time, timestamp } from "./define.mjs"

const nested = { id: 1, a: { b: { c: 1 } }, l: [{ m: [{ n: [1] }], k: { z: 1 } }], ll: [[1, [2]]] }
const typed = { i: 1, f: 1.5, b: true, s: "x", ts: "2024-01-01T10:00:00Z", j: 1 }

/** dlt drops a row for a null under a forbidden key only once another row has brought a value. */
const nullIsNoColumn = {
  rule: "section 5: the order of rows does not matter",
  table: "t",
  dlt: { query: "select id from t order by id", gives: [["1"], ["2"], ["5"]] },
  lading: { query: "select id from t order by id", gives: [["1"], ["2"], ["4"], ["5"]] },
}

/** The worked examples of the dlt reference, section 9, under their numbers; what needs later work carries `later`. */
export const workedExamples = [
  single("example 01: flat, nested and lists", [{ a: 1, "B C": { x: "2024-01-01T00:00:00Z", y: [1, "2", { z: 1 }] }, l: [[1, 2], [3]] }], {
    table: "T1",
  }),
  single("example 02: column order of nested objects", [{ a: { x: 1, n: { q: 1 } }, b: { y: 1 }, c: 1 }]),
  single("example 03a: empty object and list leave no trace", [{ a: {}, b: [], c: 1 }]),
  single("example 03b: an empty row has system columns only", [{}]),
  single("example 04: scalars as rows", [1, 2, "x"]),
  single("example 05: nulls make no column", [
    { a: null, b: 1 },
    { a: null, b: null },
  ]),
  single("example 06: null, then typed", [{ a: null }, { a: 5 }]),
  single("example 07: null list element", [{ l: [1, null, 2] }]),
  single(
    "example 08: keys that collide",
    [{ "a b": 1, a_b: 2, "A B": 3 }],
    {},
    {
      deliberate: [{ rule: "N1", table: "t", dlt: { values: [["3"]] }, lading: { values: [["1", "2", "3"]] } }],
    },
  ),
  single(
    "example 09: flattened and literal key collide",
    [{ a: { b: 1 }, a__b: 2 }],
    {},
    {
      deliberate: [{ rule: "N1", table: "t", dlt: { values: [["1"]] }, lading: { values: [["1", "2"]] } }],
    },
  ),
  single(
    "example 10: rows with their own ids",
    [{ _dlt_id: "X", _dlt_load_id: "mine", v: 1, l: [{ _dlt_id: "Y", z: 1 }, { z: 2 }] }],
    {},
    {
      exactIds: true,
      deliberate: [
        {
          rule: "section 4: own id keeps its parent link",
          load: 1,
          table: "t__l",
          dlt: { raises: "_dlt_parent_id" },
          lading: {
            query: "select _dlt_id, _dlt_parent_id, _dlt_list_idx, z from t__l order by z",
            gives: [
              ["Y", "X", "0", "1"],
              ["9vBPnzdK5YzRVg", "X", "1", "2"],
            ],
          },
        },
      ],
    },
  ),
  single(
    "example 11: empty keys",
    [{ "": 1, " ": 2, b: { "": 3 }, l: [{ "": 4 }] }],
    {},
    {
      deliberate: [{ rule: "N1", table: "t", dlt: { values: [["2", "3"]] }, lading: { values: [["1", "2", "3"]] } }],
    },
  ),
  ...[0, 1, 2, 3].map((level) => single(`example 12 to 14: maximum nesting ${level}`, [nested], { max_table_nesting: level })),
  sequence("example 15 run 2: strings into typed columns", [
    [typed],
    [{ i: "abc", f: "abc", b: "maybe", s: 5, ts: "tomorrow", j: { a: 1 } }],
  ]),
  sequence(
    "example 15 run 3: other scalars into typed columns",
    [[typed], [{ i: 1.5, f: true, b: 2, s: double("1.0"), ts: 1700000000, j: [1] }]],
    {},
    {
      deliberate: [
        {
          rule: "T2",
          table: "t",
          columns: ["i", "i__v_double"],
          dlt: { columns: { i: "BIGINT", i__v_double: "DOUBLE" } },
          lading: { columns: { i: "DOUBLE", i__v_double: null } },
        },
        {
          rule: "T8",
          table: "t",
          columns: ["b", "b__v_bigint"],
          dlt: { query: "select b from t", gives: [["true"], ["true"]] },
          lading: { columns: { b: "BOOLEAN", b__v_bigint: "BIGINT" } },
        },
        {
          rule: "JavaScript's 1.0",
          table: "t",
          columns: ["s"],
          dlt: { query: "select s from t order by s", gives: [["1.0"], ["x"]] },
          lading: { query: "select s from t order by s", gives: [["1"], ["x"]] },
        },
      ],
    },
  ),
  sequence(
    "example 15 run 3 without widening",
    [[typed], [{ i: 1.5, f: true, s: "1.0", ts: 1700000000, j: [1] }]],
    {},
    { settings: { widen: "never" } },
  ),
  sequence(
    "example 15 run 4: integral doubles and dates",
    [[typed], [{ i: double("2.0"), f: 7, b: 0.5, s: true, ts: "2024-01-02" }]],
    {},
    {
      deliberate: [
        {
          rule: "T8",
          table: "t",
          columns: ["b", "b__v_double"],
          dlt: { query: "select b from t", gives: [["true"], ["true"]] },
          lading: { columns: { b: "BOOLEAN", b__v_double: "DOUBLE" } },
        },
      ],
    },
  ),
  sequence("example 15 run 5: booleans, hex and fractions of seconds", [
    [typed],
    [{ i: true, f: "0x10", b: "Yes", s: { z: 1 }, ts: 1700000000.25 }],
  ]),
  sequence("example 15 run 6: underscores, exponents, short times", [[typed], [{ i: "1_000", f: "1e3", ts: "2024-01-01 10:00" }]]),
  single("example 16: epoch milliseconds", [{ ts: "2024-01-01T00:00:00Z" }, { ts: 1700000000000 }, { ts: 1700000000 }]),
  single("example 17: empty string into a number", [{ n: 1 }, { n: "" }]),
  single(
    "example 18a: typed values",
    [
      {
        d: date("2024-01-02"),
        n: timestamp("2024-01-02T03:04:05"),
        z: timestamp("2024-01-02T03:04:05+02:00"),
        t: time("12:30:00"),
        m: decimal("1.10"),
        x: bytes("abc"),
      },
    ],
    { columns: { d: { data_type: "date" }, t: { data_type: "time" }, m: { data_type: "decimal" } } },
  ),
  single("example 18b: strings that stay text", [
    {
      a: "2024-01-02",
      b: "12:30:00",
      c: "2024",
      d: "true",
      e: "1.5",
      f: "",
      g: "2024-01-02T03:04:05.123+02:00",
      h: "123e4567-e89b-12d3-a456-426614174000",
    },
  ]),
  single("example 19a: not a number", [{ a: double("NaN"), b: double("Infinity"), c: 1.5 }]),
  single(
    "example 19b: an integer of 2^64",
    [{ id: 1, a: { $bigint: "18446744073709551616" } }],
    {},
    {
      deliberate: [
        {
          rule: "T4",
          load: 1,
          table: "t",
          dlt: { raises: "64" },
          lading: { query: "select cast(a as numeric(38, 0))::varchar from t", gives: [["18446744073709551616"]] },
        },
      ],
    },
  ),
  single("example 20: json hints", [{ id: 1, a: { b: 1 }, l: [1, { d: "2024-01-01" }] }], {
    columns: { a: { data_type: "json" }, l: { data_type: "json" } },
  }),
  single("example 21: scalars into a json column", [{ a: { b: 1 } }, { a: [1] }, { a: '{"c":2}' }, { a: "nope" }, { a: 5 }, { a: null }], {
    columns: { a: { data_type: "json" } },
  }),
  single("example 22a: a text hint does not stop nesting", [{ id: 1, a: { b: 1 }, l: [1] }], {
    columns: { a: { data_type: "text" }, l: { data_type: "text" } },
  }),
  single("example 22b: hints where nesting stops", [{ id: 1, a: { b: 1 }, l: [1] }], {
    max_table_nesting: 0,
    columns: { a: { data_type: "text" }, l: { data_type: "bigint" } },
  }),
  single(
    "example 23: mixed list",
    [{ a: [1, "x", { k: 1 }, [2], null, true, 1.5] }],
    {},
    {
      deliberate: [
        {
          rule: "T1",
          table: "t__a",
          columns: ["value", "value__v_double"],
          dlt: { columns: { value: "BIGINT", value__v_double: "DOUBLE" } },
          lading: { query: "select value from t__a where value is not null order by value", gives: [["1"], ["1.5"]] },
        },
      ],
    },
  ),
  single("example 24: list, scalar, object and string under one key", [{ a: [1] }, { a: 5 }, { a: { z: 1 } }, { a: "s" }]),
  single("example 25: merge with a primary key and nested tables", [{ id: 1, l: [{ x: 1, m: [1] }] }], {
    write_disposition: "merge",
    primary_key: "id",
  }),
  sequence("example 26a: upsert gives deterministic ids", [[{ id: 1 }], [{ id: 1 }]], {
    write_disposition: merge("upsert"),
    primary_key: "id",
  }),
  single("example 26b: insert-only with a compound key", [{ Id: 1, k: "b" }], {
    write_disposition: merge("insert-only"),
    primary_key: ["Id", "k"],
  }),
  single("example 27: scd2", [{ Id: 1, l: [{ x: 1 }], d: date("2024-01-01") }], {
    write_disposition: { ...merge("scd2"), boundary_timestamp: "2024-01-01T00:00:00Z" },
    columns: { d: { data_type: "date" } },
  }),
  single(
    "example 28: nested hints with keys",
    [{ id: 1, tags: ["a", "b"], ps: [{ pid: 5, sub: [1] }] }],
    {
      nested_hints: { ps: { primary_key: "pid" }, tags: { primary_key: "value" } },
    },
    {
      deliberate: [
        {
          rule: "every row of a table of its own has its load",
          table: "t__tags",
          dlt: { columns: { value: "VARCHAR", _dlt_load_id: null } },
          lading: { columns: { value: "VARCHAR", _dlt_load_id: "VARCHAR" } },
        },
        { rule: "the same values", table: "t__tags", dlt: { values: [["a"], ["b"]] }, lading: { values: [["a"], ["b"]] } },
      ],
    },
  ),
  single("example 29: order of declared incomplete columns", [{ z: 0, id: 1 }], {
    primary_key: ["id"],
    columns: { late: { data_type: "text" }, z: { data_type: "double" } },
  }),
  single(
    "example 30a: dates found by detectors",
    [
      {
        d: "2024-01-01",
        y: "2024",
        c: "20240101",
        n: "202401",
        t: "12:00:00",
        big: { $bigint: "9223372036854775808" },
        low: { $bigint: "-9223372036854775808" },
      },
    ],
    {},
    { settings: { detections: ["iso_date", "large_integer"] } },
  ),
  single(
    "example 30b: recent epoch seconds found by the timestamp detector",
    [{ a: 1700000000, b: 1000000000 }],
    {},
    { settings: { detections: ["timestamp"] } },
  ),
  single(
    "example 31: preferred types",
    [{ my_timestamp: "2024-01-01", conf: "0.5", money: "1.25", payload: { a: [1] } }, { conf: "abc" }],
    {},
    { settings: { preferred_types: { "re:timestamp": "timestamp", "re:^conf": "double", money: "decimal", payload: "json" } } },
  ),
  single("example 32: timestamps without zone", [{ t: "2024-01-01T10:00:00+02:00", u: "2024-01-01T10:00:00" }], {
    columns: { t: { data_type: "timestamp", timezone: false }, u: { timezone: false } },
  }),
  single("example 33a: names of table, key and columns", [{ "User ID": 1, subItems: [{ Id: 1 }] }], {
    table: "MyTable",
    primary_key: "User ID",
    columns: { "Some Col": { data_type: "text" } },
  }),
  single("example 33b: direct naming", [{ "User ID": 1, Nested: { "A b": 1 }, "q'x": 1 }], {}, { settings: { naming: "direct" } }),
  ...["discard_row", "discard_value", "freeze"].flatMap((mode) => contractExamples(mode)),
  single(
    "example 37: child rows under frozen columns",
    [{ id: 2, l: [{ a: 1 }, { a: 2, b: 3 }] }],
    { schema_contract: { columns: "freeze" } },
    {
      deliberate: [
        {
          rule: "section 5: the order of rows does not matter, so a table is new for a whole load",
          table: "t*",
          also: ["t__l"],
          load: 1,
          dlt: { raises: "frozen" },
          lading: {
            query: "select a, b from t__l order by a",
            gives: [
              ["1", null],
              ["2", "3"],
            ],
          },
        },
      ],
    },
  ),
  {
    name: "example 38: discard_value on everything",
    loads: [load([{ id: 1 }]), load([{ id: "x", n: 1, l: [1] }], { schema_contract: "discard_value" })],
  },
  sequence("example 39: schema updates over three runs", [
    [{ id: 1, l: [{ a: 1 }] }],
    [{ id: "x", l: [{ a: 1, b: 2 }] }],
    [{ id: 3, l: [{ a: 4 }] }],
  ]),
  single("example 15, JSON text: 1.0 is a double", lines('{"id":1,"x":1.0}', '{"id":2,"x":2.5}')),
]

function contractExamples(mode) {
  return [
    {
      name: `example 34: columns ${mode}`,
      loads: [
        load([{ id: 1, v: 1 }]),
        load(
          [
            { id: 2, v: 2 },
            { id: 3, new: 5 },
            { id: 4, new: null },
            { id: 5, v: null },
          ],
          { schema_contract: { columns: mode } },
        ),
      ],
      ...(mode === "discard_row" ? { deliberate: [nullIsNoColumn] } : {}),
    },
    {
      name: `example 35: data_type ${mode}`,
      loads: [
        load([{ id: 1, v: 1 }]),
        load(
          [
            { id: 2, v: "x" },
            { id: 3, v: "5" },
            { id: 4, other: 1 },
          ],
          { schema_contract: { data_type: mode } },
        ),
      ],
    },
    {
      name: `example 36: tables ${mode}`,
      loads: [load([{ id: 1 }]), load([{ id: 2, l: [{ a: 1 }] }], { schema_contract: { tables: mode } })],
    },
  ]
}
