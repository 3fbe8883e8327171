//! Two models with the same table.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;
use rustc_hash::FxHashMap;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-clash", ids: &["models.E028"], docs: DOCS };

const DOCS: &str = r#"## What

Two models have the same `db_table`.

## Why

Each model has a table of its own. The second one could not be made.

## Example

```python
class Invoice(models.Model):
    class Meta:
        db_table = "documents"

class Letter(models.Model):
    class Meta:
        db_table = "documents"
```

## Fix

Give one of them another table, or make one a proxy of the other if they mean the same rows.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut tables: Vec<(&str, Vec<&Class<'_>>)> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for class in cx.registry.installed().filter(|class| !class.is_proxy() && !class.meta.unmanaged)
    {
        let table = cx.registry.table(class.index);
        let at = *places.entry(table).or_insert_with(|| {
            tables.push((table, Vec::new()));
            tables.len() - 1
        });
        if let Some((_, classes)) = tables.get_mut(at) {
            classes.push(class);
        }
    }
    for (table, classes) in tables.iter().filter(|(_, classes)| classes.len() > 1) {
        let Some((last, others)) = classes.split_last() else { continue };
        let labels: Vec<String> = classes.iter().map(|class| class.label()).collect();
        let place = last.table_span();
        let mut found = Diagnostic::check(RULE.name, "models.E028", place, format!("db_table '{table}' is used by multiple models: {}.", labels.join(", ")))
            .object(*table)
            .subject(last.name(), None)
            .cause(format!("table-clash:{table}"), format!("The table `{table}` is used by {} models", classes.len()))
            .why("Each model has a table of its own; the second one could not be made. If both mean the same rows, make one a proxy of the other.");
        for other in others {
            found = found.related(other.name(), None, Some(other.table_span()));
        }
        let usual = format!("{}_{}", last.app(), last.model_name);
        if last.model.meta.table.is_some()
            && !places.contains_key(usual.as_str())
            && classes.len() == 2
        {
            found = found.fix(
                format!("Use the table `{usual}`"),
                fix::remove_option(cx.source, last.model, "db_table"),
            );
        }
        out.push(found);
    }
}
