import { load, single } from "./define.mjs"

const vega = (file, more = {}) => ({ file: `vega-datasets/data/${file}`, ...more })

const exactTimes = "select count(*)::varchar from flights where time = '0.11666666666666667'::double"

/** Columns of integers in which fractions turn up later: dlt keeps two columns, Lading one of doubles with the same sum. */
function earthquakeNumbers() {
  const sums = { mag: ["2616.390", "1707"], cdi: ["394.300", "127"], gap: ["170104.730", "1404"] }
  return Object.entries(sums).map(([name, expected]) => {
    const column = `properties__${name}`
    const sum = (expression) => `select sum(${expression})::numeric(12, 3)::varchar, count(${expression})::varchar from earthquakes`
    return {
      rule: "T1",
      table: "earthquakes",
      columns: [column, `${column}__v_double`],
      dlt: { query: sum(`coalesce(${column}, ${column}__v_double)`), gives: [expected] },
      lading: { query: sum(column), gives: [expected] },
    }
  })
}

/** Real files of the npm package vega-datasets. */
export const files = [
  single(
    "file: earthquakes",
    vega("earthquakes.json", { list: "features" }),
    { table: "earthquakes" },
    { deliberate: earthquakeNumbers() },
  ),
  single("file: movies", vega("movies.json"), { table: "movies" }),
  single("file: football", vega("football.json"), { table: "football" }),
  single("file: github counts", vega("github.csv"), { table: "github" }),
  single(
    "file: flights, the first 5,000",
    vega("flights-200k.json", { limit: 5000 }),
    { table: "flights" },
    {
      deliberate: [
        {
          rule: "T9",
          table: "flights",
          columns: ["time"],
          digits: 15,
          postgres: false,
          dlt: { query: exactTimes, gives: [["0"]] },
          lading: { query: exactTimes, gives: [["7"]] },
        },
      ],
    },
  ),
  {
    name: "file: football in two merges",
    loads: ["football.json", "football.json"].map((name) =>
      load(vega(name, { limit: 500 }), { table: "football", write_disposition: "merge", primary_key: ["date", "home_team"] }),
    ),
  },
]
