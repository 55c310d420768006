const text = "VARCHAR"
const integer = "BIGINT"
const number = "DOUBLE"
const flag = "BOOLEAN"
const time = "TIMESTAMP WITH TIME ZONE"

const tables = {
  events: {
    id: text,
    sequence: integer,
    type: text,
    created_at: time,
    received_at: time,
    source: text,
    session_id: text,
    is_test: flag,
    score: number,
    duration_ms: integer,
    message: text,
    user__id: integer,
    user__email: text,
    user__plan: text,
    user__verified: flag,
    user__balance: number,
    user__address__city: text,
    user__address__country: text,
    user__address__zip: text,
    user__address__lat: number,
    user__address__lon: number,
    device__model: text,
    device__os__name: text,
    device__os__version: text,
    device__width: integer,
    device__height: integer,
    device__battery: number,
    request__method: text,
    request__path: text,
    request__status: integer,
    request__bytes: integer,
    request__latency_ms: number,
    request__cached: flag,
  },
  events__items: {
    sku: text,
    name: text,
    quantity: integer,
    unit_price: number,
    gift: flag,
    discount: number,
    options__color: text,
    options__size: text,
  },
  events__tags: { value: text },
}

/** The columns that the events become, each as `table.column TYPE` with DuckDB's type names, sorted; without a loader's own columns. */
export const eventColumns = Object.entries(tables)
  .flatMap(([table, columns]) => Object.entries(columns).map(([column, type]) => `${table}.${column} ${type}`))
  .sort()
