//! A composite key over a field that is not there.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-field-in-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`CompositeKey` names something that is no field of the model.

## Why

It takes the names of fields, not of columns: of a foreign key `author` the field is `author`, though its column is `author_id`.

## Example

```python
class Meta:
    primary_key = CompositeKey("author_id", "book_id")
```

## Fix

Write the names of the fields: `CompositeKey("author", "book")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let Reason::CompositeKeyField(name, span) = &failure.reason else { continue };
        let mut found = place::unmakeable(cx, RULE.name, "KeyError", failure, format!("'{name}'"))
            .titled(format!("{} has no field `{name}`", place::name(cx, failure.class)))
            .why("The key is made of fields, by their names. A foreign key goes by its own name, not by that of its column.");
        found.span = *span;
        let class = cx.world.class(failure.class);
        let of_column = class
            .and_then(|class| class.combined.get(name))
            .and_then(|object| cx.world.object(object))
            .map(|object| object.name.as_ref());
        let fields = class.into_iter().flat_map(|class| class.fields.names());
        let meant = of_column.or_else(|| names::nearest(name, fields.map(AsRef::as_ref)));
        let written = span.text(cx.source).trim_matches(['"', '\'']) == *name;
        if let Some(meant) = meant.filter(|_| written) {
            found = found.fix(
                format!("Write `{meant}`"),
                Some(vec![fix::replace(*span, fix::quote(meant))]),
            );
        }
        out.push(found);
    }
}
