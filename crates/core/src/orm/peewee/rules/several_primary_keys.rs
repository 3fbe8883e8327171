//! More than one primary key.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "several-primary-keys", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has two primary keys: two fields say `primary_key=True`, or one does and `Meta` has a `CompositeKey`.

## Why

A table has one primary key. An `AutoField` always is it.

## Example

```python
class Odd(Model):
    code = CharField(primary_key=True)
    number = IntegerField(primary_key=True)
```

## Fix

Keep one. If both together are the key, say so in `Meta`: `primary_key = CompositeKey("code", "number")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in cx.world.faults.iter().filter(|fault| fault.what == What::TwoPrimaryKeys) {
        let Some(class) = fault.class else { continue };
        let message = format!("over-determined primary key {}.", place::name(cx, class));
        let mut found = place::raised(cx, RULE.name, "ValueError", fault, message)
            .titled(format!("{} has two primary keys", place::name(cx, class)))
            .why("A table has one primary key, and Peewee does not choose between two.");
        let declared = fault.object.and_then(|object| place::declared(cx, object));
        if let Some((_, field)) = declared {
            let given = field.arg("primary_key").is_some_and(|arg| arg.value == Value::Bool(true));
            found = found.fix(
                format!("Let `{}` be an ordinary field", field.name.text),
                given.then(|| fix::remove(cx.source, field, "primary_key")).flatten(),
            );
        }
        out.push(found);
    }
}
