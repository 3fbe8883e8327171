SELECT "app_customer"."last_name", "app_order"."id" AS "order", SUM("app_orderitem"."quantity" * "app_orderitem"."unit_price") AS "total"
FROM "app_orderitem"
JOIN "app_order" ON "app_order"."id" = "app_orderitem"."order_id"
JOIN "app_customer" ON "app_customer"."id" = "app_order"."customer_id"
GROUP BY "app_customer"."last_name", "app_order"."id"
ORDER BY "total" DESC
