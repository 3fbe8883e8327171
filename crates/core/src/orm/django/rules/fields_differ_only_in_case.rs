//! Fields that differ only in case.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::registry::Local;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{owner, repeats, without_case};
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "fields-differ-only-in-case", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The columns of two fields are equal but for upper and lower case.

## Why

Python tells `level` from `Level`; SQLite, MySQL and others do not. Django checks nothing here and fails when it makes the table.

## Example

```python
class Player(models.Model):
    level = models.IntegerField()
    Level = models.IntegerField()
```

## Fix

Rename one of them, or give one another `db_column`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| !class.is_abstract()) {
        let columns = class.fields.iter().filter_map(|local| local.column.as_deref());
        if !repeats(columns, without_case) {
            continue;
        }
        let mut seen: FxHashMap<String, &Local<'_>> = FxHashMap::default();
        for local in &class.fields {
            let Some(column) = local.column.as_deref() else { continue };
            let Some(first) = seen
                .insert(column.to_ascii_lowercase(), local)
                .filter(|first| first.column.as_deref() != Some(column))
            else {
                continue;
            };
            let Some(field) = local.field else { continue };
            let title =
                format!("`{}` and `{}` are one column to the database", first.name, local.name);
            let key = format!("{}:{}:{}", RULE.name, class.name(), column.to_ascii_lowercase());
            let why = "Python tells the two names apart, the database does not: names of columns that differ only in case are the same to it. Django does not look at that before it makes the table.";
            let wanted = names::free(
                &[
                    format!("{}_2", local.name.to_lowercase()),
                    format!("{}_{}", names::snake(class.name()), local.name.to_lowercase()),
                ],
                |name| cx.registry.forward_field(class.index, name).is_some(),
            );
            let edits = owner(cx, local)
                .and_then(|model| fix::rename_field(cx.source, cx.document, model, field, &wanted))
                .filter(|_| field.column.is_none() && field.relation().is_none());
            let advice = Diagnostic::advice(RULE.name, field.name.span, title.clone())
                .object(class.path(&local.name))
                .subject(class.name(), Some(&local.name))
                .related(class.name(), Some(&first.name), first.field.map(|field| field.name.span))
                .cause(key.clone(), title.clone())
                .why(why)
                .fix(format!("Rename to `{wanted}`"), edits);
            // The failure itself is told by the rule about tables; both have this cause.
            for failure in out.iter_mut().filter(|found| {
                found.exception == Some("OperationalError") && found.span == field.name.span
            }) {
                failure.cause = advice.cause.clone();
                failure.why = advice.why.clone();
            }
            out.push(advice);
        }
    }
}
