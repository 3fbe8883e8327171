use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;
use crate::analysis::{Analysis, analyze};
use crate::document::ColumnType;
use crate::examples;
use crate::orm::django::Django;

fn analysis(example: &str) -> Analysis {
    let example = examples::by_id(example).unwrap();
    analyze(crate::orm::by_id(example.orm).unwrap(), example.models)
}

fn show_rows(example: &str, expected: Expect) {
    let mut out = String::new();
    for table in rows(&analysis(example).tables) {
        writeln!(out, "{}: {}", table.table, table.columns.join(", ")).unwrap();
        for row in table.rows {
            writeln!(out, "  {}", row.join(", ")).unwrap();
        }
    }
    expected.assert_eq(&out);
}

fn show_queries(example: &str, expected: Expect) {
    let analysis = analysis(example);
    let queries = queries(&analysis.resolved, &analysis.tables);
    let out: Vec<String> =
        queries.into_iter().map(|query| format!("-- {}\n{}\n", query.title, query.sql)).collect();
    expected.assert_eq(&out.join("\n"));
}

#[test]
fn rows_of_the_first_example() {
    show_rows(
        "enrolment",
        expect![[r#"
        app_course: id, code, title, credits
          1, 'da-101', 'Databases', 3
          2, 'li-102', 'Linear Algebra', 6
          3, 'al-103', 'Algorithms', 9
          4, 'st-104', 'Statistics', 6
          5, 'op-105', 'Operating Systems', 9
          6, 'co-106', 'Computer Networks', 9
          7, 'lo-107', 'Logic', 9
          8, 'ma-108', 'Machine Learning', 6
        app_student: id, name, email, born
          1, 'Ada Okonkwo', 'ada.okonkwo@example.org', '1975-10-02'
          2, 'Bela Novák', 'bela.novak@example.org', '1987-11-23'
          3, 'Chidi Mensah', 'chidi.mensah@example.org', '1972-11-03'
          4, 'Dunja Petrović', 'dunja.petrovic@example.org', NULL
          5, 'Elif Kaya', 'elif.kaya@example.org', '1992-06-18'
          6, 'Farid Haddad', 'farid.haddad@example.org', '1989-08-28'
          7, 'Greta Lindqvist', 'greta.lindqvist@example.org', NULL
          8, 'Hiro Tanaka', 'hiro.tanaka@example.org', '1971-06-06'
        app_enrollment: id, student_id, course_id, grade, since
          1, 2, 3, 'A', '2023-03-02'
          2, 1, 4, 'A', '2023-08-05'
          3, 4, 2, 'D', '2023-12-18'
          4, 4, 5, 'C', '2023-06-05'
          5, 4, 1, 'A', '2023-10-13'
          6, 3, 5, 'D', '2023-04-03'
          7, 5, 4, 'A', '2024-08-26'
          8, 1, 5, 'B', '2024-12-01'
          9, 4, 3, 'A', '2024-06-23'
          10, 2, 6, 'A', '2024-11-24'
          11, 4, 6, 'B', '2024-05-09'
          12, 2, 5, 'B', '2024-10-19'
    "#]],
    );
}

#[test]
fn queries_of_the_first_example() {
    show_queries(
        "enrolment",
        expect![[r#"
        -- Courses and their students
        SELECT "app_course"."title" AS "course", "app_student"."name" AS "student", "app_enrollment"."grade"
        FROM "app_enrollment"
        JOIN "app_course" ON "app_course"."id" = "app_enrollment"."course_id"
        JOIN "app_student" ON "app_student"."id" = "app_enrollment"."student_id"
        ORDER BY "app_course"."title", "app_student"."name"

        -- How many students each course has
        SELECT "app_course"."title", COUNT("app_enrollment"."student_id") AS "students"
        FROM "app_course"
        LEFT JOIN "app_enrollment" ON "app_enrollment"."course_id" = "app_course"."id"
        GROUP BY "app_course"."id", "app_course"."title"
        ORDER BY "students" DESC, "app_course"."title"

        -- Students without a course
        SELECT "app_student"."name"
        FROM "app_student"
        WHERE NOT EXISTS (
          SELECT 1 FROM "app_enrollment"
          WHERE "app_enrollment"."student_id" = "app_student"."id"
        )
        ORDER BY "app_student"."name"

        -- The five youngest students
        SELECT "app_student"."name", "app_student"."born"
        FROM "app_student"
        WHERE "app_student"."born" IS NOT NULL
        ORDER BY "app_student"."born" DESC, "app_student"."id"
        LIMIT 5
    "#]],
    );
}

#[test]
fn queries_about_a_model_and_itself() {
    show_queries(
        "self-relation",
        expect![[r#"
        -- Employees and their friends
        SELECT "employee"."name" AS "employee", "friend"."name" AS "friend"
        FROM "app_employee_friends"
        JOIN "app_employee" AS "employee" ON "employee"."id" = "app_employee_friends"."from_employee_id"
        JOIN "app_employee" AS "friend" ON "friend"."id" = "app_employee_friends"."to_employee_id"
        ORDER BY "employee"."name", "friend"."name"

        -- Employees and their mentors
        SELECT "employee"."name" AS "employee", "mentor"."name" AS "mentor"
        FROM "app_employee_mentors"
        JOIN "app_employee" AS "employee" ON "employee"."id" = "app_employee_mentors"."from_employee_id"
        JOIN "app_employee" AS "mentor" ON "mentor"."id" = "app_employee_mentors"."to_employee_id"
        ORDER BY "employee"."name", "mentor"."name"

        -- How many friends each employee has
        SELECT "employee"."name", COUNT("app_employee_friends"."to_employee_id") AS "friends"
        FROM "app_employee" AS "employee"
        LEFT JOIN "app_employee_friends" ON "app_employee_friends"."from_employee_id" = "employee"."id"
        GROUP BY "employee"."id", "employee"."name"
        ORDER BY "friends" DESC, "employee"."name"

        -- How many mentors each employee has
        SELECT "employee"."name", COUNT("app_employee_mentors"."to_employee_id") AS "mentors"
        FROM "app_employee" AS "employee"
        LEFT JOIN "app_employee_mentors" ON "app_employee_mentors"."from_employee_id" = "employee"."id"
        GROUP BY "employee"."id", "employee"."name"
        ORDER BY "mentors" DESC, "employee"."name"

        -- Employees without friends
        SELECT "employee"."name"
        FROM "app_employee" AS "employee"
        WHERE NOT EXISTS (
          SELECT 1 FROM "app_employee_friends"
          WHERE "app_employee_friends"."from_employee_id" = "employee"."id"
        )
        ORDER BY "employee"."name"

        -- Employees without mentors
        SELECT "employee"."name"
        FROM "app_employee" AS "employee"
        WHERE NOT EXISTS (
          SELECT 1 FROM "app_employee_mentors"
          WHERE "app_employee_mentors"."from_employee_id" = "employee"."id"
        )
        ORDER BY "employee"."name"

        -- Each employee with its manager
        SELECT "employee"."name" AS "employee", "manager"."name" AS "manager"
        FROM "app_employee" AS "employee"
        LEFT JOIN "app_employee" AS "manager" ON "manager"."id" = "employee"."manager_id"
        ORDER BY "employee"."name"

        -- How many employees have each employee as manager
        SELECT "manager"."name", COUNT("employee"."id") AS "employees"
        FROM "app_employee" AS "manager"
        LEFT JOIN "app_employee" AS "employee" ON "employee"."manager_id" = "manager"."id"
        GROUP BY "manager"."id", "manager"."name"
        ORDER BY "employees" DESC, "manager"."name"
    "#]],
    );
}

#[test]
fn titles_of_queries() {
    let mut out = String::new();
    for example in examples::ALL {
        let analysis = analysis(example.id);
        writeln!(out, "{}", example.id).unwrap();
        for query in queries(&analysis.resolved, &analysis.tables) {
            writeln!(out, "  {}", query.title).unwrap();
        }
    }
    expect![[r#"
        enrolment
          Courses and their students
          How many students each course has
          Students without a course
          The five youngest students
        one-to-many
          Each book with its author
          How many books each author has
          Authors without books
          The five youngest authors
          The five latest books, by published
        many-to-many
          Pizzas and their toppings
          How many toppings each pizza has
          Toppings without a pizza
          The five pizzas with the highest price
        self-relation
          Employees and their friends
          Employees and their mentors
          How many friends each employee has
          How many mentors each employee has
          Employees without friends
          Employees without mentors
          Each employee with its manager
          How many employees have each employee as manager
        clash
          Each article with its author
          Each article with its reviewer
          How many articles each person has as author
          How many articles each person has as reviewer
          People without articles as author
          People without articles as reviewer
          The five latest articles, by published
        blog
          Posts and their tags
          How many tags each post has
          Tags without a post
          Each category with its parent
          Each post with its author
          Each comment with its post
          Each comment with its author
          How many posts each user has as author
          How many posts each category has
          How many comments each post has
          Users without a profile
          Users without posts as author
          Posts without comments
          Users without comments as author
        inheritance
          Each restaurant with its place
          Each museum with its place
          Each visit with its place
          How many visits each place has
          Places without a restaurant
          Places without a museum
          Places without visits
        shop
          Orders and their products
          How many products each order has
          Products without an order
          Each address with its customer
          Each order with its customer
          Each invoice with its order
          How many addresses each customer has
          How many orders each customer has
          Customers without addresses
          Customers without orders
          Orders without an invoice
          The five newest customers
          The five products with the highest price
          The five latest invoices, by issued
        teams
          Projects and their members
          How many members each project has
          Members without a project
          Each project with its lead
          Each task with its project
          Each task with its assignee
          How many projects each member has as lead
          How many tasks each project has
          How many tasks each member has as assignee
          Members without projects as lead
          Projects without tasks
          Members without tasks as assignee
        library
          Books and their shelves
          How many shelves each book has
          Shelfs without a book
          Each loan with its book
          How many loans each book has
          Books without loans
        messages
          Messages and their labels
          How many labels each message has
          Labels without a message
          Each message with its sender
          Each message with its recipient
          How many messages each person has as sender
          How many messages each person has as recipient
          People without messages as sender
          People without messages as recipient
    "#]]
    .assert_eq(&out);
}

#[test]
fn rows_of_the_shop() {
    show_rows(
        "shop",
        expect![[r#"
        app_customer: id, first_name, last_name, email, joined
          1, 'Ada', 'Okonkwo', 'ada.okonkwo@example.org', '2023-02-27'
          2, 'Bela', 'Novák', 'bela.novak@example.org', '2023-07-02'
          3, 'Chidi', 'Mensah', 'chidi.mensah@example.org', '2023-01-24'
          4, 'Dunja', 'Petrović', 'dunja.petrovic@example.org', '2023-06-01'
          5, 'Elif', 'Kaya', 'elif.kaya@example.org', '2023-09-17'
          6, 'Farid', 'Haddad', 'farid.haddad@example.org', '2023-03-16'
          7, 'Greta', 'Lindqvist', 'greta.lindqvist@example.org', '2024-08-25'
          8, 'Hiro', 'Tanaka', 'hiro.tanaka@example.org', '2024-01-05'
        app_address: id, customer_id, kind, street, city
          1, 1, 'shipping', '73 Bridge Street', 'Tallinn'
          2, 3, 'billing', '2 Orchard Close', 'Lisbon'
          3, 3, 'shipping', '2 Orchard Close', 'Valencia'
          4, 1, 'billing', '12 Mill Lane', 'Accra'
          5, 2, 'shipping', '73 Bridge Street', 'Nairobi'
          6, 2, 'billing', '4 Harbour Street', 'Tallinn'
          7, 5, 'billing', '5 Garden Row', 'Tallinn'
          8, 5, 'shipping', '31 Linden Avenue', 'Montevideo'
          9, 6, 'billing', '4 Harbour Street', 'Utrecht'
          10, 4, 'billing', '9 Market Square', 'Lisbon'
        app_order: id, customer_id, placed_at, status
          1, 2, '2023-03-02 13:15:00', 'open'
          2, 1, '2023-08-19 10:30:00', 'paid'
          3, 1, '2023-01-05 10:00:00', 'paid'
          4, 3, '2023-06-21 10:00:00', 'open'
          5, 1, '2023-11-24 13:45:00', 'paid'
          6, 1, '2023-02-28 11:45:00', 'open'
          7, 1, '2024-09-24 13:45:00', 'shipped'
          8, 2, '2024-12-25 08:00:00', 'shipped'
          9, 2, '2024-05-01 08:00:00', 'shipped'
          10, 1, '2024-12-28 13:45:00', 'shipped'
        app_invoice: id, order_id, number, issued, paid
          1, 1, 'ce-101', '2023-02-24', TRUE
          2, 2, 'ha-102', '2023-08-24', TRUE
          3, 3, 'ju-103', '2023-12-05', TRUE
          4, 4, 'me-104', '2023-05-26', FALSE
          5, 5, 'gr-105', '2023-11-23', TRUE
          6, 6, 'wi-106', '2023-03-02', TRUE
          7, 7, 'la-107', '2024-09-02', TRUE
          8, 8, 'sa-108', '2024-12-12', FALSE
        app_product: id, sku, name, price, stock
          1, 'de-101', 'Desk lamp', 46.90, 207
          2, 'no-102', 'Notebook', 43.90, 43
          3, 'fo-103', 'Fountain pen', 15.25, 17
          4, 'tr-104', 'Travel mug', 46.25, 162
          5, 'ba-105', 'Backpack', 20.25, 222
          6, 'he-106', 'Headphones', 45.25, 118
          7, 'wa-107', 'Wall clock', 17.25, 71
          8, 'wa-108', 'Water bottle', 24.25, 47
        app_orderitem: id, order_id, product_id, quantity, unit_price
          1, 5, 2, 5, 42.00
          2, 1, 2, 5, 25.00
          3, 2, 6, 6, 59.50
          4, 2, 4, 4, 26.25
          5, 4, 4, 6, 8.00
          6, 5, 3, 6, 47.00
          7, 2, 3, 6, 20.00
          8, 3, 3, 5, 12.50
          9, 8, 5, 6, 11.00
          10, 7, 1, 6, 46.25
          11, 3, 1, 2, 17.00
          12, 4, 6, 3, 18.90
    "#]],
    );
}

#[test]
fn friendships_go_both_ways_and_inheritance_shares_the_parent() {
    let all = rows(&analysis("self-relation").tables);
    let friends = all.iter().find(|table| table.table == "app_employee_friends").unwrap();
    assert!(friends.rows.len() > 4);
    for row in &friends.rows {
        assert!(
            friends.rows.iter().any(|other| other[1] == row[2] && other[2] == row[1]),
            "{row:?}"
        );
    }
    let all = rows(&analysis("inheritance").tables);
    let keys = |name: &str| {
        all.iter()
            .find(|table| table.table == name)
            .unwrap()
            .rows
            .iter()
            .map(|row| row[0].clone())
            .collect::<HashSet<_>>()
    };
    assert!(keys("app_museum").is_disjoint(&keys("app_restaurant")));
    assert!(keys("app_museum").len() + keys("app_restaurant").len() < keys("app_place").len());
}

/// Everything that makes rows hard to find.
const HARD: &str = r#"
import uuid
from django.db import models

class Short(models.Model):
    code = models.CharField(max_length=1, primary_key=True)
    flag = models.BooleanField(unique=True)

class Pair(models.Model):
    pk = models.CompositePrimaryKey("short", "number")
    short = models.ForeignKey(Short, models.CASCADE)
    number = models.IntegerField()

class Event(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    start = models.DateField()
    end = models.DateField()
    kind = models.CharField(max_length=3, choices=[("abc", "A"), ("de", "B")])
    low = models.IntegerField()
    high = models.PositiveIntegerField()
    state = models.CharField(max_length=9)
    amount = models.DecimalField(max_digits=3, decimal_places=2)
    tiny = models.DecimalField(max_digits=2, decimal_places=2)
    data = models.JSONField(null=True)
    blob = models.BinaryField()
    at = models.TimeField()
    took = models.DurationField()
    ip = models.GenericIPAddressField()
    previous = models.OneToOneField("self", models.SET_NULL, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="order"),
            models.CheckConstraint(condition=models.Q(low__gte=900) & models.Q(high__lt=models.F("low")), name="range"),
            models.CheckConstraint(condition=models.Q(state__in=["on", "off"]), name="state"),
            models.UniqueConstraint(fields=["kind", "state", "start"], name="once"),
        ]

class Hen(models.Model):
    egg = models.ForeignKey("Egg", models.CASCADE)
class Egg(models.Model):
    hen = models.ForeignKey(Hen, models.SET_NULL, null=True)

class Knot(models.Model):
    other = models.ForeignKey("Loop", models.CASCADE)
class Loop(models.Model):
    other = models.ForeignKey(Knot, models.CASCADE)
class Hanging(models.Model):
    knot = models.ForeignKey(Knot, models.CASCADE)

class Root(models.Model):
    parent = models.ForeignKey("self", models.CASCADE)

class Ticket(models.Model):
    event = models.OneToOneField(Event, models.CASCADE, primary_key=True)
    free = models.ForeignKey(Event, models.CASCADE, db_constraint=False, related_name="+")
    pair = models.ManyToManyField(Short)
"#;

/// What a table promises, checked of its rows.
fn check_rows(name: &str, analysis: &Analysis) {
    let all = rows(&analysis.tables);
    let mut values: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for rows in &all {
        let table = analysis.tables.table(&rows.table).unwrap();
        let context = format!("{name}: {}", rows.table);
        let at = |column: &str| {
            rows.columns
                .iter()
                .position(|name| name == column)
                .unwrap_or_else(|| panic!("{context}.{column}"))
        };
        for row in &rows.rows {
            for column in table.columns.iter().filter(|column| column.generated.is_none()) {
                let value = row[at(&column.name)].as_str();
                let context = format!("{context}.{} = {value}", column.name);
                assert!(value != "NULL" || column.null, "{context}");
                if value == "NULL" {
                    continue;
                }
                values
                    .entry((
                        &rows.table,
                        table
                            .columns
                            .iter()
                            .find(|other| other.name == column.name)
                            .unwrap()
                            .name
                            .as_str(),
                    ))
                    .or_default()
                    .insert(value);
                assert!(
                    column.choices.is_empty()
                        || column.choices.iter().any(|choice| choice == value),
                    "{context}"
                );
                match &column.ty {
                    ColumnType::Varchar(Some(length)) | ColumnType::Char(length) => {
                        assert!(
                            value.trim_matches('\'').replace("''", "'").chars().count()
                                <= *length as usize,
                            "{context}"
                        );
                    }
                    ColumnType::Decimal(Some((digits, places))) => {
                        let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
                        assert!(
                            fraction.len() <= *places as usize
                                && whole.trim_start_matches('0').len()
                                    <= (digits - places) as usize,
                            "{context}"
                        );
                    }
                    _ => {}
                }
            }
            for key in &table.foreign_keys {
                let value = row[at(&key.column)].as_str();
                let found = values
                    .get(&(key.ref_table.as_str(), key.ref_column.as_str()))
                    .is_some_and(|values| values.contains(value));
                assert!(value == "NULL" || found, "{context}.{} = {value}", key.column);
            }
        }
        let singles = table
            .columns
            .iter()
            .filter(|column| column.unique)
            .map(|column| vec![column.name.clone()]);
        let groups = table
            .uniques
            .iter()
            .map(|unique| unique.columns.clone())
            .chain([table.primary_key.clone()])
            .chain(singles);
        for group in groups.filter(|group| !group.is_empty()) {
            let mut seen = HashSet::new();
            for row in &rows.rows {
                let key: Vec<&str> = group.iter().map(|column| row[at(column)].as_str()).collect();
                assert!(
                    key.contains(&"NULL") || seen.insert(key.clone()),
                    "{context}: {group:?} {key:?}"
                );
            }
        }
        for condition in table.checks.iter().filter_map(|check| check.condition.as_ref()) {
            for row in &rows.rows {
                assert!(
                    !condition::is_broken(condition, &|column| Some(row[at(column)].clone())),
                    "{context}: {condition}"
                );
            }
        }
    }
}

#[test]
fn rows_keep_every_promise() {
    for example in examples::ALL {
        check_rows(example.id, &analysis(example.id));
    }
    check_rows("hard", &analyze(&Django, HARD));
}

#[test]
fn hard_schemas_get_what_rows_they_can() {
    let analysis = analyze(&Django, HARD);
    let rows = rows(&analysis.tables);
    let counts: Vec<String> =
        rows.iter().map(|table| format!("{} {}", table.table, table.rows.len())).collect();
    expect![[r#"
        app_event 8
        app_short 2
        app_pair 10
        app_root 8
        app_ticket 6
        app_ticket_pair 8
        app_egg 10
        app_hen 10"#]]
    .assert_eq(&counts.join("\n"));
    assert_eq!(rows, super::rows(&analysis.tables));
}

#[test]
fn some_parents_have_no_rows() {
    let all = rows(&analysis("enrolment").tables);
    let table = |name: &str| all.iter().find(|table| table.table == name).unwrap();
    for (parent, column) in [("app_student", 1), ("app_course", 2)] {
        let used: HashSet<&String> =
            table("app_enrollment").rows.iter().map(|row| &row[column]).collect();
        assert!(used.len() < table(parent).rows.len());
    }
}
