//! Calls of the ORMs: our values, messages, changed rows and statements against those of the real ones, as recorded in
//! `fixtures/<orm>/<case>/expected_queries.json`.

#![allow(
    clippy::indexing_slicing,
    reason = "JSON of a recorded file: a key that is missing is null"
)]

use std::error::Error;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Map, Value, json};
use throughline_core::orm;
use throughline_play::{Local, answers};

/// Calls whose answers differ, with the reason: ORM, case, call. One that agrees again fails the test.
const GAPS: &[(&str, &str, &str)] = &[];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut trials = Vec::new();
    for runtime in throughline_script::orm::ALL {
        for case in folders(&root.join(runtime.id())) {
            if case.join("expected_queries.json").exists() {
                let name =
                    format!("{}/{}", runtime.id(), case.file_name().unwrap_or_default().display());
                let id = runtime.id();
                trials.push(Trial::test(name, move || check(id, &case)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> =
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    out.sort();
    out
}

fn check(id: &str, case: &Path) -> Result<(), Failed> {
    let orm = orm::by_id(id).ok_or("there is no such ORM")?;
    let read = |name: &str| std::fs::read_to_string(case.join(name));
    let now = chrono::NaiveDate::from_ymd_opt(2026, 1, 2)
        .and_then(|day| day.and_hms_opt(3, 4, 5))
        .ok_or("a moment")?;
    let project = Local::new(orm, read("models.py")?, now).ok_or("no calls can be run")?;
    let expected: Value = serde_json::from_str(&read("expected_queries.json")?)?;
    let ours = answers(&project, &read("queries.py")?);
    let find = |name: &Value| {
        ours["results"].as_array().into_iter().flatten().find(|each| each["name"] == *name).cloned()
    };
    let mut wrong = Vec::new();
    for theirs in expected["results"].as_array().into_iter().flatten() {
        let before = wrong.len();
        let ours = find(&theirs["name"]).unwrap_or_default();
        for (facet, view) in FACETS {
            let ordered = theirs["ordered"] == json!(true);
            let (ours, theirs_seen) = (view(&ours, ordered), view(theirs, ordered));
            if ours != theirs_seen {
                wrong.push(format!(
                    "{} {facet}\n  ours    {ours}\n  the ORM {theirs_seen}",
                    theirs["name"]
                ));
            }
        }
        let folder = case.file_name().unwrap_or_default().to_string_lossy();
        if GAPS
            .iter()
            .any(|gap| *gap == (id, &*folder, theirs["name"].as_str().unwrap_or_default()))
        {
            let closed = wrong.len() == before;
            wrong.truncate(before);
            if closed {
                wrong.push(format!("{} agrees: it is no known gap any more", theirs["name"]));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

type View = fn(&Value, bool) -> Value;

const FACETS: &[(&str, View)] =
    &[("result", result), ("message", message), ("rows", rows), ("count", count)];

/// The value, as a bag where no order is promised; or the class of the exception.
fn result(answer: &Value, ordered: bool) -> Value {
    if let Some(exception) = answer.get("exception") {
        return json!({ "raises": exception["type"] });
    }
    match &answer["result"] {
        Value::Array(items) if !ordered => json!({ "value": sorted(items.clone()) }),
        other => json!({ "value": other }),
    }
}

fn message(answer: &Value, _: bool) -> Value {
    answer.get("exception").map_or(Value::Null, |exception| exception["message"].clone())
}

fn rows(answer: &Value, _: bool) -> Value {
    let mut out = Map::new();
    for (table, contents) in answer["tables_changed"].as_object().into_iter().flatten() {
        let columns: Vec<String> = contents["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|column| column.as_str().unwrap_or_default().to_owned())
            .collect();
        let rows = contents["rows"].as_array().into_iter().flatten().map(|row| {
            let cells = row.as_array().cloned().unwrap_or_default();
            Value::Object(columns.iter().cloned().zip(cells).collect())
        });
        out.insert(table.clone(), Value::Array(sorted(rows.collect())));
    }
    Value::Object(out)
}

fn count(answer: &Value, _: bool) -> Value {
    json!(answer["sql"].as_array().map_or(0, Vec::len))
}

fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by_key(Value::to_string);
    items
}
