//! An option that Peewee does not know.

use super::Context;
use crate::check::{Diagnostic, Rule, fix, names};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-meta-option", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`class Meta` has an option that means nothing to Peewee, but looks as if it should.

## Why

Peewee keeps every attribute of `Meta` and lets you read it later, so it cannot tell a slip from an option of yours. A misspelt option, or one of another ORM, has no effect and gives no message.

## Example

```python
class Meta:
    tablename = "books"
    unique_together = (("author", "title"),)
```

## Fix

Write Peewee's own: `table_name`, `indexes`, `constraints`, `primary_key`.
"#;

/// What `Metadata` and `ModelBase` read.
const KNOWN: &[&str] = &[
    "database",
    "table_name",
    "table_function",
    "indexes",
    "primary_key",
    "constraints",
    "schema",
    "only_save_dirty",
    "depends_on",
    "options",
    "db_table",
    "table_settings",
    "without_rowid",
    "temporary",
    "strict_tables",
    "legacy_table_names",
    "model_metadata_class",
    "schema_manager_class",
    "schema_options",
    "arguments",
    "extension_module",
    "prefix_arguments",
    "extension_options",
];

/// Options of other ORMs, and what Peewee has instead.
const FOREIGN: &[(&str, &str)] = &[
    ("table", "`table_name`"),
    ("tablename", "`table_name`"),
    ("unique_together", "`indexes` with pairs whose second part is `True`"),
    ("index_together", "`indexes`"),
    ("abstract", "nothing: a base class without fields of its own is enough"),
    ("ordering", "`order_by` in each query"),
    ("order_by", "`order_by` in each query"),
    ("managed", "nothing of the kind"),
    ("proxy", "nothing of the kind"),
    ("app_label", "nothing of the kind"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for (name, _) in &model.meta.options {
            let text = name.text.as_str();
            if KNOWN.contains(&text) || text.starts_with('_') {
                continue;
            }
            let foreign = FOREIGN.iter().find(|(other, _)| *other == text);
            let meant = match text {
                "table" | "tablename" => Some("table_name"),
                _ if foreign.is_some() => None,
                _ => names::nearest(text, KNOWN.iter().copied()),
            };
            if foreign.is_none() && meant.is_none() {
                continue; // One of the file's own, to be read by the file.
            }
            let mut found = Diagnostic::advice(RULE.name, name.span, format!("Meta.{text} has no effect."))
                .subject(&model.name.text, None)
                .titled(format!("`{text}` means nothing to Peewee"))
                .why(match foreign {
                    Some((_, own)) => format!("It is an option of another ORM. Peewee keeps it and does nothing with it; it has {own}."),
                    None => "Peewee keeps every option, its own or not, and does nothing with those that it does not know.".to_owned(),
                });
            if let Some(meant) = meant
                .filter(|meant| !model.meta.options.iter().any(|(other, _)| other.text == **meant))
            {
                found = found
                    .fix(format!("Write `{meant}`"), Some(vec![fix::replace(name.span, meant)]));
            }
            out.push(found);
        }
    }
}
