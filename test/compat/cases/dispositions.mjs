import { load, merge, sequence } from "./define.mjs"
import { versions } from "./versions.mjs"

const deleteInsert = { write_disposition: "merge", primary_key: "id" }

/** Append, replace, and the merge strategies over several loads. */
export const dispositions = [
  sequence("append: three loads with nested tables", [[{ id: 1, l: [1] }], [{ id: 1, l: [1] }], [{ id: 2, l: [2, 3] }]]),
  sequence("append: later loads add columns and tables", [[{ id: 1 }], [{ id: 2, n: "x" }], [{ id: 3, l: [{ a: 1 }], n: "y" }]]),
  sequence("replace: the last load remains", [[{ id: 1 }, { id: 2 }], [{ id: 3 }], [{ id: 4, n: "x" }]], { write_disposition: "replace" }),
  sequence("replace: nested tables follow", [[{ id: 1, l: [1, 2] }], [{ id: 2, l: [3] }]], { write_disposition: "replace" }),
  sequence("replace: nested rows vanish when the new rows have none", [[{ id: 1, l: [{ m: [1] }] }], [{ id: 2 }]], {
    write_disposition: "replace",
  }),
  sequence("replace: an empty load empties", [[{ id: 1, l: [1] }], []], { write_disposition: "replace", replace_with_empty: true }),
  { name: "replace after append", loads: [load([{ id: 1 }]), load([{ id: 2 }]), load([{ id: 3 }], { write_disposition: "replace" })] },
  sequence(
    "delete-insert: new, changed and untouched rows",
    [
      [
        { id: 1, v: "a" },
        { id: 2, v: "b" },
      ],
      [
        { id: 2, v: "B" },
        { id: 3, v: "c" },
      ],
    ],
    deleteInsert,
  ),
  sequence("delete-insert: a changed row loses values that are absent", [[{ id: 1, v: "a", w: 1 }], [{ id: 1, v: "b" }]], deleteInsert),
  sequence(
    "delete-insert: compound key",
    [
      [
        { a: 1, b: "x", v: 1 },
        { a: 1, b: "y", v: 2 },
      ],
      [
        { a: 1, b: "y", v: 3 },
        { a: 2, b: "x", v: 4 },
      ],
    ],
    { write_disposition: "merge", primary_key: ["a", "b"] },
  ),
  sequence(
    "delete-insert: nested tables are replaced with their root",
    [
      [
        { id: 1, l: [{ x: 1, m: [1, 2] }] },
        { id: 2, l: [{ x: 2, m: [3] }] },
      ],
      [{ id: 1, l: [{ x: 9, m: [8] }] }],
    ],
    deleteInsert,
  ),
  sequence("delete-insert: nested rows vanish with the new version", [[{ id: 1, l: [1, 2] }], [{ id: 1 }]], deleteInsert),
  sequence(
    "delete-insert: a nested table appears in a later load",
    [[{ id: 1 }], [{ id: 1, l: [{ a: 1 }] }], [{ id: 2, l: [{ a: 2, b: [true] }] }]],
    deleteInsert,
  ),
  sequence(
    "delete-insert: merge key replaces a partition",
    [
      [
        { day: "mon", v: 1 },
        { day: "mon", v: 2 },
        { day: "tue", v: 3 },
      ],
      [
        { day: "mon", v: 4 },
        { day: "mon", v: 5 },
        { day: "mon", v: 5 },
      ],
    ],
    { write_disposition: "merge", merge_key: "day" },
  ),
  sequence(
    "delete-insert: merge key with nested tables",
    [
      [
        { day: "mon", v: 1, l: [1] },
        { day: "tue", v: 3, l: [2, 3] },
      ],
      [{ day: "mon", v: 4, l: [9] }],
    ],
    { write_disposition: "merge", merge_key: "day" },
  ),
  sequence(
    "delete-insert: primary and merge key together",
    [
      [
        { id: 1, day: "mon", v: 1 },
        { id: 2, day: "mon", v: 2 },
        { id: 3, day: "tue", v: 3 },
      ],
      [{ id: 3, day: "mon", v: 4 }],
    ],
    { write_disposition: "merge", primary_key: "id", merge_key: "day" },
  ),
  sequence("delete-insert: without any key it appends", [[{ id: 1 }], [{ id: 1 }]], { write_disposition: "merge" }),
  sequence(
    "delete-insert: text, timestamp and bool keys",
    [
      [
        { k: "x", at: "2024-01-01T00:00:00Z", f: true, v: 1 },
        { k: "x", at: "2024-01-01T00:00:00Z", f: false, v: 2 },
      ],
      [{ k: "x", at: "2024-01-01T02:00:00+02:00", f: true, v: 3 }],
    ],
    { write_disposition: "merge", primary_key: ["k", "at", "f"] },
  ),
  sequence(
    "hard delete: a bool column",
    [
      [
        { id: 1, v: "a", gone: false },
        { id: 2, v: "b", gone: null },
      ],
      [
        { id: 1, v: "a", gone: true },
        { id: 3, v: "c", gone: false },
        { id: 4, v: "d", gone: true },
      ],
    ],
    { ...deleteInsert, columns: { gone: { hard_delete: true } } },
  ),
  sequence(
    "hard delete: a timestamp column",
    [
      [
        { id: 1, v: "a" },
        { id: 2, v: "b" },
      ],
      [
        { id: 1, v: "a", deleted_at: "2024-01-01T00:00:00Z" },
        { id: 3, v: "c" },
      ],
    ],
    { ...deleteInsert, columns: { deleted_at: { hard_delete: true, data_type: "timestamp" } } },
  ),
  sequence(
    "hard delete: nested tables go with the root",
    [
      [
        { id: 1, gone: false, l: [{ m: [1] }] },
        { id: 2, gone: false, l: [{ m: [2] }] },
      ],
      [{ id: 1, gone: true, l: [{ m: [1] }] }],
    ],
    { ...deleteInsert, columns: { gone: { hard_delete: true } } },
  ),
  sequence(
    "dedup sort: highest wins with desc",
    [
      [
        { id: 1, n: 1, v: "old" },
        { id: 1, n: 3, v: "new" },
        { id: 1, n: 2, v: "mid" },
        { id: 2, n: 1, v: "one" },
      ],
    ],
    {
      ...deleteInsert,
      columns: { n: { dedup_sort: "desc" } },
    },
  ),
  sequence(
    "dedup sort: lowest wins with asc",
    [
      [
        { id: 1, n: 2, v: "late" },
        { id: 1, n: 1, v: "early" },
      ],
      [
        { id: 1, n: 5, v: "x" },
        { id: 1, n: 4, v: "y" },
      ],
    ],
    {
      ...deleteInsert,
      columns: { n: { dedup_sort: "asc" } },
    },
  ),
  sequence(
    "dedup sort: with nested tables",
    [
      [
        { id: 1, n: 1, l: [1] },
        { id: 1, n: 2, l: [2, 3] },
      ],
    ],
    { ...deleteInsert, columns: { n: { dedup_sort: "desc" } } },
  ),
  sequence(
    "dedup sort: the newest version is a delete",
    [
      [{ id: 1, n: 0, gone: false }],
      [
        { id: 1, n: 1, gone: false },
        { id: 1, n: 2, gone: true },
        { id: 2, n: 1, gone: true },
        { id: 2, n: 2, gone: false },
      ],
    ],
    { ...deleteInsert, columns: { n: { dedup_sort: "desc" }, gone: { hard_delete: true } } },
  ),
  sequence(
    "upsert: new, changed and untouched rows",
    [
      [
        { id: 1, v: "a" },
        { id: 2, v: "b" },
      ],
      [
        { id: 2, v: "B" },
        { id: 3, v: "c" },
      ],
    ],
    {
      write_disposition: merge("upsert"),
      primary_key: "id",
    },
  ),
  sequence(
    "upsert: nested rows grow and shrink",
    [
      [
        { id: 1, l: [{ x: 1 }, { x: 2 }] },
        { id: 2, l: [{ x: 5 }] },
      ],
      [{ id: 1, l: [{ x: 9 }] }],
      [{ id: 2, l: [{ x: 5 }, { x: 6 }] }],
    ],
    {
      write_disposition: merge("upsert"),
      primary_key: "id",
    },
  ),
  sequence(
    "upsert: compound text key",
    [
      [{ a: "é", b: 1, v: 1 }],
      [
        { a: "é", b: 1, v: 2 },
        { a: "e", b: 1, v: 3 },
      ],
    ],
    {
      write_disposition: merge("upsert"),
      primary_key: ["a", "b"],
    },
  ),
  sequence(
    "upsert: a hard delete with a match",
    [
      [
        { id: 1, gone: false, v: "a" },
        { id: 2, gone: false, v: "b" },
      ],
      [{ id: 1, gone: true, v: "a" }],
    ],
    {
      write_disposition: merge("upsert"),
      primary_key: "id",
      columns: { gone: { hard_delete: true } },
    },
  ),
  sequence(
    "upsert: a hard delete without a match",
    [[{ id: 1, gone: false }], [{ id: 2, gone: true }]],
    {
      write_disposition: merge("upsert"),
      primary_key: "id",
      columns: { gone: { hard_delete: true } },
    },
    {
      deliberate: [
        {
          rule: "section 6: hard-deleted rows without a match",
          table: "t",
          dlt: { query: "select id from t order by id", gives: [["1"], ["2"]] },
          lading: { query: "select id from t order by id", gives: [["1"]] },
        },
      ],
    },
  ),
  sequence(
    "upsert: 1 and its text in a bigint key",
    [[{ id: 1, v: "a" }], [{ id: "1", v: "b" }]],
    { write_disposition: merge("upsert"), primary_key: "id" },
    {
      deliberate: [
        {
          rule: "section 4: key hash after coercion",
          table: "t",
          dlt: { query: "select _dlt_id, v from t", gives: [["34mTpKkIs8DCig", "b"]] },
          lading: { query: "select _dlt_id, v from t", gives: [["z5jIxXIbUnmbKw", "b"]] },
        },
      ],
    },
  ),
  sequence(
    "upsert: without a primary key",
    [[{ id: 1 }]],
    { write_disposition: merge("upsert") },
    {
      deliberate: [
        {
          rule: "section 4: upsert without a primary key is refused at plan time",
          load: 1,
          table: "t",
          dlt: { raises: "primary key|primary_key" },
          lading: { raises: "primary" },
        },
      ],
    },
  ),
  sequence(
    "insert-only: known keys stay as they are",
    [
      [{ id: 1, v: "a" }],
      [
        { id: 1, v: "b" },
        { id: 2, v: "c" },
      ],
    ],
    { write_disposition: merge("insert-only"), primary_key: "id" },
  ),
  sequence(
    "insert-only: nested rows of known keys stay",
    [
      [{ id: 1, l: [{ x: 1 }] }],
      [
        { id: 1, l: [{ x: 2 }] },
        { id: 2, l: [{ x: 3 }, { x: 4 }] },
      ],
    ],
    {
      write_disposition: merge("insert-only"),
      primary_key: "id",
    },
  ),
  ...versions,
  sequence("primary key with append: a hint only", [[{ id: 1 }], [{ id: 1 }]], { primary_key: "id" }),
  sequence("primary key that the data lacks", [[{ v: 1 }]], deleteInsert),
]
