//! What a statement says and does, case by case.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use expect_test::{Expect, expect};
use throughline_engine::{Answer, Cell, Limits, Session};

const SCHEMA: &str = r#"
CREATE TABLE "author" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "name" VARCHAR(20) NOT NULL, "email" TEXT UNIQUE, "born" DATE);
CREATE TABLE "book" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT, "title" VARCHAR(40) NOT NULL, "price" NUMERIC(6, 2) NOT NULL DEFAULT 9.99,
    "author_id" INTEGER NOT NULL REFERENCES "author" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "positive" CHECK ("price" >= 0)
);
CREATE TABLE "shelf" ("id" UUID PRIMARY KEY, "label" TEXT NOT NULL, "open" BOOLEAN NOT NULL DEFAULT TRUE, "made" TIMESTAMP, "data" JSON, "blob" BLOB);
CREATE TABLE "book_shelf" ("book_id" INTEGER NOT NULL REFERENCES "book" ("id"), "shelf_id" UUID NOT NULL REFERENCES "shelf" ("id"), PRIMARY KEY ("book_id", "shelf_id"));
CREATE INDEX "book_author" ON "book" ("author_id");
INSERT INTO "author" ("name", "email", "born") VALUES ('Ada', 'ada@x.org', '1815-12-10'), ('Bea', NULL, NULL);
INSERT INTO "book" ("title", "price", "author_id") VALUES ('Notes', 12.50, 1), ('Keys', 3, 1), ('Joins', DEFAULT, 2);
INSERT INTO "shelf" ("id", "label") VALUES ('6f9619ff-8b86-d011-b42d-00c04fc964ff', 'top');
INSERT INTO "book_shelf" VALUES (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff');
"#;

fn library() -> Session {
    let mut session = Session::new();
    for outcome in session.run(SCHEMA) {
        assert!(outcome.result.is_ok(), "{outcome:?}");
    }
    session
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => format!("{number:?}"),
        Cell::Bytes(bytes) => format!("{bytes:?}"),
        Cell::Decimal(text)
        | Cell::Text(text)
        | Cell::Date(text)
        | Cell::Time(text)
        | Cell::Timestamp(text)
        | Cell::Uuid(text) => text.clone(),
    }
}

/// The last statement's answer as text: rows, a count, or the error with the text that it points at.
fn answer(session: &mut Session, sql: &str) -> String {
    let Some(outcome) = session.run(sql).pop() else { return "nothing".to_owned() };
    match outcome.result {
        Ok(Answer::Rows { columns, rows }) => {
            let head = columns
                .iter()
                .map(|column| format!("{} {}", column.name, column.ty))
                .collect::<Vec<_>>()
                .join(" | ");
            let rows: Vec<String> = rows
                .iter()
                .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | "))
                .collect();
            format!("{head}\n{}", rows.join("\n"))
        }
        Ok(Answer::Affected(count)) => format!("{count} affected"),
        Ok(Answer::Done) => "done".to_owned(),
        Err(error) => {
            let place =
                error.span.and_then(|span| sql.get(span.start..span.end)).unwrap_or_default();
            format!(
                "{:?}: {}\nhint: {}\nat: {place}",
                error.kind,
                error.message,
                error.hint.unwrap_or_default()
            )
        }
    }
}

fn check(sql: &str, expected: Expect) {
    expected.assert_eq(&answer(&mut library(), sql));
}

#[test]
fn names_are_checked_before_anything_runs() {
    check(
        "SELECT nme FROM author",
        expect![[r#"
        Error: there is no column nme
        hint: did you mean name?
        at: nme"#]],
    );
    check(
        "SELECT a.title FROM author a",
        expect![[r#"
        Error: a has no column title
        hint: 
        at: title"#]],
    );
    check(
        "SELECT * FROM autor",
        expect![[r#"
        Error: there is no table autor
        hint: did you mean author?
        at: autor"#]],
    );
    check(
        "SELECT id FROM author JOIN book ON author.id = author_id",
        expect![[r#"
        Error: column id is ambiguous: author and book have it
        hint: write author.id
        at: id"#]],
    );
    check(
        "DELETE FROM book_shelf WHERE nope = 1",
        expect![[r#"
        Error: there is no column nope
        hint: 
        at: nope"#]],
    );
    check(
        "SELECT uper(name) FROM author",
        expect![[r#"
        Refused: there is no function uper here
        hint: did you mean upper?
        at: uper"#]],
    );
    check(
        "SELECT COUNT(*) FROM book WHERE COUNT(*) > 1",
        expect![[r#"
        Error: the aggregate COUNT cannot stand in WHERE
        hint: put it in HAVING
        at: COUNT"#]],
    );
    check(
        "SELECT title, COUNT(*) FROM book GROUP BY author_id",
        expect![[r#"
        Refused: this column is neither in GROUP BY nor in an aggregate, so a group could have several values of it
        hint: add it to GROUP BY, or take MIN(…) or MAX(…) of it
        at: title"#]],
    );
    check(
        "SELECT * FORM author",
        expect![[r#"
        Error: syntax error: expected end of statement, found FORM
        hint: 
        at: FORM"#]],
    );
    check(
        "SELECT substr(name) FROM author",
        expect![[r#"
        Error: substr takes 2 to 3 arguments, and 1 are given
        hint: 
        at: substr"#]],
    );
}

#[test]
fn constraints_name_what_they_protect() {
    check(
        "INSERT INTO author (name, email) VALUES ('Cy', 'ada@x.org')",
        expect![[r#"
        Error: UNIQUE constraint failed: author already has a row with (email) = ('ada@x.org')
        hint: 
        at: INSERT INTO author (name, email) VALUES ('Cy', 'ada@x.org')"#]],
    );
    check(
        "INSERT INTO author (id, name) VALUES (1, 'Cy')",
        expect![[r#"
        Error: PRIMARY KEY constraint failed: author already has a row with (id) = (1)
        hint: 
        at: INSERT INTO author (id, name) VALUES (1, 'Cy')"#]],
    );
    check(
        "INSERT INTO author (name) VALUES (NULL)",
        expect![[r#"
        Error: NOT NULL constraint failed: author.name must have a value
        hint: 
        at: INSERT INTO author (name) VALUES (NULL)"#]],
    );
    check(
        "INSERT INTO book (title, author_id, price) VALUES ('X', 1, -1)",
        expect![[r#"
        Error: CHECK constraint positive failed: book requires "price" >= 0, and the row has id = 4, title = 'X', price = -1, author_id = 1
        hint: 
        at: INSERT INTO book (title, author_id, price) VALUES ('X', 1, -1)"#]],
    );
    check(
        "INSERT INTO book (title, author_id) VALUES ('X', 99)",
        expect![[r#"
        Error: FOREIGN KEY constraint failed: book (author_id) = (99) has no row in author
        hint: 
        at: INSERT INTO book (title, author_id) VALUES ('X', 99)"#]],
    );
    check(
        "DELETE FROM author WHERE id = 1",
        expect![[r#"
        Error: FOREIGN KEY constraint failed: book_shelf (book_id) still references book = (1)
        hint: 
        at: DELETE FROM author WHERE id = 1"#]],
    );
    check("DELETE FROM author WHERE id = 2", expect!["1 affected"]);
    check(
        "INSERT INTO book_shelf VALUES (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff')",
        expect![[r#"
        Error: PRIMARY KEY constraint failed: book_shelf already has a row with (book_id, shelf_id) = (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff')
        hint: 
        at: INSERT INTO book_shelf VALUES (1, '6f9619ff-8b86-d011-b42d-00c04fc964ff')"#]],
    );
    check(
        "INSERT INTO author (name, born) VALUES ('Cy', 'yesterday')",
        expect![[r#"
        Error: author.born is DATE, and 'yesterday' is not
        hint: 
        at: INSERT INTO author (name, born) VALUES ('Cy', 'yesterday')"#]],
    );
    check(
        "INSERT INTO book (title, author_id, price) VALUES ('X', 1, 1.005)",
        expect![[r#"
        Refused: book.price is NUMERIC(6,2), and 1.005 does not fit: it would have to be rounded
        hint: write ROUND(…, 2), or make the column wider
        at: INSERT INTO book (title, author_id, price) VALUES ('X', 1, 1.005)"#]],
    );
    check(
        "INSERT INTO author (name) VALUES ('a name of more than twenty letters')",
        expect![[r#"
        Refused: author.name is VARCHAR(20), and the value has 34 characters: 'a name of more than twenty letters'
        hint: make the column longer, or the value shorter
        at: INSERT INTO author (name) VALUES ('a name of more than twenty letters')"#]],
    );
}

#[test]
fn types_come_back_as_they_are() {
    check(
        "SELECT * FROM shelf",
        expect![[r#"
        id UUID | label TEXT | open BOOLEAN | made TIMESTAMP | data JSON | blob BLOB
        6f9619ff-8b86-d011-b42d-00c04fc964ff | top | true | NULL | NULL | NULL"#]],
    );
    check(
        "SELECT price, price * 2, AVG(price) FROM book GROUP BY id, price ORDER BY id",
        expect![[r#"
        price NUMERIC | price * 2 NUMERIC | AVG(price) DOUBLE
        12.5 | 25.0 | 12.5
        3 | 6 | 3.0
        9.99 | 19.98 | 9.99"#]],
    );
    check(
        "SELECT born, strftime('%Y', born), EXTRACT(YEAR FROM born), born < '1900-01-01' FROM author ORDER BY id",
        expect![[r#"
        born DATE | strftime('%Y', born) TEXT | EXTRACT(YEAR FROM born) INTEGER | born < '1900-01-01' BOOLEAN
        1815-12-10 | 1815 | 1815 | true
        NULL | NULL | NULL | NULL"#]],
    );
    check(
        "SELECT SUBSTR('äöü', 2, 1), LEFT('äöü', 2), UPPER('aä'), LENGTH('äöü'), INSTR('äöü', 'ü')",
        expect![[r#"
        SUBSTR('äöü', 2, 1) TEXT | LEFT('äöü', 2) TEXT | UPPER('aä') TEXT | LENGTH('äöü') INTEGER | INSTR('äöü', 'ü') INTEGER
        ö | äö | Aä | 3 | 3"#]],
    );
    check(
        "SELECT 7 / 2, 7 % 0, 1 / 0, 0.1 + 0.2 = 0.3, 7.0 / 2",
        expect![[r#"
        7 / 2 INTEGER | 7 % 0 INTEGER | 1 / 0 INTEGER | 0.1 + 0.2 = 0.3 BOOLEAN | 7.0 / 2 DOUBLE
        3 | NULL | NULL | false | 3.5"#]],
    );
    check(
        "SELECT X'00FF', TRUE, NULL, 'it''s', 1e3",
        expect![[r#"
            X'00FF' BLOB | true BOOLEAN | NULL  | 'it''s' TEXT | 1000.0 DOUBLE
            [0, 255] | true | NULL | it's | 1000.0"#]],
    );
}

#[test]
fn writes_answer_and_return() {
    check(
        "INSERT INTO author (name) VALUES ('Cy'), ('Di') RETURNING id, UPPER(name) AS loud",
        expect![[r#"
        id INTEGER | loud TEXT
        3 | CY
        4 | DI"#]],
    );
    check(
        "INSERT INTO author (id, name) VALUES (1, 'Ann') ON CONFLICT (id) DO UPDATE SET name = excluded.name || '!' RETURNING name",
        expect![[r#"
        name TEXT
        Ann!"#]],
    );
    check("UPDATE book SET price = price + 1 WHERE author_id = 1", expect!["2 affected"]);
    check(
        "DELETE FROM book WHERE id = 3 RETURNING title",
        expect![[r#"
        title TEXT
        Joins"#]],
    );
    check(
        "UPDATE book SET title = a.name FROM author a WHERE a.id = book.author_id; SELECT title FROM book ORDER BY id",
        expect![[r#"
        title TEXT
        Ada
        Ada
        Bea"#]],
    );
}

#[test]
fn an_index_gives_the_first_rows() {
    let mut session = library();
    session
        .run("INSERT INTO author (name, email) SELECT 'w' || n, 'w' || (999 - n) FROM SERIES(500)");
    let limits = Limits { reads: 50, ..Limits::default() };
    let mut read = |sql: &str, expected: Expect| {
        let mut found = String::new();
        session.run_with(sql, &limits, &mut |outcome| match &outcome.result {
            Ok(Answer::Rows { rows, .. }) => {
                found = rows.iter().flatten().map(cell).collect::<Vec<_>>().join(" ");
            }
            other => found = format!("{other:?}"),
        });
        expected.assert_eq(&found);
    };
    read("SELECT id FROM author ORDER BY id LIMIT 2", expect!["1 2"]);
    read(
        "SELECT name FROM author WHERE id > 3 ORDER BY id DESC, name LIMIT 2 OFFSET 1",
        expect!["w499 w498"],
    );
    read("SELECT COUNT(*) FROM author", expect!["502"]);
    // A column that may be NULL is not whole in its index.
    read(
        "SELECT email FROM author ORDER BY email LIMIT 1",
        expect![[
            r#"Err(SqlError { kind: Error, message: "this reads more than 50 rows", hint: Some("add a condition or LIMIT"), span: Some(Span { start: 0, end: 47 }), violation: None })"#
        ]],
    );
}

#[test]
fn functions_take_aggregates() {
    check(
        "SELECT author_id, ROUND(AVG(price), 1) AS mean, COUNT(*) / 2 AS half FROM book GROUP BY author_id HAVING ABS(SUM(price)) > 5 ORDER BY ROUND(AVG(price), 1) DESC",
        expect![[r#"
            author_id INTEGER | mean DOUBLE | half INTEGER
            2 | 10.0 | 0
            1 | 7.8 | 1"#]],
    );
    check(
        "SELECT name, (SELECT ROUND(AVG(price), 1) FROM book WHERE author_id = author.id) AS mean FROM author ORDER BY name",
        expect![[r#"
            name TEXT | mean DOUBLE
            Ada | 7.8
            Bea | 10.0"#]],
    );
    check(
        "SELECT author_id, RANK() OVER (ORDER BY ROUND(SUM(price), 1)) AS place FROM book GROUP BY author_id ORDER BY author_id",
        expect![[r#"
            author_id INTEGER | place INTEGER
            1 | 2
            2 | 1"#]],
    );
}

#[test]
fn views_are_read_like_tables() {
    let mut session = library();
    let made = answer(
        &mut session,
        "CREATE VIEW writer (id, called, books) AS SELECT author.id, name, COUNT(book.id) FROM author LEFT JOIN book ON author_id = author.id GROUP BY author.id, name",
    );
    assert_eq!(made, "done");
    let mut read = |sql: &str, expected: Expect| expected.assert_eq(&answer(&mut session, sql));
    read(
        "SELECT w.called, book.title FROM writer AS w JOIN book ON author_id = w.id WHERE books > 1 ORDER BY title",
        expect![[r#"
            called TEXT | title TEXT
            Ada | Keys
            Ada | Notes"#]],
    );
    read(
        "DELETE FROM writer",
        expect![[r#"
        Error: writer is a view, and its rows cannot be changed
        hint: change the tables that it reads; DROP VIEW takes it away
        at: writer"#]],
    );
    read(
        "CREATE TABLE writer (id INTEGER)",
        expect![[r#"
        Error: there is a view writer already
        hint: choose another name, or DROP VIEW first
        at: writer"#]],
    );
    read(
        "DROP TABLE IF EXISTS writer",
        expect![[r#"
        Error: writer is a view, and its rows cannot be changed
        hint: change the tables that it reads; DROP VIEW takes it away
        at: writer"#]],
    );
    read(
        "SELECT * FROM writter",
        expect![[r#"
        Error: there is no table writter
        hint: did you mean writer?
        at: writter"#]],
    );
    read(
        "CREATE VIEW writer AS SELECT 1",
        expect![[r#"
        Error: there is a view writer already
        hint: write CREATE VIEW IF NOT EXISTS, or DROP VIEW first
        at: CREATE VIEW writer AS SELECT 1"#]],
    );
    read(
        "CREATE VIEW bad AS SELECT nam FROM author",
        expect![[r#"
            Error: there is no column nam
            hint: did you mean name?
            at: nam"#]],
    );
    read(
        "CREATE OR REPLACE VIEW writer AS SELECT * FROM book; DROP TABLE book_shelf; DROP TABLE book; SELECT * FROM writer",
        expect![[r#"
            Error: in the view writer: there is no table book
            hint: 
            at: writer"#]],
    );
    read(
        "DROP VIEW writer; SELECT * FROM writer",
        expect![[r#"
        Error: there is no table writer
        hint: 
        at: writer"#]],
    );
}

#[test]
fn a_view_cannot_read_itself() {
    check(
        "CREATE VIEW a AS SELECT * FROM author; CREATE VIEW b AS SELECT * FROM a; CREATE OR REPLACE VIEW a AS SELECT * FROM b",
        expect![[r#"
            Error: in the view b: there is no table a
            hint: did you mean b?
            at: b"#]],
    );
}

#[test]
fn short_forms_of_sqlite_are_read() {
    check(
        "SELECT name FROM author WHERE email NOT NULL AND born NOTNULL",
        expect![[r#"
        name TEXT
        Ada"#]],
    );
    check(
        "SELECT name FROM author WHERE email ISNULL",
        expect![[r#"
        name TEXT
        Bea"#]],
    );
    check(
        "WITH one AS (SELECT 1 AS n) SELECT name FROM author WHERE id IN one AND POSITION('d' IN name) > 0",
        expect![[r#"
            name TEXT
            Ada"#]],
    );
}

#[test]
fn transactions_and_savepoints_go_back() {
    let mut session = library();
    let count = |session: &mut Session| answer(session, "SELECT COUNT(*) FROM author");
    assert_eq!(
        answer(
            &mut session,
            "BEGIN; INSERT INTO author (name) VALUES ('Cy'); SAVEPOINT s; INSERT INTO author (name) VALUES ('Di')"
        ),
        "1 affected"
    );
    assert!(count(&mut session).ends_with("\n4"));
    answer(&mut session, "ROLLBACK TO s");
    assert!(count(&mut session).ends_with("\n3"));
    answer(&mut session, "COMMIT");
    assert!(count(&mut session).ends_with("\n3"));
    expect![[r#"
        Error: there is no open transaction
        hint: write BEGIN first
        at: ROLLBACK"#]]
    .assert_eq(&answer(&mut session, "ROLLBACK"));
}

#[test]
fn deferred_references_wait_for_commit() {
    let mut session = library();
    assert_eq!(
        answer(&mut session, "BEGIN; INSERT INTO book (title, author_id) VALUES ('Early', 50)"),
        "1 affected"
    );
    expect![[r#"
        Error: FOREIGN KEY constraint failed: book (author_id) = (50) has no row in author
        hint: 
        at: COMMIT"#]]
    .assert_eq(&answer(&mut session, "COMMIT"));
    assert_eq!(
        answer(&mut session, "INSERT INTO author (id, name) VALUES (50, 'Late'); COMMIT"),
        "done"
    );
}

#[test]
fn changes_hold_cascades() {
    let mut session = library();
    let outcome = session.run("DELETE FROM author WHERE name = 'Bea'").remove(0);
    let summary: Vec<String> = outcome
        .changes
        .iter()
        .map(|change| format!("{} -{}", change.table, change.deleted.len()))
        .collect();
    assert_eq!(summary, ["author -1", "book -1"]);
}

#[test]
fn a_failed_statement_changes_nothing() {
    let mut session = library();
    let before = session.dump();
    session.run("INSERT INTO author (name, email) VALUES ('New', 'n@x.org'), ('Cy', 'ada@x.org')");
    session.run("UPDATE author SET id = id + 1");
    assert_eq!(session.dump(), before);
}

#[test]
fn a_dump_builds_the_same_database() {
    let mut first = library();
    first.run("CREATE VIEW z (x) AS SELECT id FROM book WHERE \"title\" <> 'a'; CREATE VIEW a AS SELECT x FROM z");
    let dump = first.dump();
    assert_eq!(dump.views.len(), 2);
    let mut copy = Session::new();
    for table in &dump.tables {
        for ddl in &table.ddl {
            let outcomes = copy.run(ddl);
            assert!(outcomes[0].result.is_ok(), "{ddl}: {outcomes:?}");
        }
    }
    for view in &dump.views {
        assert!(copy.run(&view.ddl)[0].result.is_ok(), "{view:?}");
    }
    for table in &dump.tables {
        for row in &table.rows {
            let outcomes =
                copy.run(&format!("INSERT INTO \"{}\" VALUES ({})", table.name, row.join(", ")));
            assert!(outcomes[0].result.is_ok(), "{outcomes:?}");
        }
    }
    assert_eq!(copy.dump(), dump);
}

#[test]
fn snapshots_are_independent() {
    let mut session = library();
    let snapshot = session.snapshot();
    let before = session.dump();
    session.run("DELETE FROM book; DROP TABLE book_shelf");
    session.restore(&snapshot);
    assert_eq!(session.dump(), before);
}

#[test]
fn limits_are_errors() {
    let mut session = library();
    let limits = Limits { rows: 1000, reads: 100_000, ..Limits::default() };
    let mut ask = |sql: &str| {
        let mut found = String::new();
        session.run_with(sql, &limits, &mut |outcome| {
            found = format!(
                "{:?}",
                outcome.result.as_ref().err().map(|error| (error.kind, error.message.clone()))
            )
        });
        found
    };
    expect![[r#"Some((Error, "this reads more than 100000 rows"))"#]]
        .assert_eq(&ask("SELECT COUNT(*) FROM SERIES(1000) a, SERIES(1000) b"));
    expect![[r#"Some((Error, "this gives more than 1000 rows"))"#]]
        .assert_eq(&ask("SELECT * FROM SERIES(900) a, SERIES(2) b"));
    expect![[r#"Some((Refused, "repeat: the text would be longer than 10,000,000 bytes"))"#]]
        .assert_eq(&ask("SELECT REPEAT('x', 2000000000)"));
    expect![[r#"Some((Error, "this gives more than 1000 rows"))"#]].assert_eq(&ask(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
    ));
}

/// NOT IN over a subquery that reads the enclosing row makes two subqueries of one, with the same sources; a random query found that the second one
/// took the places of the first for rows that were there.
#[test]
fn a_subquery_may_stand_in_a_plan_twice() {
    let mut session = Session::new();
    session.run("CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE t (id INTEGER)");
    session.run("INSERT INTO a VALUES (1, NULL), (2, 'a'); INSERT INTO t VALUES (1)");
    let sql = "SELECT x2.name FROM t x1 LEFT JOIN a x2 ON x2.name NOT IN (SELECT x3.name || x1.id FROM a x3 CROSS JOIN a x4 \
        WHERE EXISTS (SELECT x3.id FROM t x5 JOIN a x6 ON x5.id = x6.id))";
    expect!["name TEXT\nNULL"].assert_eq(&answer(&mut session, sql));
}

#[test]
fn in_looks_among_what_a_grouped_subquery_gives_for_each_row() {
    let mut session = Session::new();
    session.run("CREATE TABLE a (id INTEGER PRIMARY KEY, g INTEGER, n INTEGER)");
    session.run("INSERT INTO a VALUES (1, 1, 5), (2, 1, NULL), (3, 2, NULL), (4, 3, 7)");
    let asked = |not: &str| {
        format!(
            "SELECT x.id FROM a x WHERE x.n {not} IN (SELECT MAX(y.n) FROM a y WHERE y.g = x.g GROUP BY y.n) ORDER BY 1"
        )
    };
    // Row 1 is among 5 and NULL, row 4 among 7 alone; of 2 and 3, which are NULL, nothing is known.
    expect!["id INTEGER\n1\n4"].assert_eq(&answer(&mut session, &asked("")));
    expect!["id INTEGER"].assert_eq(answer(&mut session, &asked("NOT")).trim_end());
    let none = "SELECT id FROM a x WHERE n NOT IN (SELECT MAX(y.n) FROM a y WHERE y.g = x.g + 9 GROUP BY y.g) ORDER BY 1";
    expect!["id INTEGER\n1\n2\n3\n4"].assert_eq(&answer(&mut session, none));
}

/// Each pair that a join forms counts, so that one with very many of them ends at its limit, and a time limit is noticed in the midst of it.
#[test]
fn pairs_of_a_join_count_as_reads() {
    let limits = Limits { reads: 100_000, ..Limits::default() };
    let joins = [
        "SELECT COUNT(*) FROM SERIES(2000) a JOIN SERIES(2000) b ON a.n / 9999 = b.n / 9999",
        "SELECT COUNT(*) FROM SERIES(2000) a LEFT JOIN SERIES(2000) b ON a.n / 9999 = b.n / 9999",
        "SELECT COUNT(*) FROM SERIES(2000) a WHERE (SELECT COUNT(*) FROM SERIES(2000) b WHERE b.n > a.n) < 0",
    ];
    for sql in joins {
        let mut session = Session::new();
        session.run_with(sql, &limits, &mut |outcome| match outcome.result {
            Ok(answer) => panic!("{sql}: {answer:?}"),
            Err(error) => assert_eq!(error.message, "this reads more than 100000 rows", "{sql}"),
        });
    }
}

/// A script that is too long is not begun; one of too many statements ends there, and what it has done stays; a statement that takes too long changes
/// nothing.
#[test]
fn texts_statements_and_time_are_bounded() {
    let (mut session, limits) = (library(), Limits::default());
    let mut ask = |sql: &str, limits: Limits| {
        let mut found = Vec::new();
        session.run_with(sql, &limits, &mut |outcome| {
            found.push(outcome.result.map_or_else(|error| error.message, |_| "done".to_owned()));
        });
        found
    };
    assert_eq!(
        ask("SELECT 'too long'", Limits { text: 10, ..limits }),
        ["the script is longer than 10 bytes"]
    );
    assert_eq!(
        ask("CREATE TABLE a (x INTEGER); SELECT 1; SELECT 2", Limits { statements: 2, ..limits }),
        ["done", "done", "the script has more than 2 statements"]
    );
    let slow = "INSERT INTO a SELECT a.n FROM SERIES(3000) a, SERIES(3000) b WHERE a.n + b.n = 1";
    assert_eq!(ask(slow, Limits { millis: 0, ..limits }), ["this takes longer than 0 ms"]);
    assert_eq!(
        ask("SELECT * FROM a JOIN a b ON a.x = b.x", Limits { rows: 0, ..limits }),
        ["done"]
    );
}

#[test]
fn memory_is_bounded() {
    let limits = Limits { bytes: 3 << 20, ..Limits::default() };
    let mut session = library();
    let mut ask = |sql: &str| {
        let mut found = String::new();
        session.run_with(sql, &limits, &mut |outcome| {
            found = match &outcome.result {
                Ok(_) => "done".to_owned(),
                Err(error) => error.message.clone(),
            };
        });
        found
    };
    assert_eq!(ask("CREATE TABLE long (t TEXT)"), "done");
    assert_eq!(ask("INSERT INTO long VALUES (REPEAT('x', 2000000))"), "done");
    let most = "this takes more than 3 MB";
    assert_eq!(ask("INSERT INTO long VALUES (REPEAT('y', 2000000))"), most);
    assert_eq!(ask("SELECT t FROM long UNION ALL SELECT t FROM long"), "done");
    assert_eq!(ask("SELECT a.t, b.t FROM long a, long b"), most);
    assert_eq!(ask("SELECT a.t, b.t FROM long a, long b ORDER BY 1"), most);
    assert_eq!(ask("SELECT DISTINCT a.t, b.t FROM long a, long b"), most);
    let longer = "the text would be longer than 10,000,000 bytes";
    assert_eq!(ask("SELECT LENGTH(t || t || t || t || t || t) FROM long"), longer);
    assert_eq!(ask("SELECT LENGTH(GROUP_CONCAT(t)) FROM long, SERIES(6) s"), longer);
    assert_eq!(ask("SELECT COUNT(*) FROM long"), "done");
}

#[test]
fn long_and_deep_statements_are_bounded() {
    // As much stack as the worker has; unoptimised frames are several times larger.
    std::thread::Builder::new().stack_size(64 << 20).spawn(long_and_deep).unwrap().join().unwrap();
}

fn long_and_deep() {
    let mut session = library();
    let long = vec!["id = 1"; 300].join(" OR ");
    assert!(
        answer(&mut session, &format!("SELECT COUNT(*) FROM author WHERE {long}")).ends_with("\n1")
    );
    let sum = vec!["1"; 300].join(" + ");
    assert!(answer(&mut session, &format!("SELECT {sum}")).ends_with("\n300"));
    let deep = format!("SELECT {}1{}", "(".repeat(200), ")".repeat(200));
    assert!(answer(&mut session, &deep).starts_with("Error"));
    let too_long = vec!["id = 1"; 5000].join(" OR ");
    assert!(
        answer(&mut session, &format!("SELECT COUNT(*) FROM author WHERE {too_long}"))
            .starts_with("Error")
    );
}

#[test]
fn ddl_changes_keep_rows_and_references() {
    check(
        "ALTER TABLE author RENAME TO writer; INSERT INTO book (title, author_id) VALUES ('X', 77)",
        expect![[r#"
        Error: FOREIGN KEY constraint failed: book (author_id) = (77) has no row in writer
        hint: 
        at: INSERT INTO book (title, author_id) VALUES ('X', 77)"#]],
    );
    check(
        "ALTER TABLE author ADD COLUMN age INTEGER NOT NULL DEFAULT 5; SELECT name, age FROM author ORDER BY id",
        expect![[r#"
        name TEXT | age INTEGER
        Ada | 5
        Bea | 5"#]],
    );
    check(
        "ALTER TABLE book DROP COLUMN author_id",
        expect![[r#"
        Error: book.author_id is part of a foreign key
        hint: drop that first
        at: author_id"#]],
    );
    check(
        "CREATE UNIQUE INDEX one ON book (author_id)",
        expect![[r#"
        Error: UNIQUE constraint one failed: book already has a row with (author_id) = (1)
        hint: 
        at: CREATE UNIQUE INDEX one ON book (author_id)"#]],
    );
    check(
        "DROP TABLE author",
        expect![[r#"
        Error: FOREIGN KEY constraint failed: book_shelf (book_id) still references book = (1)
        hint: delete the rows that reference it, or write DROP TABLE … CASCADE
        at: author"#]],
    );
    check(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER PRIMARY KEY)",
        expect![[r#"
        Error: t has two primary keys
        hint: for a key of two columns write PRIMARY KEY (a, b) after the columns
        at: b"#]],
    );
}

#[test]
fn what_is_not_supported_says_what_to_write() {
    check(
        "CREATE TRIGGER t AFTER INSERT ON author BEGIN SELECT 1; END",
        expect![[r#"
        Refused: triggers are not supported
        hint: write the statements themselves
        at: CREATE TRIGGER t AFTER INSERT ON author BEGIN SELECT 1"#]],
    );
    check(
        "SELECT * FROM book WHERE title GLOB '[a-z]*'",
        expect![[r#"
            Refused: GLOB is not supported here
            hint: use LIKE, or GLOB(text, pattern)
            at: GLOB"#]],
    );
    check(
        "SELECT date('2024-01-31', '+1 month'), title FROM book WHERE price BETWEEN 'a' AND 'b'",
        expect![[r#"
        Refused: 'a' is compared with NUMERIC, and is not one
        hint: 
        at: SELECT date('2024-01-31', '+1 month'), title FROM book WHERE price BETWEEN 'a' AND 'b'"#]],
    );
    check(
        "SELECT TOP 2 * FROM book",
        expect![[r#"
        Refused: TOP is not supported
        hint: use LIMIT at the end
        at: SELECT TOP 2 * FROM book"#]],
    );
    check(
        "SELECT title COLLATE NOCASE FROM book",
        expect![[r#"
        Refused: COLLATE is not supported
        hint: compare LOWER(x)
        at: SELECT title COLLATE NOCASE FROM book"#]],
    );
    check(
        "SELECT (SELECT id FROM book)",
        expect![[r#"
        Refused: this subquery is used as a value and gives 3 rows
        hint: add LIMIT 1 and an ORDER BY, or an aggregate
        at: SELECT (SELECT id FROM book)"#]],
    );
}
