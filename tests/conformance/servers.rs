//! The statements for database servers against those that the ORM itself writes, word for word.
//!
//! Their order is compared only as far as it matters, which a run in the database shows: see `record/run.py`.

use std::path::Path;

use throughline_core::sql::{self, Dialect};
use throughline_core::{Analysis, Tables};

/// The files beside a case, each with the dialect that it is in, and its name among the facets.
const RECORDED: [(&str, Dialect); 2] =
    [("ddl_postgres", Dialect::Postgres), ("ddl_mysql", Dialect::MySql)];

/// What differs, for each dialect that is recorded: the facet's name, and whether ours are the same, with both where not.
pub(crate) fn compare(
    folder: &Path,
    analysis: &Analysis,
) -> std::io::Result<Vec<(&'static str, Option<String>)>> {
    let mut out = Vec::new();
    for (name, dialect) in RECORDED {
        let path = folder.join(format!("{name}.sql"));
        if path.exists() {
            out.push((name, difference(ours(analysis, dialect), &std::fs::read_to_string(path)?)));
        }
    }
    Ok(out)
}

/// The statements for the tables of the file itself.
fn ours(analysis: &Analysis, dialect: Dialect) -> Vec<String> {
    let tables = analysis.tables_for(dialect).into_owned();
    let own = tables.tables.into_iter().filter(|table| !table.external).collect();
    sql::ddl(&Tables { tables: own, ..tables }, dialect)
}

fn difference(ours: Vec<String>, recorded: &str) -> Option<String> {
    let mut theirs: Vec<&str> =
        recorded.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()).collect();
    let mut ours: Vec<&str> = ours.iter().map(|statement| statement.trim()).collect();
    theirs.sort_unstable();
    ours.sort_unstable();
    if ours == theirs {
        return None;
    }
    let only = |these: &[&str], those: &[&str], who: &str| -> String {
        let missing = these.iter().filter(|statement| !those.contains(statement));
        missing.map(|statement| format!("\n  {who}{statement}")).collect()
    };
    Some(only(&ours, &theirs, "ours    ") + &only(&theirs, &ours, "the ORM "))
}
