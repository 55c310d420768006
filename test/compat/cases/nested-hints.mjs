import { lines, merge, sequence, single } from "./define.mjs"

const order = (id, ...ps) => ({ id, ps })
const batches = [
  [order(1, { pid: 5, v: "x", sub: [1] }), order(2, { pid: 7, v: "a", sub: [8] })],
  [order(1, { pid: 5, v: "y", sub: [2] }, { pid: 6, v: "z", sub: [3] })],
]

/** Lists whose tables have types, a key or a write disposition of their own; paths are joined by dots. */
export const nestedHints = [
  sequence("nested hints: types of columns two levels down", batches, {
    nested_hints: { ps: { columns: { pid: { data_type: "text" } } }, "ps.sub": { columns: { value: { data_type: "double" } } } },
  }),
  sequence("nested hints: a keyed list is merged below a merged root", batches, {
    write_disposition: "merge",
    primary_key: "id",
    nested_hints: { ps: { primary_key: "pid", write_disposition: "merge" } },
  }),
  sequence("nested hints: a keyed list is merged below an appended root", batches, {
    nested_hints: { ps: { primary_key: "pid", write_disposition: "merge" } },
  }),
  sequence("nested hints: a keyed list is replaced below an appended root", batches, {
    nested_hints: { ps: { merge_key: "pid", write_disposition: "replace" } },
  }),
  sequence("nested hints: a keyed list is upserted with ids from its key", batches, {
    nested_hints: { ps: { primary_key: "pid", write_disposition: merge("upsert") } },
  }),
  single("nested hints: a keyed list inside an object, from lines", lines('{"id":1,"a":{"items":[{"x":1,"y":[true]},{"x":2}]}}'), {
    nested_hints: { "a.items": { primary_key: "x" } },
  }),
  single(
    "nested hints: a list inside an object without a key",
    [{ id: 1, a: { items: [{ x: 1 }] } }],
    { nested_hints: { "a.items": { columns: { x: { data_type: "text" } } } } },
    {
      deliberate: [
        {
          rule: "what lies between a list and the root needs no hints",
          table: "t__a__items",
          load: 1,
          dlt: { raises: "ParentTableNotFound" },
          lading: { query: "select x from t__a__items", gives: [["1"]] },
        },
      ],
    },
  ),
]
