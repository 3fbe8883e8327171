//! An index whose name another one has.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "index-is-skipped", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two indexes of different models get the same name.

## Why

Peewee names an index after its model and its columns, and makes it only where there is none of that name. In SQLite names of indexes hold for all tables, so the second is not made, and nothing is said. If it is unique, nothing is unique.

## Example

```python
class Shop(Model):
    item_code = CharField(index=True)

class Shop_item(Model):
    code = CharField(unique=True)
```

## Fix

Give one of the columns another `column_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (index, class, owner) in &cx.created.skipped {
        // Of one model twice, or of a model that has another's table: that is told elsewhere.
        let shared = cx.created.shared.iter().any(|(id, _)| id == class);
        if class == owner || shared {
            continue;
        }
        let Some(model) = place::model(cx, *class) else { continue };
        let (name, other) = (place::name(cx, *class), place::name(cx, *owner));
        // An index that a child inherits as an object is on the parent's table, and there already.
        let inherited = model.bases.iter().any(|base| base.path == other);
        if inherited {
            continue;
        }
        out.push(
            Diagnostic::advice(RULE.name, model.name.span, format!("The index {index} is there already."))
                .subject(name, None)
                .titled(format!("{name} does not get the index `{index}`"))
                .why(format!("{other} has an index of that name, and Peewee makes none where there is one. Names of indexes hold for all tables.")),
        );
    }
}
