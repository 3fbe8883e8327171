//! The laws of writing a project in another ORM, over every recorded case that its own ORM accepts.
//!
//! 1. What is written is accepted, and read back it is the schema that was meant, whichever names were asked for.
//! 2. Where that schema differs from the project's, an `Unsaid` names the place.
//! 3. Written in its own ORM, a project has the same tables, to the letter.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use throughline_core::convert::{Converted, Fact, Names, Schema, build, convert, facts};
use throughline_core::orm::{self, Orm};
use throughline_core::{Analysis, Severity, analyze};

/// What does not hold today, with reasons.
const KNOWN: &[(&str, &str)] = &[
    (
        "peewee/450-calls-posts to ormar",
        "the column of a through model's key whose name ormar cannot have",
    ),
    (
        "ormar/461-virtual-many-to-many to ormar",
        "the through table of a virtual many-to-many, which is the other side of no relation",
    ),
    (
        "ormar/240-through-column-replaced to ormar",
        "a column whose field the shortcut of a through model has replaced",
    ),
    (
        "tortoise/230-indexes-fk-source to tortoise",
        "an index by the name of a relation with a column of another name",
    ),
    ("tortoise/243-mixins to tortoise", "the place of a key that a parent has been given"),
    (
        "tortoise/260-redeclared to tortoise",
        "a key to a class that another of its name has replaced, and that has no table",
    ),
    ("tortoise/265-fk-pk to tortoise", "a Tortoise model whose key makes no column"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::from_args();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut trials = Vec::new();
    for from in orm::ALL.iter().copied() {
        let Ok(entries) = std::fs::read_dir(fixtures.join(from.profile().id)) else { continue };
        let mut folders =
            entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
        folders.sort();
        for folder in folders {
            let expected = folder.join("expected.json");
            if !expected.exists() {
                continue;
            }
            let expected: Value = serde_json::from_str(&std::fs::read_to_string(expected)?)?;
            if expected.get("ok") != Some(&Value::Bool(true)) {
                continue;
            }
            let source = std::fs::read_to_string(folder.join("models.py"))?;
            let case = folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            for to in orm::ALL.iter().copied().filter(|to| to.source_writer().is_some()) {
                let name = format!("{}/{case} to {}", from.profile().id, to.profile().id);
                let source = source.clone();
                let gap = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason);
                trials.push(Trial::test(name, move || match (check(from, &source, to), gap) {
                    (result, None) => result,
                    (Err(_), Some(_)) => Ok(()),
                    (Ok(()), Some(reason)) => {
                        Err(format!("the gap has closed, take it off the list ({reason})").into())
                    }
                }));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(from: &dyn Orm, source: &str, to: &dyn Orm) -> Result<(), Failed> {
    let analysis = analyze(from, source);
    if analysis.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        // What the ORM lets pass and we do not is no project to carry on with.
        return Ok(());
    }
    let (before, _) = build(from, &analysis);
    if before.models.is_empty() {
        return Ok(());
    }
    let mut wrong = Vec::new();
    for names in [Names::Keep, Names::OrmDefault] {
        let Some(written) = convert(from, &analysis, to, names) else { continue };
        let there = analyze(to, &written.source);
        let (read, _) = build(to, &there);
        let mut bad = accepted(&there);
        bad.extend(differences("read back", &written.schema, &read));
        if names == Names::Keep {
            bad.extend(unnamed(&before, &written));
            // What cannot be said is held by the second law.
            let whole = !written.unsaid.iter().any(|unsaid| unsaid.why.contains("left out"))
                && facts(&before) == facts(&written.schema);
            if from.profile().id == to.profile().id && whole {
                bad.extend(tables(&analysis, &there));
            }
        }
        if !bad.is_empty() {
            let said: Vec<String> = written.unsaid.iter().map(ToString::to_string).collect();
            wrong.push(format!(
                "{names:?}\n{}\n--- unsaid\n{}\n--- written\n{}",
                bad.join("\n"),
                said.join("\n"),
                written.source
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

/// Errors of the written models.
fn accepted(there: &Analysis) -> Vec<String> {
    let errors = there.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|error| format!("refused: {} {}", error.rule, error.message)).collect()
}

/// What two schemas disagree in.
fn disagree(a: &Schema, b: &Schema) -> Vec<(Fact, Option<String>, Option<String>)> {
    let (a, b) = (facts(a), facts(b));
    let keys: BTreeSet<&Fact> = a.keys().chain(b.keys()).collect();
    keys.into_iter()
        .filter(|key| a.get(*key) != b.get(*key))
        .map(|key| (key.clone(), a.get(key).cloned(), b.get(key).cloned()))
        .collect()
}

fn differences(what: &str, a: &Schema, b: &Schema) -> Vec<String> {
    let all = disagree(a, b).into_iter();
    all.map(|((model, field, aspect), a, b)| {
        format!("{what}: {model}.{field} {aspect}: {a:?} became {b:?}")
    })
    .collect()
}

/// Changes that no `Unsaid` speaks of.
fn unnamed(before: &Schema, written: &Converted) -> Vec<String> {
    let said = |model: &str, field: &str| {
        written.unsaid.iter().any(|unsaid| {
            let same = unsaid.model.as_deref().is_none_or(|said| said == model);
            let mentions = |name: &str| unsaid.why.contains(name) || unsaid.what.contains(name);
            // A field or model that is only on one side is named in the sentence, or belongs to a model that is.
            let elsewhere = before.model(model).is_none() && mentions(model);
            let gone = before.model(model).is_some_and(|before| before.field(field).is_none());
            (same
                && (unsaid.field.as_deref().is_none_or(|said| said == field)
                    || field.is_empty()
                    || gone))
                || elsewhere
        })
    };
    disagree(before, &written.schema)
        .into_iter()
        // A key's type follows the field that it references, and that is said there.
        .filter(|((model, field, aspect), ..)| {
            !said(model, field) && !follows(before, model, field, aspect)
        })
        .map(|((model, field, aspect), a, b)| {
            format!("not said: {model}.{field} {aspect}: {a:?} became {b:?}")
        })
        .collect()
}

fn follows(before: &Schema, model: &str, field: &str, aspect: &str) -> bool {
    use throughline_core::convert::Shape;
    let field = before.model(model).and_then(|model| model.field(field));
    aspect == "type" && field.is_some_and(|field| matches!(field.shape, Shape::Key(_)))
}

fn tables(before: &Analysis, after: &Analysis) -> Option<String> {
    let sql = |analysis: &Analysis| {
        let statements =
            throughline_core::sql::ddl(&analysis.tables, throughline_core::sql::Dialect::Sqlite);
        // To say that nothing happens is to say nothing.
        let bare = |sql: String| {
            let sql = sql.to_uppercase();
            let sql = sql.replace(" ON DELETE NO ACTION", "").replace(" ON UPDATE NO ACTION", "");
            // Nobody sees the names of indexes but the database.
            match (sql.split_once(" INDEX \""), sql.split_once(" ON ")) {
                (Some((create, _)), Some((_, rest))) => format!("{create} INDEX ON {rest}"),
                _ => sql,
            }
        };
        statements.into_iter().map(bare).collect::<Vec<_>>()
    };
    let (before, after): (BTreeSet<_>, BTreeSet<_>) =
        (sql(before).into_iter().collect(), sql(after).into_iter().collect());
    let differing: Vec<&str> = before.symmetric_difference(&after).map(String::as_str).collect();
    (!differing.is_empty()).then(|| format!("tables differ:\n{}", differing.join("\n")))
}
