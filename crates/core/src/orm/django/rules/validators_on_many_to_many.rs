//! `validators` on a many-to-many.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "validators-on-many-to-many", ids: &["fields.W341"], docs: DOCS };

const DOCS: &str = r#"## What

A `ManyToManyField` has `validators`.

## Why

Validators look at the value of a column, and a many-to-many has none. They are never called.

## Example

```python
tags = models.ManyToManyField(Tag, validators=[check_tags])
```

## Fix

Remove them, and check in a form or in `clean()` instead.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(relation) =
            field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany)
        else {
            continue;
        };
        let (Some(arg), _) = (
            field
                .arg("validators")
                .filter(|arg| arg.value.as_list().is_some_and(|items| !items.is_empty())),
            relation,
        ) else {
            continue;
        };
        out.push(
            on_field(
                RULE.name,
                "fields.W341",
                class,
                field,
                arg.span,
                "ManyToManyField does not support validators.",
            )
            .titled(format!("The validators of `{}` are never called", field.name.text))
            .why("Validators look at the value of a column, and a many-to-many has none.")
            .fix("Remove them", fix::remove(cx.source, field, "validators")),
        );
    }
}
