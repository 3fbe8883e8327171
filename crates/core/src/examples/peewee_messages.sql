SELECT "sender"."handle" AS "from", "recipient"."handle" AS "to", "message"."sent_at"
FROM "message"
JOIN "person" AS "sender" ON "sender"."id" = "message"."sender_id"
JOIN "person" AS "recipient" ON "recipient"."id" = "message"."recipient_id"
ORDER BY "message"."sent_at" DESC
