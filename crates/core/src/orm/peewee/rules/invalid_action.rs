//! `on_delete` that is no action of SQL.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-action", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`on_delete` or `on_update` is none of SQL's actions.

## Why

Peewee writes the text into the statement that makes the table, as it is. SQL knows `CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT` and `NO ACTION`, with a blank between the words.

## Example

```python
author = ForeignKeyField(Author, null=True, on_delete="SET_NULL")
```

## Fix

Write `on_delete="SET NULL"`.
"#;

const ACTIONS: &[&str] = &["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let Reason::Action(written) = &failure.reason else { continue };
        let message = format!("near \"{}\": syntax error", stumbles_at(written));
        let mut found = place::unmakeable(cx, RULE.name, "OperationalError", failure, message)
            .titled(format!("`{written}` is no action"))
            .why("The text goes into the SQL as it is, and the database knows `CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT` and `NO ACTION`.");
        if let Some((_, field)) = failure.object.and_then(|object| place::declared(cx, object)) {
            let keyword = ["on_delete", "on_update"].into_iter().find(|keyword| {
                field.arg(keyword).is_some_and(|arg| arg.value.as_str() == Some(written))
            });
            let letters = |text: &str| {
                text.chars()
                    .filter(|letter| letter.is_alphabetic())
                    .collect::<String>()
                    .to_uppercase()
            };
            let meant = ACTIONS.iter().find(|action| letters(action) == letters(written));
            if let Some(keyword) = keyword {
                found.span = field.arg(keyword).map_or(found.span, |arg| arg.value_span);
                if let Some(meant) = meant {
                    found = found.fix(
                        format!("Write `{meant}`"),
                        fix::set(cx.source, field, keyword, &fix::quote(meant)),
                    );
                } else {
                    found = found.fix("Take it out", fix::remove(cx.source, field, keyword));
                }
            }
        }
        out.push(found);
    }
}

/// The word at which SQLite gives up.
fn stumbles_at(written: &str) -> String {
    let mut words = written.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next();
    match (first.to_uppercase().as_str(), second) {
        ("CASCADE" | "RESTRICT" | "SET" | "NO", Some(second)) => second.to_owned(),
        ("SET" | "NO", None) => ")".to_owned(),
        _ => first.to_owned(),
    }
}
