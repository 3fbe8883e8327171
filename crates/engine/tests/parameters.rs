//! Statements with parameters, and the database from Rust.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use throughline_engine::{Answer, Cell, ErrorKind, Limits, Session};

fn session() -> Session {
    let mut session = Session::new();
    for outcome in session.run(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT, born DATE, score REAL, data BLOB, price NUMERIC(8, 2), ok BOOLEAN);
         INSERT INTO p (name, born) VALUES ('Ada', '1815-12-10'), ('Bea', NULL)",
    ) {
        assert!(outcome.result.is_ok(), "{outcome:?}");
    }
    session
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn rows(session: &mut Session, sql: &str, parameters: &[Cell]) -> Vec<Vec<Cell>> {
    match session.execute(sql, parameters).unwrap().answer {
        Answer::Rows { rows, .. } => rows,
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_of_all_types_go_in_and_come_out() {
    let mut session = session();
    let row = [
        Cell::Int(7),
        text("O'Hara; DROP TABLE p --"),
        Cell::Date("2024-02-29".to_owned()),
        Cell::Float(-0.5),
        Cell::Bytes(vec![0, 255]),
        Cell::Decimal("12.50".to_owned()),
        Cell::Bool(true),
    ];
    let done = session.execute("INSERT INTO p VALUES (?, ?, ?, ?, ?, ?, ?)", &row).unwrap();
    assert_eq!((done.answer, done.last_insert_id), (Answer::Affected(1), Some(7)));
    assert_eq!(done.changes[0].inserted.len(), 1);
    let mut expected = row.to_vec();
    expected[5] = Cell::Decimal("12.50".to_owned());
    assert_eq!(rows(&mut session, "SELECT * FROM p WHERE id = $1", &[Cell::Int(7)]), [expected]);
    // Text counts as a literal would: it is a date where a date is needed.
    assert_eq!(
        rows(
            &mut session,
            "SELECT id FROM p WHERE born = ? AND name = ?",
            &[text("1815-12-10"), text("Ada")]
        ),
        [[Cell::Int(1)]]
    );
    assert_eq!(
        rows(&mut session, "SELECT ?, ? IS NULL", &[Cell::Null, Cell::Null]),
        [[Cell::Null, Cell::Bool(true)]]
    );
}

#[test]
fn parameters_stand_wherever_values_do() {
    let mut session = session();
    assert_eq!(
        rows(&mut session, "SELECT $2, $1, ?1", &[text("a"), text("b")]),
        [[text("b"), text("a"), text("a")]]
    );
    assert_eq!(
        rows(
            &mut session,
            "SELECT id FROM p ORDER BY id DESC LIMIT ? OFFSET ?",
            &[Cell::Int(1), Cell::Int(1)]
        ),
        [[Cell::Int(1)]]
    );
    assert_eq!(
        rows(
            &mut session,
            "WITH x AS (SELECT ? AS n) SELECT n + ? FROM x WHERE n IN (?, 2)",
            &[Cell::Int(1), Cell::Int(2), Cell::Int(1)]
        ),
        [[Cell::Int(3)]]
    );
    // A number is no place in SELECT.
    assert_eq!(
        rows(&mut session, "SELECT id FROM p ORDER BY ?, id DESC", &[Cell::Int(1)]),
        [[Cell::Int(2)], [Cell::Int(1)]]
    );
    let set = session
        .execute(
            "UPDATE p SET score = ? WHERE name LIKE ? RETURNING score",
            &[Cell::Int(3), text("A%")],
        )
        .unwrap();
    assert_eq!(
        set.answer,
        Answer::Rows {
            columns: vec![throughline_engine::ColumnInfo {
                name: "score".into(),
                ty: "DOUBLE".into()
            }],
            rows: vec![vec![Cell::Float(3.0)]]
        }
    );
    session.execute("INSERT INTO p (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name || ?", &[text("!")]).unwrap();
    assert_eq!(rows(&mut session, "SELECT name FROM p WHERE id = 1", &[]), [[text("x!")]]);
}

#[test]
fn the_number_of_values_must_fit() {
    let mut session = session();
    let error = session.execute("SELECT ?, ?", &[Cell::Int(1)]).unwrap_err();
    assert_eq!(error.message, "the statement takes 2 values, and 1 value is given");
    let error = session.execute("SELECT 1", &[Cell::Int(1)]).unwrap_err();
    assert_eq!(error.message, "the statement takes 0 values, and 1 value is given");
    let error = session.execute("SELECT 1; SELECT 2", &[]).unwrap_err();
    assert_eq!(error.message, "one statement is needed here, and this is 2");
    let error = session.execute("SELECT ?", &[Cell::Date("tomorrow".to_owned())]).unwrap_err();
    assert_eq!(error.message, "the value \"tomorrow\" is no DATE");
    assert!(
        matches!(&session.run("SELECT ?")[0].result, Err(error) if error.kind == ErrorKind::Refused)
    );
    assert!(
        matches!(&session.run("CREATE TABLE c (n INTEGER DEFAULT ?)")[0].result, Err(error) if error.kind == ErrorKind::Refused)
    );
}

#[test]
fn a_prepared_statement_follows_the_schema() {
    let mut session = session();
    let prepared = session.prepare("SELECT * FROM p WHERE id = ?").unwrap();
    assert_eq!(prepared.parameters(), 1);
    session.run("ALTER TABLE p DROP COLUMN data");
    let run = |session: &mut Session| {
        session.execute_prepared(&prepared, &[Cell::Int(1)], &Limits::default())
    };
    assert!(
        matches!(run(&mut session).unwrap().answer, Answer::Rows { columns, .. } if columns.len() == 6)
    );
    session.run("DROP TABLE p");
    assert_eq!(run(&mut session).unwrap_err().message, "there is no table p");
}

#[test]
fn a_failure_changes_nothing_and_transactions_nest() {
    let mut session = session();
    session.begin().unwrap();
    assert!(session.in_transaction());
    session.savepoint("one");
    session.execute("DELETE FROM p", &[]).unwrap();
    assert!(session.execute("INSERT INTO p (id) VALUES (1), (1)", &[]).is_err());
    assert!(rows(&mut session, "SELECT * FROM p", &[]).is_empty());
    session.rollback_to("ONE").unwrap();
    assert_eq!(rows(&mut session, "SELECT COUNT(*) FROM p", &[]), [[Cell::Int(2)]]);
    assert!(session.release("two").is_err());
    session.release("one").unwrap();
    session.commit().unwrap();
    assert!(!session.in_transaction() && session.rollback().is_err());
}
