import { bigint, lines, sequence, single } from "./define.mjs"

const chain = (depth) => (depth === 0 ? { leaf: "x" } : { down: chain(depth - 1) })
const listChain = (depth) => (depth === 0 ? [{ leaf: 1 }] : [{ down: listChain(depth - 1) }])

/** Messy nested records, empties, nulls, names and numbers. */
export const nesting = [
  single("nesting: an order with customer, items and discounts", [
    {
      orderId: "A-1",
      customer: { name: "Ann", address: { street: "Main 1", geo: { lat: 1.5, lon: -2.25 } }, tags: ["vip", "eu"] },
      items: [
        { sku: "x", qty: 2, price: 9.99, discounts: [{ code: "TEN", pct: 10.5 }] },
        { sku: "y", qty: 1, price: 5.25, discounts: [] },
      ],
      meta: null,
    },
    { orderId: "A-2", customer: { name: "Bob", address: null, tags: [] }, items: [], meta: { source: "web" } },
  ]),
  single("nesting: objects nine levels deep", [{ id: 1, d: chain(9) }]),
  single("nesting: lists six levels deep", [{ id: 1, d: listChain(6) }]),
  single("nesting: lists of lists of lists", [{ id: 1, m: [[[1, 2], [3]], [[4]], []] }]),
  single("nesting: empty lists in lists and empty objects in lists", [{ id: 1, l: [[], {}, [[]], { a: {} }, null] }]),
  single("nesting: list found inside flattened objects", [{ id: 1, a: { b: { c: [{ d: { e: [1, 2] } }] } } }]),
  single("nesting: sibling lists with same element names", [{ id: 1, a: [{ v: 1 }], b: [{ v: "x" }], c: { a: [{ v: true }] } }]),
  single("nesting: two rows with equal content are two rows", [
    { a: 1, l: [1] },
    { a: 1, l: [1] },
    { a: 1, l: [2] },
  ]),
  single("nesting: child rows with different columns", [{ id: 1, l: [{ a: 1 }, { b: "x" }, { a: 2, c: { d: true } }] }]),
  single("nesting: rows that share no column", [{ a: 1 }, { b: "x" }, { c: true }, { d: 1.5 }, { e: [1] }]),
  single("nesting: columns called value and list", [{ value: 1, list: [{ value: 2, list: [3] }] }]),
  single("nesting: a row that is a list", [[[1, 2], [3]]]),
  single("empties: empty strings, blanks and zeroes", [{ a: "", b: " ", c: 0, d: false, e: 0.5, f: "\n\t" }]),
  single("empties: only nulls in the load", [{ a: null, b: null }]),
  single("empties: a null object key then an object", [{ id: 1, a: null }, { id: 2, a: { b: 1 } }, { id: 3 }]),
  sequence("empties: nulls in the first load, a list in the second", [
    [{ id: 1, a: null }],
    [{ id: 2, a: [1, 2] }],
    [{ id: 3, a: { z: "s" } }],
  ]),
  sequence("empties: an empty load between two loads", [[{ id: 1 }], [], [{ id: 2 }]]),
  ...[0, 1, 2, 3].map((level) =>
    single(
      `maximum nesting ${level}: objects and lists in lists`,
      [{ id: 1, o: { p: { q: { r: 1 } } }, l: [{ a: { b: { c: 1 } }, l: [{ l: [1] }] }, [1], 2] }],
      {
        max_table_nesting: level,
      },
    ),
  ),
  single("maximum nesting 1: a child list of scalars stays a table", [{ id: 1, l: [1, 2], o: { l: [3] } }], { max_table_nesting: 1 }),
  single(
    "maximum nesting 0: text of every kind inside json",
    [{ id: 1, o: { é: "ü", q: 'a"b', s: "x\\y", n: null, e: [], f: 1.25, big: 9007199254740991 } }],
    {
      max_table_nesting: 0,
    },
  ),
  single("unicode: values", [
    { a: "héllo", b: "日本語", c: "👩‍👩‍👧", d: "\u200Bz", e: "tab\tnew\nline\rend", f: "quote ' and \" and \\", g: "%s {} $1" },
  ]),
  single("unicode: keys with accents", [{ "naïve key": 1, über: 2, "crème-brûlée": { "goût élevé": "bon" } }]),
  single("unicode: one key in another script", [{ id: 1, 日本: "x" }]),
  single("unicode: Arabic-Indic digits in a key", [{ a٣b: 1 }]),
  single("unicode: an emoji at the end of a key", [{ "a🎉": 1, l: [{ "b🎉": 2 }] }]),
  single("names: snake case varieties", [
    {
      camelCase: 1,
      HTTPResponse: 2,
      getHTTPResponseCode: 3,
      userID: 4,
      UserIDs: 5,
      iOS: 6,
      A1B2: 7,
      v2Beta: 8,
      "123abc": 9,
      BANaNA: 10,
      a_: 11,
      _: 12,
    },
  ]),
  single("names: signs and blanks", [
    {
      "price $": 1,
      "100%": 2,
      "#id": 3,
      "id#": 4,
      "+1": 5,
      "-1": 6,
      "a@b": 7,
      "a|b": 8,
      "e-mail Address": 9,
      "event-.!:*<>value": 10,
      "f*6": 11,
      SELECT: 12,
    },
  ]),
  single("names: double underscores in keys", [{ a__b: 1, a____c: 2, a___d: 3, __id: 4, e__: 5, __f__g: [{ h__i: 1 }] }]),
  single("names: reserved words as table and columns", [{ select: 1, from: 2, order: { by: 3 }, group: [{ where: 4 }] }], {
    table: "Table",
  }),
  single("names: a child table of a camel case list", [{ lineItems: [{ unitPrice: 1.5, subParts: [{ partNo: "x" }] }] }], {
    table: "SalesOrder",
  }),
  single("names: a long key", [{ [`k${"x".repeat(200)}`]: 1, [`L${"y".repeat(100)}`]: [{ z: 1 }] }]),
  single("names: integer-like keys", lines('{"2":"b","1":"a","10":{"7":"c","x":"d"}}', '{"1":"e"}')),
  single(
    "names: keys of two alphabets collide",
    [{ id: 1, 東京: 1, 大阪: 2 }],
    {},
    {
      deliberate: [{ rule: "N1", table: "t", dlt: { values: [["1", "2"]] }, lading: { values: [["1", "1", "2"]] } }],
    },
  ),
  single(
    "names: signs that become one name collide",
    [{ "na!e": 1, "na%e": 2 }],
    {},
    {
      deliberate: [{ rule: "N1", table: "t", dlt: { values: [["2"]] }, lading: { values: [["1", "2"]] } }],
    },
  ),
  single(
    "names: list keys that collide",
    [{ id: 1, "my list": [{ a: 1 }], my_list: [{ a: 2 }] }],
    {},
    {
      deliberate: [
        {
          rule: "N1",
          table: "t__my_list",
          also: ["t__my_list_*"],
          dlt: { values: [["2"]] },
          lading: { values: [["1"]] },
        },
      ],
    },
  ),
  single("numbers: the ends of 64 bit", [
    { a: bigint("9223372036854775807"), b: bigint("-9223372036854775808"), c: bigint("9007199254740993"), d: 0 },
  ]),
  single(
    "numbers: long integers in JSON text",
    lines('{"a":9223372036854775807,"l":[9007199254740993,-9223372036854775808],"o":{"p":1152921504606846977}}'),
  ),
  single("numbers: long integers inside json", lines('{"id":1,"o":{"p":9223372036854775807,"q":[9007199254740993]}}'), {
    max_table_nesting: 0,
  }),
  single("numbers: doubles with exponents and small fractions", [{ a: 1e-7, b: 1.5e300, c: 5e-324, d: 0.1, e: -2.5, f: 123456789.125 }]),
  single(
    "numbers: an integer of 2^63",
    [{ id: 1, a: bigint("9223372036854775808") }],
    {},
    {
      deliberate: [
        {
          rule: "T4",
          load: 1,
          table: "t",
          dlt: { raises: "9223372036854775808|range|Could not cast" },
          lading: { query: "select cast(a as numeric(38, 0))::varchar from t", gives: [["9223372036854775808"]] },
        },
      ],
    },
  ),
  single(
    "numbers: integers, then fractions",
    [
      { id: 1, x: 1 },
      { id: 2, x: 2.5 },
    ],
    {},
    {
      deliberate: [
        {
          rule: "T1",
          table: "t",
          columns: ["x", "x__v_double"],
          dlt: { columns: { x: "BIGINT", x__v_double: "DOUBLE" } },
          lading: { query: "select x from t order by id", gives: [["1"], ["2.5"]] },
        },
      ],
    },
  ),
  single("numbers: fractions, then integers", [
    { id: 1, x: 2.5 },
    { id: 2, x: 1 },
  ]),
  single(
    "numbers: 1.0 as JavaScript sees it",
    [{ id: 1, x: { $double: "1.0" } }],
    {},
    {
      deliberate: [
        { rule: "JavaScript's 1.0", table: "t", columns: ["x"], dlt: { columns: { x: "DOUBLE" } }, lading: { columns: { x: "BIGINT" } } },
      ],
    },
  ),
  single(
    "numbers: doubles that dlt's literals do not keep",
    [{ a: 0.48785665652414756, b: 0.9670043785031545, c: 0.11666666666666667 }],
    {},
    {
      deliberate: [
        {
          rule: "T9",
          table: "t",
          columns: ["a", "b", "c"],
          digits: 15,
          postgres: false,
          dlt: { query: "select a, b, c from t", gives: [["0.4878566565241475", "0.9670043785031543", "0.11666666666666668"]] },
          lading: { query: "select a, b, c from t", gives: [["0.48785665652414756", "0.9670043785031545", "0.11666666666666667"]] },
        },
      ],
    },
  ),
  single(
    "text: a NUL",
    [{ id: 1, s: "a\u0000b" }],
    {},
    {
      deliberate: [
        {
          rule: "T10",
          table: "t",
          columns: ["s"],
          dlt: { query: "select length(s)::varchar from t", gives: [["2"]] },
          lading: { query: "select length(s)::varchar from t", gives: [["3"]] },
          postgres: { load: 1, lading: { raises: "nul-in-text" } },
        },
      ],
    },
  ),
  single(
    "text: a private-use character before a date",
    [{ id: 1, s: "\uF0282024-01-01" }],
    {},
    {
      deliberate: [{ rule: "T10", table: "t", columns: ["s"], dlt: { columns: { s: "DATE" } }, lading: { columns: { s: "VARCHAR" } } }],
    },
  ),
]
