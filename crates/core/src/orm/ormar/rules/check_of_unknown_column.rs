//! A check over a column that is not there.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, Stage, fix, names};
use crate::document::{Model, Span};
use crate::orm::ormar::dialect::is_reserved;
use crate::orm::ormar::world::ConstraintForm;
use crate::sql::Dialect;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "check-of-unknown-column", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The SQL of a `CheckColumns` names a column that the table does not have.

## Why

The text is handed to the database as it is; the database refuses to make the table.

## Example

```python
class Course(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.CheckColumns("start_time < end_date")])
    id: int = ormar.Integer(primary_key=True)
    start_date = ormar.Date()
    end_date = ormar.Date()
```

## Fix

Name columns of the table.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for table in cx.world.tables.iter().filter(|table| !table.removed) {
        let Some(model) = cx.model(table.class) else { continue };
        let columns: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        for constraint in &table.constraints {
            let ConstraintForm::Check(condition) = &constraint.form else { continue };
            let known =
                |word: &&str| columns.iter().any(|column| column.eq_ignore_ascii_case(word));
            let Some(word) = words(condition).into_iter().find(|word| !known(word)) else {
                continue;
            };
            out.push(found(cx, model, constraint.span, word, &columns));
        }
    }
}

fn found(cx: &Context<'_>, model: &Model, span: Span, word: &str, columns: &[&str]) -> Diagnostic {
    let message = format!("(sqlite3.OperationalError) no such column: {word}");
    let mut found = raised_by_class(&RULE, "OperationalError", model, span, message)
        .titled(format!("`{}` has no column `{word}`", model.name.text))
        .why("The database reads the check, and knows only the columns of this table.");
    found.stage = Stage::Schema;
    let text = span.text(cx.source);
    if let (Some(meant), Some(at)) =
        (names::nearest(word, columns.iter().copied()), text.find(word))
    {
        let start = span.start + u32::try_from(at).unwrap_or_default();
        let end = start + u32::try_from(word.len()).unwrap_or_default();
        found = found.fix(
            format!("Did you mean `{meant}`?"),
            Some(vec![fix::replace(Span::new(start, end), meant)]),
        );
    }
    found
}

/// The names in a condition that must be columns: no words of SQL, no functions, nothing in quotes.
fn words(condition: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = condition;
    while let Some(letter) = rest.chars().next() {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        if letter == '\'' || letter == '"' || letter == '`' || letter == '[' {
            let close = if letter == '[' { ']' } else { letter };
            let inner = rest.get(letter.len_utf8()..).unwrap_or_default();
            rest = inner
                .find(close)
                .and_then(|at| inner.get(at + close.len_utf8()..))
                .unwrap_or_default();
        } else if is_part(letter) {
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let called = after.trim_start().starts_with(['(', '.']);
            let number = letter.is_ascii_digit();
            if !number
                && !called
                && !is_reserved(&word.to_lowercase(), Dialect::Sqlite)
                && !MORE.contains(&word.to_lowercase().as_str())
            {
                out.push(word);
            }
            rest = after;
        } else {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// Words of SQL that SQLAlchemy does not put in quotes, and types, which stand in casts.
const MORE: [&str; 12] = [
    "integer",
    "text",
    "real",
    "numeric",
    "blob",
    "regexp",
    "current_timestamp",
    "varchar",
    "int",
    "date",
    "over",
    "float",
];
