import { lines, load, timestamp } from "./define.mjs"

/** Row ids are hashes of rows, so they are compared; moments of a load are its own, so every case gives them. */
const moments = ["2024-01-01T00:00:00Z", "2024-02-01T10:20:30.123456+02:00", "2024-03-01"]
const scd2 = (more) => ({ write_disposition: { disposition: "merge", strategy: "scd2", ...more } })
const exact = { exactIds: true, versions: true }

/** A case of several loads, each at a moment of its own. */
const history = (name, batches, more = {}, hints = {}, extra = exact) => ({
  name: `scd2: ${name}`,
  loads: batches.map((rows, index) => load(rows, { ...scd2({ boundary_timestamp: moments[index], ...more }), ...hints })),
  ...extra,
})

/** The merge strategy scd2 over several loads. */
export const versions = [
  history("new, changed, deleted and untouched rows", [
    [
      { id: 1, v: "a" },
      { id: 2, v: "b" },
      { id: 3, v: "c" },
    ],
    [
      { id: 1, v: "a" },
      { id: 2, v: "B" },
    ],
    [
      { id: 2, v: "B" },
      { id: 4, v: null },
    ],
  ]),
  history("a row that comes back", [
    [{ id: 1, v: "a" }, { id: 2 }],
    [{ id: 2 }],
    [
      { v: "a", id: 1 },
      { id: 2, v: null },
    ],
  ]),
  history("nested rows change their root", [
    [
      { id: 1, l: [{ x: 1, m: [1, 2] }] },
      { id: 2, l: [{ x: 2 }] },
    ],
    [
      { id: 1, l: [{ x: 1, m: [1, 3] }] },
      { id: 2, l: [{ x: 2 }] },
    ],
    [{ id: 1, l: [{ x: 1, m: [1, 2] }] }],
  ]),
  history(
    "a merge key closes what the load brings",
    [
      [
        { id: 1, v: "a" },
        { id: 2, v: "b" },
      ],
      [
        { id: 2, v: "B" },
        { id: 3, v: "c" },
      ],
      [{ id: 2, v: "b" }],
    ],
    {},
    { merge_key: "id" },
  ),
  history(
    "a merge key that names a partition",
    [
      [
        { day: "mon", v: 1 },
        { day: "mon", v: 2 },
        { day: "tue", v: 3 },
      ],
      [
        { day: "mon", v: 2 },
        { day: "mon", v: 4 },
      ],
    ],
    {},
    { merge_key: "day" },
  ),
  history("names and an end of their own", [[{ id: 1 }, { id: 2 }], [{ id: 2 }], [{ id: 1 }, { id: 2 }]], {
    validity_column_names: ["Valid From", "until"],
    active_record_timestamp: "9999-12-31",
  }),
  history(
    "a row version that the data brings",
    [
      [
        { id: 1, ver: "x", v: 1 },
        { id: 2, ver: "y", v: 2 },
      ],
      [
        { id: 1, ver: "x", v: 9 },
        { id: 2, ver: "z", v: 3 },
      ],
    ],
    { row_version_column_name: "ver" },
    {},
    { versions: true },
  ),
  history("values of every kind in the hash of a row", [
    [
      {
        id: 1,
        at: timestamp("2024-01-01T00:00:00Z"),
        f: 1.5,
        big: 1e21,
        b: true,
        t: 'é"\\\n',
      },
      { id: 2, o: { y: 1, x: [[1, [2]], []], "a b": {} }, nothing: null },
    ],
    [{ id: 2, nothing: null, o: { "a b": {}, x: [[1, [2]], []], y: 1 } }],
  ]),
  history("JSON text: numbers, long integers, keys in any order", [
    lines('{"id": 1, "f": 1.0, "e": 1e3, "n": 9007199254740993, "s": "\\u00e9\\/"}', '{"b": 1, "a": {"d": 1, "c": 2}}'),
    lines('{"a": {"c": 2, "d": 1}, "b": 1}', '{"id": 1, "f": 1, "e": 1000.0, "n": 9007199254740993, "s": "é/"}'),
  ]),
  {
    name: "scd2: after appends the rows without version are closed",
    loads: [load([{ id: 1, l: [1] }, { id: 2 }]), load([{ id: 1, l: [1] }], scd2({ boundary_timestamp: moments[0] }))],
  },
  history("columns appear and types widen", [[{ id: 1 }], [{ id: 1 }, { id: 2, w: "x", l: [1] }], [{ id: 3, w: "y", u: 1.5, l: [2, 3] }]]),
  history(
    "the same row twice in one load",
    [[{ id: 1 }, { id: 1 }]],
    {},
    {},
    {
      ...exact,
      deliberate: [
        {
          rule: "section 6: deduplication also happens on the root",
          table: "t",
          dlt: { query: "select count(*) from t", gives: [["2"]] },
          lading: { query: "select count(*) from t", gives: [["1"]] },
        },
      ],
    },
  ),
  history(
    "compound merge keys whose parts join to one text",
    [[{ a: "no", b: "rth", v: 1 }], [{ a: "nor", b: "th", v: 2 }]],
    {},
    { merge_key: ["a", "b"] },
    {
      ...exact,
      deliberate: [
        {
          rule: "section 6: compound keys are compared column by column",
          table: "t",
          dlt: { query: "select v from t where _dlt_valid_to is null order by v", gives: [["2"]] },
          lading: { query: "select v from t where _dlt_valid_to is null order by v", gives: [["1"], ["2"]] },
        },
      ],
    },
  ),
  history(
    "nested rows of a version that the data brings",
    [[{ ver: "x", l: [1, 2] }], [{ ver: "x", l: [1, 2] }]],
    { row_version_column_name: "ver" },
    {},
    {
      versions: true,
      deliberate: [
        {
          rule: "section 6: nested rows follow their root",
          table: "t__l",
          dlt: { query: "select count(*) from t__l", gives: [["4"]] },
          lading: { query: "select count(*) from t__l", gives: [["2"]] },
        },
      ],
    },
  ),
]
