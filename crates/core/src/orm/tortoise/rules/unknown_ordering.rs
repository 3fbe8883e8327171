//! A default order by what is not there.

use super::Context;
use crate::check::rules::option_span;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix, names};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-ordering", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`ordering` in `Meta` names a field that the model does not have.

## Why

Tortoise notices it at the first query of that model, and every query fails.

## Example

```python
class Meta:
    ordering = ["-nummer"]
```

## Fix

Name a field, with a minus for the other direction.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.world.app.iter().filter_map(|index| cx.world.class(*index)) {
        let unknown: Vec<&str> = class
            .ordering
            .iter()
            .map(|name| name.text.strip_prefix('-').unwrap_or(&name.text))
            .filter(|name| !class.fields.contains(name.split("__").next().unwrap_or_default()))
            .collect();
        let Some(first) = unknown.first() else { continue };
        let message = format!(
            "Unknown fields {} in default ordering for model {}",
            unknown.join(","),
            class.name()
        );
        let mut found = Diagnostic::new(
            RULE.name,
            Severity::Warning,
            Stage::Use,
            option_span(class.model, "ordering"),
            message,
        )
        .subject(class.name(), None)
        .titled(format!("`{}` has no field `{first}` to order by", class.name()))
        .why("Every query of the model would fail, as it asks for this order.");
        let place = class.model.meta.span.and_then(|meta| {
            fix::quoted_place(cx.source, meta, first).or_else(|| {
                fix::quoted_place(cx.source, meta, &format!("-{first}"))
                    .map(|span| crate::document::Span::new(span.start + 1, span.end))
            })
        });
        if let (Some(meant), Some(place), [_]) = (
            names::nearest(first, class.fields.iter().map(|(name, _)| name.as_ref())),
            place,
            unknown.as_slice(),
        ) {
            found = found
                .fix(format!("Did you mean `{meant}`?"), Some(vec![fix::replace(place, meant)]));
        }
        out.push(
            found.fix("Remove `ordering`", fix::remove_option(cx.source, class.model, "ordering")),
        );
    }
}
