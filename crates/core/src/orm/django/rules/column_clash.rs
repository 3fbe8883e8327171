//! Two fields with the same column.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::registry::Local;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{on_model, repeats};
use rustc_hash::{FxHashMap, FxHashSet};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "column-clash", ids: &["models.E007"], docs: DOCS };

const DOCS: &str = r#"## What

Two fields of a model have the same column.

## Why

A table can have a column of a name only once.

## Example

```python
class Book(models.Model):
    title = models.CharField(max_length=50)
    name = models.CharField(max_length=50, db_column="title")
```

## Fix

Give one of them another `db_column`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Django keeps silent about columns where names clash already.
    let silenced: FxHashSet<String> = out
        .iter()
        .filter(|found| {
            matches!(
                found.id,
                Some(
                    "models.E004"
                        | "models.E005"
                        | "models.E006"
                        | "models.E023"
                        | "models.E024"
                        | "models.E025"
                        | "models.E026"
                )
            )
        })
        .filter_map(|found| found.subject.model.clone())
        .collect();
    for class in cx.registry.installed().filter(|class| !silenced.contains(class.name())) {
        let columns = class.fields.iter().filter_map(|local| local.column.as_deref());
        if !repeats(columns, str::cmp) {
            continue;
        }
        let mut used: FxHashMap<&str, &Local<'_>> = FxHashMap::default();
        for local in &class.fields {
            let Some(column) = local.column.as_deref() else { continue };
            let Some(first) = used.get(column) else {
                used.insert(column, local);
                continue;
            };
            let Some(field) = local.field.or(first.field) else { continue };
            let place = field.column.as_ref().map_or(field.name.span, |column| column.span);
            let mut found = on_model(
                RULE.name,
                "models.E007",
                class,
                place,
                format!(
                    "Field '{}' has column name '{column}' that is used by another field.",
                    local.name
                ),
            )
            .hint("Specify a 'db_column' for the field.")
            .subject(class.name(), Some(&local.name))
            .related(class.name(), Some(&first.name), first.field.map(|field| field.name.span))
            .titled(format!("`{}` and `{}` share the column `{column}`", first.name, local.name))
            .why(format!(
                "A table has each column once. `{}` and `{}` would both be kept in `{column}`.",
                first.name, local.name
            ));
            let own = if field.relation().is_some() {
                format!("{}_id", field.name.text)
            } else {
                field.name.text.clone()
            };
            let free = |name: &str| {
                !class.fields.iter().any(|other| other.column.as_deref() == Some(name))
            };
            if field.column.is_some() && free(&own) {
                found = found.fix("Remove `db_column`", fix::remove(cx.source, field, "db_column"));
            } else {
                let wanted = names::free(&[format!("{own}_2")], |name| !free(name));
                found = found.fix(
                    format!("Set `db_column=\"{wanted}\"`"),
                    fix::set(cx.source, field, "db_column", &fix::quote(&wanted)),
                );
            }
            out.push(found);
        }
    }
}
