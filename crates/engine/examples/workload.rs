//! Times the workload of the research notes: authors, posts, categories and the through table between them.
//!
//! `cargo run --release -p throughline-engine --example workload -- 10000`

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::time::Instant;

use throughline_engine::Session;

fn run(session: &mut Session, sql: &str) -> usize {
    let mut rows = 0;
    for outcome in session.run(sql) {
        match outcome.result {
            Ok(throughline_engine::Answer::Rows { rows: found, .. }) => rows = found.len(),
            Ok(_) => {}
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    rows
}

fn insert(session: &mut Session, table: &str, count: usize, row: impl Fn(usize) -> String) {
    let all: Vec<usize> = (1..=count).collect();
    for part in all.chunks(500) {
        let rows: Vec<String> = part.iter().map(|id| row(*id)).collect();
        run(session, &format!("INSERT INTO {table} VALUES {}", rows.join(", ")));
    }
}

fn main() {
    let through: usize =
        std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let (posts, authors) = (through / 4, (through / 40).max(2));
    let categories = ((through as f64).sqrt() as usize / 3).max(10);
    let mut session = Session::new();
    run(&mut session, "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    run(&mut session, "CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)");
    run(
        &mut session,
        "CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES author(id))",
    );
    run(
        &mut session,
        "CREATE TABLE post_category (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, category_id INTEGER NOT NULL REFERENCES category(id), position INTEGER NOT NULL, note TEXT)",
    );
    let start = Instant::now();
    insert(&mut session, "author", authors, |id| format!("({id}, 'author {id}')"));
    insert(&mut session, "category", categories, |id| format!("({id}, 'cat{id}')"));
    insert(&mut session, "post", posts, |id| format!("({id}, 'post {id}', {})", id % authors + 1));
    insert(&mut session, "post_category", through, |id| {
        format!(
            "({id}, {}, {}, {}, 'note {id}')",
            id * 7919 % posts + 1,
            id * 104_729 % categories + 1,
            id % 100
        )
    });
    println!("{:>9.2} ms  bulk insert", start.elapsed().as_secs_f64() * 1e3);
    let queries = [
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
    for (what, sql) in queries {
        let mut times = Vec::new();
        let snapshot = session.snapshot();
        let mut rows = 0;
        for _ in 0..7 {
            session.restore(&snapshot);
            let start = Instant::now();
            rows = run(&mut session, sql);
            times.push(start.elapsed().as_secs_f64() * 1e3);
            if times.iter().sum::<f64>() > 5_000.0 {
                break;
            }
        }
        times.sort_by(f64::total_cmp);
        println!("{:>9.3} ms  {what} ({rows} rows)", times[times.len() / 2]);
    }
}
