//! A reverse name that is no text.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "backref-value", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`backref` of a foreign key is neither a text nor a function that gives one.

## Why

It is the name of an attribute that the target gets, and names of attributes are texts.

## Example

```python
author = ForeignKeyField(Author, backref=True)
```

## Fix

Write a name, `backref="books"`; or `backref="+"` for none; or leave it out for `book_set`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::BackrefIsNoText(ty) = fault.what else { continue };
        let Some((_, field)) = fault.object.and_then(|object| place::declared(cx, object)) else {
            continue;
        };
        let message = format!("attribute name must be string, not '{ty}'");
        out.push(
            place::raised(cx, RULE.name, "TypeError", fault, message)
                .titled("The reverse name is no text")
                .why("`backref` is the name of the attribute that leads back from the target.")
                .fix("Leave `backref` out", fix::remove(cx.source, field, "backref")),
        );
    }
}
