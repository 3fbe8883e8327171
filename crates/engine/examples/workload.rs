//! Times the workload of the research notes on the engine and on SQLite: authors, posts, categories and the through table between them.
//!
//! `cargo run --release -p throughline-engine --example workload -- 10000 20000`: milliseconds with so many rows of the through table each, the
//! ratio to SQLite, and the ratio to the size before. A name (`-- 10000 "full scan, sum"`) times that statement alone, often enough to profile it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::time::Instant;

use rusqlite::Connection;
use throughline_engine::{Answer, Session};

/// How often a statement is timed at most, and after how many milliseconds in all no more.
const TURNS: usize = 20;
const ENOUGH: f64 = 5_000.0;

/// The engine and SQLite, each with the same tables.
struct Both {
    session: Session,
    connection: Connection,
}

impl Both {
    fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        Self { session: Session::new(), connection }
    }

    /// Runs a statement on the engine: milliseconds and rows.
    fn ours(&mut self, sql: &str) -> (f64, usize) {
        let start = Instant::now();
        let mut rows = 0;
        for outcome in self.session.run(sql) {
            match outcome.result {
                Ok(Answer::Rows { rows: found, .. }) => rows = found.len(),
                Ok(Answer::Affected(_) | Answer::Done) => {}
                Err(error) => panic!("{sql}: {error}"),
            }
        }
        (start.elapsed().as_secs_f64() * 1e3, rows)
    }

    /// Runs a statement on SQLite: milliseconds and rows.
    fn theirs(&self, sql: &str) -> (f64, usize) {
        let start = Instant::now();
        let mut statement = self.connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let mut found = statement.query(()).unwrap();
        let mut rows: Vec<Vec<rusqlite::types::Value>> = Vec::new();
        while let Some(row) = found.next().unwrap() {
            rows.push((0..width).map(|at| row.get(at).unwrap()).collect());
        }
        (start.elapsed().as_secs_f64() * 1e3, rows.len())
    }

    fn run(&mut self, sql: &str) -> [f64; 2] {
        [self.ours(sql).0, self.theirs(sql).0]
    }

    fn insert(&mut self, table: &str, count: usize, row: impl Fn(usize) -> String) -> [f64; 2] {
        let all: Vec<usize> = (1..=count).collect();
        let mut times = [0.0; 2];
        for part in all.chunks(500) {
            let rows: Vec<String> = part.iter().map(|id| row(*id)).collect();
            let took = self.run(&format!("INSERT INTO {table} VALUES {}", rows.join(", ")));
            times.iter_mut().zip(took).for_each(|(sum, took)| *sum += took);
        }
        times
    }
}

const SCHEMA: &[&str] = &[
    "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)",
    "CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES author(id))",
    "CREATE TABLE post_category (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, category_id INTEGER NOT NULL REFERENCES category(id), position INTEGER NOT NULL, note TEXT)",
    "CREATE INDEX post_author ON post (author_id)",
    "CREATE INDEX pc_post ON post_category (post_id)",
    "CREATE INDEX pc_category ON post_category (category_id)",
];

const STATEMENTS: &[(&str, &str)] = &[
    ("point lookup", "SELECT * FROM post WHERE id = 77"),
    ("filter by foreign key", "SELECT * FROM post_category WHERE category_id = 3"),
    (
        "3-table join, category first",
        "SELECT p.title FROM category c JOIN post_category pc ON pc.category_id = c.id JOIN post p ON p.id = pc.post_id WHERE c.name = 'cat5'",
    ),
    (
        "3-table join, post first",
        "SELECT p.title FROM post p JOIN post_category pc ON pc.post_id = p.id JOIN category c ON c.id = pc.category_id WHERE c.name = 'cat5'",
    ),
    (
        "many-to-many navigation",
        "SELECT c.name FROM post_category pc JOIN category c ON c.id = pc.category_id WHERE pc.post_id = 77 ORDER BY pc.position",
    ),
    (
        "group and count",
        "SELECT c.name, COUNT(*) FROM category c JOIN post_category pc ON pc.category_id = c.id GROUP BY c.id, c.name",
    ),
    (
        "left join with counts",
        "SELECT c.name, COUNT(pc.id) FROM category c LEFT JOIN post_category pc ON pc.category_id = c.id GROUP BY c.id, c.name",
    ),
    ("ORDER BY LIMIT", "SELECT id, position FROM post_category ORDER BY position, id LIMIT 10"),
    (
        "IN (SELECT)",
        "SELECT title FROM post WHERE id IN (SELECT post_id FROM post_category WHERE category_id = 3)",
    ),
    (
        "EXISTS",
        "SELECT title FROM post p WHERE EXISTS (SELECT 1 FROM post_category pc WHERE pc.post_id = p.id AND pc.category_id = 3)",
    ),
    (
        "NOT EXISTS",
        "SELECT title FROM post p WHERE NOT EXISTS (SELECT 1 FROM post_category pc WHERE pc.post_id = p.id)",
    ),
    (
        "JOIN (SELECT DISTINCT)",
        "SELECT p.title FROM post p JOIN (SELECT DISTINCT post_id FROM post_category WHERE category_id = 3) x ON x.post_id = p.id",
    ),
    (
        "derived table on the left",
        "SELECT x.n, p.title FROM (SELECT post_id, COUNT(*) AS n FROM post_category GROUP BY post_id) x JOIN post p ON p.id = x.post_id WHERE x.n > 6",
    ),
    (
        "scalar subquery per row",
        "SELECT a.name, (SELECT COUNT(*) FROM post p WHERE p.author_id = a.id) FROM author a",
    ),
    ("LIKE", "SELECT COUNT(*) FROM post WHERE title LIKE '%77%'"),
    ("COUNT(*)", "SELECT COUNT(*) FROM post_category"),
    ("full scan, sum", "SELECT SUM(position) FROM post_category WHERE position > 10"),
    ("UPDATE by key", "UPDATE post SET title = 'new' WHERE id = 78"),
    ("DELETE leaf by key", "DELETE FROM post_category WHERE id = 79"),
    ("DELETE parent", "DELETE FROM post WHERE id = 80"),
    ("UPDATE all", "UPDATE post_category SET position = position + 1"),
];

/// What each statement takes on the engine and on SQLite, in milliseconds: all statements, or the one of this name.
fn times(through: usize, only: Option<&str>) -> Vec<(&'static str, [f64; 2])> {
    let (posts, authors) = (through / 4, (through / 40).max(2));
    let categories = (through.isqrt() / 3).max(10);
    let mut both = Both::new();
    for sql in SCHEMA {
        both.run(sql);
    }
    both.run("BEGIN");
    let parts = [
        both.insert("author", authors, |id| format!("({id}, 'author {id}')")),
        both.insert("category", categories, |id| format!("({id}, 'cat{id}')")),
        both.insert("post", posts, |id| format!("({id}, 'post {id}', {})", id % authors + 1)),
        both.insert("post_category", through, |id| {
            let (post, category) = (id * 7919 % posts + 1, id * 104_729 % categories + 1);
            format!("({id}, {post}, {category}, {}, 'note {id}')", id % 100)
        }),
    ];
    both.run("COMMIT");
    let whole = |which: usize| parts.iter().map(|part| part[which]).sum();
    let mut found = vec![("bulk insert", [whole(0), whole(1)])];
    for (what, sql) in STATEMENTS.iter().filter(|(what, _)| only.is_none_or(|only| only == *what)) {
        let mut took = [Vec::new(), Vec::new()];
        for _ in 0..if only.is_some() { 20 * TURNS } else { TURNS } {
            let snapshot = both.session.snapshot();
            let (ours, rows) = both.ours(sql);
            both.session.restore(&snapshot);
            both.connection.execute_batch("SAVEPOINT turn").unwrap();
            let (theirs, expected) = both.theirs(sql);
            both.connection.execute_batch("ROLLBACK TO turn; RELEASE turn").unwrap();
            assert_eq!(rows, expected, "{what}");
            took[0].push(ours);
            took[1].push(theirs);
            if took.iter().flatten().sum::<f64>() > ENOUGH {
                break;
            }
        }
        found.push((*what, took.map(best)));
    }
    found
}

/// What else runs on the machine can only make it slower.
fn best(times: Vec<f64>) -> f64 {
    times.into_iter().fold(f64::INFINITY, f64::min)
}

fn main() {
    let mut sizes: Vec<usize> = Vec::new();
    let mut only = None;
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(size) => sizes.push(size),
            Err(_) => only = Some(argument),
        }
    }
    if sizes.is_empty() {
        sizes.push(10_000);
    }
    let mut before: Vec<f64> = Vec::new();
    for size in sizes {
        println!("{size:>9} rows    engine ms    SQLite ms   ratio  growth");
        let found = times(size, only.as_deref());
        for (at, (what, [ours, theirs])) in found.iter().enumerate() {
            let growth = before.get(at).map(|before| format!("{:.2}", ours / before));
            let ratio = ours / theirs;
            let growth = growth.unwrap_or_default();
            println!("{what:<29} {ours:>9.3}    {theirs:>9.3}  {ratio:>6.2}  {growth:>6}");
        }
        before = found.iter().map(|(_, [ours, _])| *ours).collect();
    }
}
