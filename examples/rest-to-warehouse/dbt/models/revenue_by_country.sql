select country, count(*) as orders, sum(total) as revenue, sum(pieces) as pieces
from {{ ref('paid_orders') }}
group by country
