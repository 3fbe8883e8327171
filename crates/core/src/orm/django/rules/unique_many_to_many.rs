//! `unique=True` on a many-to-many.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "unique-many-to-many", ids: &["fields.E330"], docs: DOCS };

const DOCS: &str = r#"## What

A `ManyToManyField` has `unique=True`.

## Why

A many-to-many has no column of its own that could be unique. Each side may have many of the other.

## Example

```python
tags = models.ManyToManyField(Tag, unique=True)
```

## Fix

Remove it. If each row has at most one of the others, a `ForeignKey` or `OneToOneField` says so.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(relation) =
            field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany)
        else {
            continue;
        };
        // A primary key is unique without saying so.
        let keyword = if field.unique { "unique" } else { "primary_key" };
        let wrong =
            relation.kind == RelationKind::ManyToMany && (field.unique || field.primary_key);
        let Some(arg) = field.arg(keyword).filter(|_| wrong) else { continue };
        out.push(
            on_field(RULE.name, "fields.E330", class, field, arg.span, "ManyToManyFields cannot be unique.")
                .titled(format!("A many-to-many cannot be unique: `{}`", field.name.text))
                .why("A many-to-many has no column of its own: its pairs stand in a table in between, where each pair is unique already.")
                .fix("Remove it", fix::remove(cx.source, field, keyword)),
        );
    }
}
