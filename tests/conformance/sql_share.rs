//! How many of the statements that the real ORMs sent are ours word by word, and which are not. `cargo test --test sql_share` prints it,
//! and fails where an ORM's share falls below its floor.
//!
//! Blanks, quotes around names and the marks of parameters do not count. The rest does: tables, joins, aliases, columns and their order.

#![allow(
    clippy::indexing_slicing,
    reason = "JSON of a recorded file: a key that is missing is null"
)]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;
use throughline_core::orm;
use throughline_play::{Local, answers};

/// In percent: what is reached today, rounded down.
const FLOORS: &[(&str, usize)] = &[("django", 85), ("ormar", 97), ("peewee", 97), ("tortoise", 93)];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut well = true;
    for (id, floor) in FLOORS {
        let (mut equal, mut all) = (0, 0);
        let mut cases: Vec<_> =
            std::fs::read_dir(root.join(id))?.flatten().map(|entry| entry.path()).collect();
        cases.sort();
        for case in cases.iter().filter(|case| case.join("expected_queries.json").exists()) {
            for (name, ours, theirs) in statements(id, case)? {
                all += 1;
                if ours == theirs {
                    equal += 1;
                } else {
                    println!("{id} {name}\n  ours    {ours}\n  the ORM {theirs}");
                }
            }
        }
        let share = equal * 100 / all.max(1);
        println!("{id}: {equal} of {all} statements are equal ({share} %, floor {floor} %)\n");
        well &= share >= *floor;
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The call, our statement, the ORM's.
type Pair = (String, String, String);

/// The statements of a case.
fn statements(id: &str, case: &Path) -> Result<Vec<Pair>, Box<dyn Error>> {
    let orm = orm::by_id(id).ok_or("there is no such ORM")?;
    let read = |name: &str| std::fs::read_to_string(case.join(name));
    let project = Local::new(orm, read("models.py")?, chrono::NaiveDateTime::default())
        .ok_or("no calls can be run")?;
    let expected: Value = serde_json::from_str(&read("expected_queries.json")?)?;
    let ours = answers(&project, &read("queries.py")?);
    let folder = case.file_name().unwrap_or_default().to_string_lossy();
    let mut out = Vec::new();
    for theirs in expected["results"].as_array().into_iter().flatten() {
        let ours = ours["results"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|ours| ours["name"] == theirs["name"]);
        for (at, sent) in theirs["sql"].as_array().into_iter().flatten().enumerate() {
            let own = ours.and_then(|ours| ours["sql"][at]["sql"].as_str()).unwrap_or("nothing");
            let name = format!("{folder} {}", theirs["name"].as_str().unwrap_or_default());
            out.push((name, plain(own), plain(sent["sql"].as_str().unwrap_or_default())));
        }
    }
    Ok(out)
}

/// Without what does not count.
fn plain(sql: &str) -> String {
    let mut out = String::new();
    let mut letters = sql.replace("%s", "?").chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '`' => {}
            letter if letter.is_whitespace() => {
                let next = letters.peek().copied().unwrap_or(' ');
                let last = out.chars().last().unwrap_or(' ');
                if !" (),=".contains(last) && !next.is_whitespace() && !"(),=".contains(next) {
                    out.push(' ');
                }
            }
            letter => out.push(letter),
        }
    }
    out.trim().to_owned()
}
