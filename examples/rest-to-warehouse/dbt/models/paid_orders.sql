{{ config(materialized='incremental', unique_key='id') }}

-- Only what the last load brought is read again: its ids come from the load itself.
select
    orders.id,
    orders.total,
    orders.updated_at,
    countries.name as country,
    (select coalesce(sum(quantity), 0) from {{ source('shop', 'orders__lines') }} as lines where lines._dlt_parent_id = orders._dlt_id) as pieces,
    orders._dlt_load_id
from {{ source('shop', 'orders') }} as orders
join {{ source('shop', 'customers') }} as customers on customers.id = orders.customer_id
join {{ ref('countries') }} as countries on countries.code = customers.country
where orders.status = 'paid'
{% if is_incremental() %}
and orders._dlt_load_id in ('{{ var("lading_load_ids", []) | join("', '") }}')
{% endif %}
