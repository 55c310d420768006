import { sequence, single } from "./define.mjs"

/** Cursors over two and three loads, with rows at the boundary. */
export const incremental = [
  sequence(
    "incremental: an integer cursor filters what was seen",
    [
      [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ],
      [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
        { id: 3, n: 3 },
      ],
      [{ id: 4, n: 4 }],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n" },
    },
  ),
  sequence(
    "incremental: rows at the boundary are taken once",
    [
      [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
        { id: 3, n: 2 },
      ],
      [
        { id: 2, n: 2 },
        { id: 3, n: 2 },
        { id: 4, n: 2 },
        { id: 5, n: 3 },
      ],
      [
        { id: 4, n: 2 },
        { id: 5, n: 3 },
        { id: 6, n: 3 },
      ],
    ],
    { primary_key: "id", incremental: { cursor: "n" } },
  ),
  sequence(
    "incremental: without a key the whole row decides at the boundary",
    [
      [
        { v: "a", n: 2 },
        { v: "b", n: 2 },
      ],
      [
        { v: "a", n: 2 },
        { v: "c", n: 2 },
      ],
      [
        { v: "c", n: 2 },
        { v: "d", n: 2 },
      ],
    ],
    { incremental: { cursor: "n" } },
  ),
  sequence(
    "incremental: an empty boundary key repeats the boundary",
    [
      [{ id: 1, n: 1 }],
      [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n", boundary_key: [] },
    },
  ),
  single(
    "incremental: rows below the initial value are left out",
    [
      { id: 1, n: 1 },
      { id: 2, n: 5 },
      { id: 3, n: 9 },
    ],
    { incremental: { cursor: "n", initial_value: 5 } },
  ),
  sequence(
    "incremental: an ISO text cursor",
    [
      [
        { id: 1, at: "2024-01-01T00:00:00Z" },
        { id: 2, at: "2024-01-02T00:00:00Z" },
      ],
      [
        { id: 2, at: "2024-01-02T00:00:00Z" },
        { id: 3, at: "2024-01-02T00:00:00Z" },
        { id: 4, at: "2024-01-03T00:00:00Z" },
      ],
    ],
    { primary_key: "id", incremental: { cursor: "at", initial_value: "2024-01-01T00:00:00Z" } },
  ),
  sequence(
    "incremental: duplicates within a load stay",
    [
      [
        { id: 1, n: 1 },
        { id: 1, n: 1 },
      ],
      [
        { id: 1, n: 1 },
        { id: 2, n: 1 },
        { id: 2, n: 1 },
      ],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n" },
    },
  ),
  sequence("incremental: a load with nothing new", [[{ id: 1, n: 3 }], [{ id: 1, n: 3 }], [{ id: 2, n: 4 }]], {
    primary_key: "id",
    incremental: { cursor: "n" },
  }),
  sequence(
    "incremental: with merge and a changed row",
    [
      [
        { id: 1, n: 1, v: "a" },
        { id: 2, n: 2, v: "b" },
      ],
      [
        { id: 1, n: 3, v: "A" },
        { id: 2, n: 2, v: "b" },
      ],
      [
        { id: 2, n: 4, v: "B" },
        { id: 3, n: 4, v: "c" },
      ],
    ],
    { write_disposition: "merge", primary_key: "id", incremental: { cursor: "n" } },
  ),
  sequence(
    "incremental: nested rows come with new rows only",
    [
      [{ id: 1, n: 1, l: [1] }],
      [
        { id: 1, n: 1, l: [1] },
        { id: 2, n: 2, l: [2, 3] },
      ],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n" },
    },
  ),
  sequence(
    "incremental: the smallest value as cursor",
    [
      [
        { id: 1, n: 5 },
        { id: 2, n: 4 },
      ],
      [
        { id: 3, n: 6 },
        { id: 2, n: 4 },
        { id: 4, n: 3 },
      ],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n", direction: "min" },
    },
  ),
  sequence(
    "incremental: rows without the cursor are included on demand",
    [
      [{ id: 1, n: 1 }, { id: 2 }],
      [{ id: 3 }, { id: 4, n: 2 }],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n", on_missing: "include" },
    },
  ),
  sequence(
    "incremental: rows without the cursor are left out on demand",
    [
      [{ id: 1, n: 1 }, { id: 2 }],
      [{ id: 3 }, { id: 4, n: 2 }],
    ],
    {
      primary_key: "id",
      incremental: { cursor: "n", on_missing: "exclude" },
    },
  ),
  single("incremental: a row without the cursor fails", [{ id: 1, n: 1 }, { id: 2 }], { incremental: { cursor: "n" } }),
]
