//! `null` on a many-to-many.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "null-on-many-to-many", ids: &["fields.W340"], docs: DOCS };

const DOCS: &str = r#"## What

A `ManyToManyField` has `null=`.

## Why

A many-to-many has no column that could be NULL. Without related objects it is simply empty.

## Example

```python
tags = models.ManyToManyField(Tag, null=True)
```

## Fix

Remove it. To let forms leave it out use `blank=True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(relation) =
            field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany)
        else {
            continue;
        };
        let (Some(arg), _) = (field.arg("null"), relation) else { continue };
        out.push(
            on_field(RULE.name, "fields.W340", class, field, arg.span, "null has no effect on ManyToManyField.")
                .titled(format!("`{}` does nothing on a many-to-many", arg.span.text(cx.source)))
                .why("A many-to-many has no column that could be NULL: its pairs stand in a table in between. Without any it is just empty. What forms may leave out is said by `blank=True`.")
                .fix("Remove it", fix::remove(cx.source, field, "null")),
        );
    }
}
