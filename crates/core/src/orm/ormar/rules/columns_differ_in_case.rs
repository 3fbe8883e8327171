//! Columns or indexes that SQLite takes for one.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, Stage};
use std::collections::BTreeMap;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "columns-differ-in-case", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two columns of a table differ only in case, or two tables have an index of one name.

## Why

SQLite takes no notice of case in names, and has one list of indexes for all tables.

## Example

```python
class Item(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    code: str = ormar.String(max_length=5)
    Code: str = ormar.String(max_length=5)
```

## Fix

Name them apart: `name="…"` for a column, `name=` for an index.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut indexes: BTreeMap<String, &str> = BTreeMap::new();
    for table in cx.world.tables.iter().filter(|table| !table.removed) {
        let Some(model) = cx.model(table.class) else { continue };
        // Letters beyond ASCII differ by case even there.
        let twice = table.columns.iter().enumerate().find_map(|(at, column)| {
            let mut before = table.columns.iter().take(at);
            before
                .any(|other| other.name.eq_ignore_ascii_case(&column.name))
                .then_some(&*column.name)
        });
        if let Some(name) = twice {
            let message = format!("(sqlite3.OperationalError) duplicate column name: {name}");
            out.push(told(
                raised_by_class(&RULE, "OperationalError", model, model.name.span, message)
                    .titled(format!("`{}` has the column `{name}` twice", model.name.text))
                    .why("SQLite takes no notice of case in the names of columns."),
            ));
        }
        let own = table.constraints.iter().filter(|constraint| {
            matches!(constraint.form, crate::orm::ormar::world::ConstraintForm::Index { .. })
        });
        let own = own.filter_map(|constraint| constraint.name.as_deref().map(str::to_owned));
        let of_columns = table
            .columns
            .iter()
            .filter(|column| column.index)
            .map(|column| format!("ix_{}_{}", table.name, column.name));
        for name in own.chain(of_columns) {
            if indexes.insert(name.to_ascii_lowercase(), &table.name).is_some() {
                let message = format!("(sqlite3.OperationalError) index {name} already exists");
                out.push(told(raised_by_class(&RULE, "OperationalError", model, model.name.span, message)
                    .titled(format!("The index `{name}` is there already"))
                    .why("SQLite has one list of indexes for all tables, so each needs a name of its own.")));
            }
        }
    }
}

fn told(mut found: Diagnostic) -> Diagnostic {
    found.stage = Stage::Schema;
    found
}
