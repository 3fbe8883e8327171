SELECT "app_course"."title", COUNT(*) AS "students"
FROM "app_enrollment"
JOIN "app_student" ON "app_student"."id" = "app_enrollment"."student_id"
LEFT JOIN "app_course" ON "app_course"."id" = "app_enrollment"."course_id"
WHERE "app_student"."name" = 'Ada' AND "app_course"."code" LIKE '%db%'
GROUP BY "app_course"."id", "app_course"."title"
HAVING COUNT(*) > 1
ORDER BY "app_student"."name" DESC
LIMIT 10;
SELECT s.name, c.title, e.grade, AVG(e.grade), SUM(o.amount), MAX(p.price) FROM app_student s
INNER JOIN app_enrollment e ON e.student_id = s.id
INNER JOIN app_course c ON c.id = e.course_id
WHERE NOT EXISTS (SELECT 1 FROM app_enrollment WHERE student_id = s.id)
WHERE id IN (SELECT author_id FROM app_book) AND deleted IS NULL OR born IS NOT NULL
GROUP BY s.id ORDER BY COUNT(*) DESC, s.name ASC LIMIT 5;
SELECT * FROM app_author WHERE id = 1;
INSERT INTO "app_book" ("id", "title", "author_id", "published", "price") VALUES (1, 'The title', 1, '2024-01-01', 9.99, TRUE, NULL);
UPDATE app_book SET price = 10 WHERE id = 1;
DELETE FROM app_book WHERE id = 1;
