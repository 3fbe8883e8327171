SELECT "report"."name" AS "employee", "manager"."name" AS "manager"
FROM "app_employee" AS "report"
LEFT JOIN "app_employee" AS "manager" ON "manager"."id" = "report"."manager_id"
ORDER BY "manager"."name", "report"."name"
