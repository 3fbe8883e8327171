//! Recorded calls.

use serde_json::{Map, Value as Json, json};
use throughline_core::document::ColumnType;
use throughline_core::live::Models;
use throughline_script::export::Exporter;
use throughline_script::{Cell, Limits, Machine, Raised, Runtime, Sent, Value};

use crate::Local;
use crate::database::{Contents, type_of};

/// The answers to recorded calls: a Python file with `SETUP`, statements that come before each call, and `QUERIES`, names with their code. Each call runs on
/// an empty database after a fresh setup.
pub fn answers(local: &Local, source: &str) -> Json {
    let (setup, queries) = calls(source);
    // The recordings bound all models.
    let models = local.project.models.bound();
    let results: Vec<Json> =
        queries.iter().map(|(name, code)| answer(local, &models, &setup, name, code)).collect();
    json!({
        "orm": local.orm.profile().id,
        "version": local.orm.profile().version,
        "setup": setup,
        "results": results,
    })
}

/// The setup, and the calls with their names.
fn calls(source: &str) -> (String, Vec<(String, String)>) {
    let mut machine = Machine::new(Limits::default(), chrono::NaiveDateTime::default());
    machine.run_script(source, &mut |_, _| {});
    let text = |value: &Value| value.as_str().map(clean).unwrap_or_default();
    let setup = machine.scope.get("SETUP").map(|value| text(&value)).unwrap_or_default();
    let mut queries = Vec::new();
    if let Some(list) = machine.scope.get("QUERIES") {
        for item in machine.list_of(&list).unwrap_or_default() {
            if let Value::Tuple(parts) = item
                && let [name, code, ..] = &*parts
            {
                queries.push((text(name), text(code)));
            }
        }
    }
    (setup, queries)
}

/// As `inspect.cleandoc`: without the indentation that all lines but the first share.
fn clean(text: &str) -> String {
    let indent = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start().to_owned();
    let rest = lines.map(|line| line.get(indent..).unwrap_or_default().to_owned());
    let all: Vec<String> = std::iter::once(first).chain(rest).collect();
    all.join("\n").trim_matches('\n').to_owned()
}

fn answer(local: &Local, models: &Models, setup: &str, name: &str, code: &str) -> Json {
    let database = local.database();
    let mut script = local.project.script_on(models, &database);
    let mut out = Map::new();
    out.insert("name".into(), json!(name));
    out.insert("code".into(), json!(code));
    if let Err(raised) = script.value_of(setup) {
        out.insert("setup_exception".into(), exception(&mut script.machine, &raised));
        return Json::Object(out);
    }
    script.world.take_sent();
    let before = database.contents();
    match script.value_of(code) {
        Ok(value) => {
            if let Some(value) = value {
                let exporter = Exporter::new(script.runtime, &script.world);
                match exporter.json(&mut script.machine, &value) {
                    Ok(json) => {
                        out.insert("result".into(), json);
                    }
                    Err(raised) => {
                        out.insert("exception".into(), exception(&mut script.machine, &raised));
                    }
                }
            }
        }
        Err(raised) => {
            out.insert("exception".into(), exception(&mut script.machine, &raised));
        }
    }
    let sent = script.world.take_sent();
    out.insert("ordered".into(), json!(is_ordered(&sent)));
    out.insert(
        "sql".into(),
        sent.iter().map(|sent| statement(local.project.runtime, sent)).collect(),
    );
    let mut changed = Map::new();
    for (table, contents) in database.contents() {
        if before.get(&table) != Some(&contents) {
            changed.insert(table.clone(), rows(local, &table, &contents));
        }
    }
    if !changed.is_empty() {
        out.insert("tables_changed".into(), Json::Object(changed));
    }
    Json::Object(out)
}

fn exception(machine: &mut Machine, raised: &Raised) -> Json {
    let (class, message) = said(machine, raised);
    json!({ "type": class, "message": message })
}

/// The class and the message of what ended a call.
pub(crate) fn said(machine: &mut Machine, raised: &Raised) -> (String, String) {
    match machine.described(raised) {
        Ok(described) => {
            let class = described
                .class
                .map_or_else(|| "Refused".to_owned(), |class| class.name.to_string());
            (class, described.message)
        }
        Err(_) => ("Refused".to_owned(), String::new()),
    }
}

pub(crate) fn statement(runtime: &dyn Runtime, sent: &Sent) -> Json {
    let params: Vec<Json> =
        sent.params.iter().map(|cell| runtime.stored(&ColumnType::Text, cell)).collect();
    json!({ "sql": sent.sql, "params": params })
}

fn is_ordered(sent: &[Sent]) -> bool {
    let starts = |sent: &&Sent| {
        let sql = sent.sql.trim_start().to_uppercase();
        ["SELECT", "WITH", "("].iter().any(|word| sql.starts_with(word))
    };
    sent.iter().rfind(starts).is_some_and(|sent| sent.sql.to_uppercase().contains(" ORDER BY "))
}

fn rows(local: &Local, table: &str, (columns, rows): &Contents) -> Json {
    let stored = |column: &String, cell: &Cell| {
        let ty = type_of(&local.analysis.tables, table, column).unwrap_or(&ColumnType::Text);
        local.project.runtime.stored(ty, cell)
    };
    let rows: Vec<Vec<Json>> = rows
        .iter()
        .map(|row| columns.iter().zip(row).map(|(column, cell)| stored(column, cell)).collect())
        .collect();
    json!({ "columns": columns, "rows": rows })
}
