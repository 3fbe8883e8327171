//! Options of `Meta` that mean nothing.

use super::Context;
use crate::check::{Diagnostic, Rule, fix, names};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-meta-option", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`Meta` has an option that Tortoise does not know: misspelt, or from another ORM.

## Why

Tortoise asks `Meta` for what it knows and passes over the rest. With `db_table = "people"` the table is still called as the class.

## Example

```python
class Meta:
    db_table = "people"
```

## Fix

Correct the name (`table`), or leave the option out.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for (name, _) in &model.meta.options {
            let text = name.text.as_str();
            if KNOWN.contains(&text) || text.starts_with('_') {
                continue;
            }
            let meant = ALIKE
                .iter()
                .find(|(other, _)| *other == text)
                .map(|(_, own)| *own)
                .or_else(|| names::nearest(text, KNOWN.iter().copied()));
            let meant = meant
                .filter(|meant| !model.meta.options.iter().any(|(other, _)| other.text == *meant));
            let mut found =
                Diagnostic::advice(RULE.name, name.span, format!("'{text}' is no option of Meta."))
                    .subject(&model.name.text, None)
                    .titled(format!("Tortoise knows no option `{text}`"))
                    .why("Options that it does not know are passed over without a word.");
            if let Some(meant) = meant {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(name.span, meant)]),
                );
            }
            out.push(
                found.fix(format!("Remove `{text}`"), fix::remove_option(cx.source, model, text)),
            );
        }
    }
}

/// What `MetaInfo` asks for, and `managed`, which the migration tool does.
const KNOWN: &[&str] = &[
    "abstract",
    "table",
    "schema",
    "app",
    "unique_together",
    "constraints",
    "indexes",
    "ordering",
    "manager",
    "pk_attr",
    "table_description",
    "fetch_db_defaults",
    "default_connection",
    "managed",
];

/// The same in other ORMs' words.
const ALIKE: &[(&str, &str)] = &[
    ("db_table", "table"),
    ("table_name", "table"),
    ("tablename", "table"),
    ("app_label", "app"),
    ("db_table_comment", "table_description"),
    ("description", "table_description"),
];
