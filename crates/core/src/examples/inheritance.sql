SELECT "app_place"."name", "app_place"."address", "app_restaurant"."cuisine", "app_restaurant"."seats"
FROM "app_restaurant"
JOIN "app_place" ON "app_place"."id" = "app_restaurant"."place_ptr_id"
ORDER BY "app_place"."name"
