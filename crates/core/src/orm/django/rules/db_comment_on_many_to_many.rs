//! `db_comment` on a many-to-many.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "db-comment-on-many-to-many", ids: &["fields.W346"], docs: DOCS };

const DOCS: &str = r#"## What

A `ManyToManyField` has `db_comment`.

## Why

The comment is for a column, and a many-to-many has none.

## Example

```python
tags = models.ManyToManyField(Tag, db_comment="what it is about")
```

## Fix

Remove it, or declare a through model and comment there.
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
                .arg("db_comment")
                .filter(|arg| arg.value.as_str().is_some_and(|text| !text.is_empty())),
            relation,
        ) else {
            continue;
        };
        out.push(
            on_field(RULE.name, "fields.W346", class, field, arg.span, "db_comment has no effect on ManyToManyField.")
                .titled(format!("The comment of `{}` is never stored", field.name.text))
                .why("The comment belongs to a column, and a many-to-many has none: its pairs stand in a table in between.")
                .fix("Remove it", fix::remove(cx.source, field, "db_comment")),
        );
    }
}
