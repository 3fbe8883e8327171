//! `object_id_name` that is the field's own name.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "object-id-name-clash", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`object_id_name` of a foreign key is the name of the field itself.

## Why

A foreign key gives its model two attributes: one for the row at the other end, one for its key. They need two names.

## Example

```python
author = ForeignKeyField(Author, object_id_name="author")
```

## Fix

Choose another name, or leave it out: then it is the name of the column, `author_id`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in cx.world.faults.iter().filter(|fault| fault.what == What::ObjectIdIsName) {
        let declared = fault.object.and_then(|object| place::declared(cx, object));
        let Some((model, field)) = declared else { continue };
        let name = &field.name.text;
        let message = format!(
            "ForeignKeyField \"{}\".\"{name}\" specifies an object_id_name that conflicts with its field name.",
            model.name.text.to_lowercase()
        );
        out.push(
            place::raised(cx, RULE.name, "ValueError", fault, message)
                .titled(format!("`{name}` and its key have one name"))
                .why("One attribute gives the row at the other end, another its key. They need two names.")
                .fix("Leave `object_id_name` out", fix::remove(cx.source, field, "object_id_name")),
        );
    }
}
