//! A related name that is no Python name.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;
use crate::orm::django::rules::related;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "invalid-related-name", ids: &["fields.E306"], docs: DOCS };

const DOCS: &str = r#"## What

A `related_name` is not an identifier: it has spaces, starts with a digit or is a keyword.

## Why

The related name becomes an attribute of the target (`planet.moons`), so it has to be a name that Python can read.

## Example

```python
planet = models.ForeignKey(Planet, on_delete=models.CASCADE, related_name="my moons")
```

## Fix

Write a Python name, or end it with `+` to have no way back.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in cx.registry.relations.iter() {
        let (Some(class), Some(field), Some(name)) =
            (cx.registry.class(relation.class), relation.field, relation.related_name.as_deref())
        else {
            continue;
        };
        if !class.installed || names::is_identifier(name) || name.ends_with('+') {
            continue;
        }
        let declared = field.relation().and_then(|spec| spec.related_name.as_ref());
        let wanted = related::free_name(cx, relation, &[names::to_identifier(name)]);
        out.push(
            on_field(
                RULE.name,
                "fields.E306",
                class,
                field,
                declared.map_or(field.name.span, |declared| declared.span),
                format!("The name '{name}' is invalid related_name for field {}.{}", class.name(), field.name.text),
            )
            .hint("Related name must be a valid Python identifier or end with a '+'")
            .titled(format!("`{name}` cannot be the name of an attribute"))
            .why("The related name becomes an attribute of the target, so it must be a Python name: letters, digits and underscores, no digit first, no keyword.")
            .fix(format!("Rename to `{wanted}`"), related::rename(cx, relation, &wanted))
            .fix("Remove it", fix::remove(cx.source, field, "related_name").filter(|_| related::default_is_free(cx, relation))),
        );
    }
}
