//! A related name that a symmetrical relation cannot use.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{RelationKind, TargetForm};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "related-name-on-symmetrical", ids: &["fields.W345"], docs: DOCS };

const DOCS: &str = r#"## What

A `ManyToManyField("self")` has a `related_name`.

## Why

Such a relation is symmetrical: if Ada is a friend of Ben, Ben is one of Ada. There is only one name for both directions.

## Example

```python
friends = models.ManyToManyField("self", related_name="befriended_by")
```

## Fix

Remove the name, or give `symmetrical=False` if the relation has a direction (followers, prerequisites).
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(relation) =
            field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany)
        else {
            continue;
        };
        let declared = relation.related_name.as_ref().filter(|name| !name.text.is_empty());
        let symmetrical = relation.symmetrical.unwrap_or(
            relation.target.as_ref().is_some_and(|target| target.form == TargetForm::Itself),
        );
        let (Some(name), true) = (declared, symmetrical) else { continue };
        out.push(
            on_field(RULE.name, "fields.W345", class, field, field.arg("related_name").map_or(name.span, |arg| arg.span), "related_name has no effect on ManyToManyField with a symmetrical relationship, e.g. to \"self\".")
                .titled(format!("The related name of `{}` is never used", field.name.text))
                .why("A many-to-many to its own model goes both ways by the same name. For a relation with a direction, such as followers, say `symmetrical=False`: then the name is used.")
                .fix("Add `symmetrical=False`", fix::set(cx.source, field, "symmetrical", "False"))
                .fix("Remove the name", fix::remove(cx.source, field, "related_name")),
        );
    }
}
