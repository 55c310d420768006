-- The job in DuckDB's own SQL, as somebody who knows the shape of the data would write it: read the file once with declared types, then
-- flatten the objects into typed columns and unnest the lists into child tables that point to their parent.
SET TimeZone = 'UTC';
SET preserve_insertion_order = false;

CREATE TEMP TABLE raw AS
SELECT * FROM read_json(
  getvariable('input'),
  format = 'newline_delimited',
  columns = {
    id: 'VARCHAR', sequence: 'BIGINT', type: 'VARCHAR', created_at: 'TIMESTAMPTZ', received_at: 'TIMESTAMPTZ', source: 'VARCHAR',
    session_id: 'VARCHAR', is_test: 'BOOLEAN', score: 'DOUBLE', duration_ms: 'BIGINT', message: 'VARCHAR',
    user: 'STRUCT(id BIGINT, email VARCHAR, plan VARCHAR, verified BOOLEAN, balance DOUBLE,
      address STRUCT(city VARCHAR, country VARCHAR, zip VARCHAR, lat DOUBLE, lon DOUBLE))',
    device: 'STRUCT(model VARCHAR, os STRUCT(name VARCHAR, version VARCHAR), width BIGINT,
      height BIGINT, battery DOUBLE)',
    request: 'STRUCT(method VARCHAR, path VARCHAR, status BIGINT, bytes BIGINT, latency_ms DOUBLE, cached BOOLEAN)',
    items: 'STRUCT(sku VARCHAR, name VARCHAR, quantity BIGINT, unit_price DOUBLE, gift BOOLEAN, discount DOUBLE,
      options STRUCT(color VARCHAR, size VARCHAR))[]',
    tags: 'VARCHAR[]'
  }
);

CREATE TABLE events AS
SELECT
  id, sequence, type, created_at, received_at, source, session_id, is_test, score, duration_ms, message,
  "user".id AS user__id, "user".email AS user__email, "user".plan AS user__plan,
  "user".verified AS user__verified, "user".balance AS user__balance, "user".address.city AS user__address__city,
  "user".address.country AS user__address__country, "user".address.zip AS user__address__zip,
  "user".address.lat AS user__address__lat, "user".address.lon AS user__address__lon,
  device.model AS device__model, device.os.name AS device__os__name, device.os.version AS device__os__version,
  device.width AS device__width, device.height AS device__height,
  device.battery AS device__battery,
  request.method AS request__method, request.path AS request__path, request.status AS request__status, request.bytes AS request__bytes,
  request.latency_ms AS request__latency_ms, request.cached AS request__cached
FROM raw;

CREATE TABLE events__items AS
SELECT
  _parent_id, _list_idx, item.sku AS sku, item.name AS name, item.quantity AS quantity, item.unit_price AS unit_price, item.gift AS gift,
  item.discount AS discount, item.options.color AS options__color, item.options.size AS options__size
FROM (SELECT id AS _parent_id, unnest(items) AS item, generate_subscripts(items, 1) - 1 AS _list_idx FROM raw);

CREATE TABLE events__tags AS
SELECT id AS _parent_id, generate_subscripts(tags, 1) - 1 AS _list_idx, unnest(tags) AS "value" FROM raw;

CHECKPOINT;
