//! An option that `class Meta` does not know.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::Name;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-meta-option", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`class Meta` of a model has an attribute that is no option of Django's.

## Why

Django refuses unknown options, so that a slip of the pen does not go unnoticed.

## Example

```python
class Meta:
    table_name = "books"
```

## Fix

Correct the name (here: `db_table`), or remove the line.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        let unknown: Vec<&Name> = model
            .meta
            .options
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !name.text.starts_with('_') && !KNOWN.contains(&name.text.as_str()))
            .collect();
        let Some(first) = unknown.first() else { continue };
        let listed: Vec<&str> = unknown.iter().map(|name| name.text.as_str()).collect();
        let message = format!("'class Meta' got invalid attribute(s): {}", listed.join(","));
        let mut found = Diagnostic::raised(RULE.name, "TypeError", moments::class(model, Step::Meta), first.span, message)
            .subject(&model.name.text, None)
            .titled(format!("`class Meta` has no option `{}`", first.text))
            .why(match first.text.as_str() {
                "index_together" => "Django 5.1 has removed `index_together`. Indexes over several fields are declared in `indexes`.".to_owned(),
                _ => "Django refuses options that it does not know, so that a misspelt one does not go unnoticed.".to_owned(),
            });
        if let [only] = unknown.as_slice() {
            let meant = match only.text.as_str() {
                "table" | "table_name" | "tablename" | "dbtable" => Some("db_table"),
                other => names::nearest(other, KNOWN.iter().copied()),
            };
            if let Some(meant) = meant
                .filter(|meant| !model.meta.options.iter().any(|(name, _)| name.text == *meant))
            {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(only.span, meant)]),
                );
            }
            found = found.fix("Remove it", fix::remove_option(cx.source, model, &only.text));
        }
        out.push(found);
    }
}

/// `DEFAULT_NAMES` of `django/db/models/options.py`, 5.2.
const KNOWN: &[&str] = &[
    "verbose_name",
    "verbose_name_plural",
    "db_table",
    "db_table_comment",
    "ordering",
    "unique_together",
    "permissions",
    "get_latest_by",
    "order_with_respect_to",
    "app_label",
    "db_tablespace",
    "abstract",
    "managed",
    "proxy",
    "swappable",
    "auto_created",
    "apps",
    "default_permissions",
    "select_on_save",
    "default_related_name",
    "required_db_features",
    "required_db_vendor",
    "base_manager_name",
    "default_manager_name",
    "indexes",
    "constraints",
];
