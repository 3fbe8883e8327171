//! A unique foreign key.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::related;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "unique-foreign-key", ids: &["fields.W342"], docs: DOCS };

const DOCS: &str = r#"## What

A `ForeignKey` has `unique=True`.

## Why

Then each target has at most one of these rows: that is a one-to-one. With `OneToOneField` the way back gives the one object instead of a set.

## Example

```python
profile = models.ForeignKey(User, on_delete=models.CASCADE, unique=True)
```

## Fix

Use `OneToOneField`. The way back is then called by the model's plain name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, local, field) in fields(cx) {
        let foreign_key =
            field.relation().is_some_and(|relation| relation.kind == RelationKind::ForeignKey);
        // A primary key is unique without saying so.
        if !foreign_key || !(field.unique || local.primary_key) {
            continue;
        }
        let keyword = if field.unique { "unique" } else { "primary_key" };
        let mut edits = fix::set_class(field, "OneToOneField");
        if let (Some(edits), Some(more)) = (edits.as_mut(), fix::remove(cx.source, field, "unique"))
        {
            edits.extend(more);
        }
        // The way back of a one-to-one has the model's plain name, which may be taken.
        let named = field.relation().is_some_and(|relation| relation.related_name.is_some());
        let relation = local.relation.and_then(|at| cx.registry.relations.get(at));
        let free = named
            || relation.is_some_and(|relation| {
                related::is_free(cx, relation, &class.name().to_lowercase())
            });
        out.push(
            on_field(RULE.name, "fields.W342", class, field, arg_span(field, keyword), "Setting unique=True on a ForeignKey has the same effect as using a OneToOneField.")
                .hint("ForeignKey(unique=True) is usually better served by a OneToOneField.")
                .titled(format!("`{}` is a one-to-one in disguise", field.name.text))
                .why("A foreign key that is unique lets each target have one such row at most. `OneToOneField` says the same, and its way back gives that one object instead of a set.")
                .fix("Use `OneToOneField`", edits.filter(|_| free)),
        );
    }
}
