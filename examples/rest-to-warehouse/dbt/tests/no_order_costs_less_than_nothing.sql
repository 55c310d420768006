select id from {{ ref('paid_orders') }} where total < 0
