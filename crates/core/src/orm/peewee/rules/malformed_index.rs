//! `Meta.indexes` with the wrong brackets.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::document::{Model, Value};
use crate::edit::TextEdit;
use crate::orm::peewee::lower::{IndexForm, Reason};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "malformed-index", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`Meta.indexes` is not a list of pairs, each of a list of names and whether it is unique.

## Why

Python has no tuple of one without a comma: `((("a", "b"), True))` is the same as `(("a", "b"), True)`. Peewee then takes `("a", "b")` for an index over the letters of `"a"`, and `True` for nothing at all. Where a field has the name of that letter, it makes a wrong index in silence.

## Example

```python
class Meta:
    indexes = (("first", "last"), True)
```

## Fix

Write the comma: `indexes = ((("first", "last"), True),)`, or use a list: `indexes = [(("first", "last"), True)]`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let (exception, message, span) = match &failure.reason {
            Reason::IndexField { name, span, form: IndexForm::Letters } => {
                ("KeyError", format!("'{name}'"), span)
            }
            Reason::IndexParts(count, span) if *count < 2 => (
                "ValueError",
                format!("not enough values to unpack (expected 2, got {count})"),
                span,
            ),
            Reason::IndexParts(_, span) => {
                ("ValueError", "too many values to unpack (expected 2)".to_owned(), span)
            }
            Reason::IndexPart(part, span) => (
                "ValueError",
                format!("Expected either a field name or a subclass of Node. Got: {part}"),
                span,
            ),
            _ => continue,
        };
        let mut found = place::unmakeable(cx, RULE.name, exception, failure, message)
            .titled("The indexes have the wrong brackets")
            .why("Peewee wants a list of indexes, and each is a pair: the names of its fields, and whether it is unique.");
        found.span = *span;
        let model = cx.document.models.iter().find(|model| model.span.contains(*span));
        if let Some(model) = model {
            found = found.fix("Write a list of one index", wrapped(cx, model));
        }
        out.push(found);
    }
    for model in &cx.document.models {
        let option = model.meta.options.iter().find(|(name, _)| name.text == "indexes");
        let Some((name, Value::List(items))) = option else { continue };
        // What is no list is passed over; a pair of texts is read letter by letter.
        let ignored =
            items.iter().any(|item| matches!(item, Value::Str(_) | Value::Bool(_) | Value::Int(_)));
        let failed = cx.created.failures.iter().any(|failure| match &failure.reason {
            Reason::IndexField { span, .. }
            | Reason::IndexParts(_, span)
            | Reason::IndexPart(_, span) => *span == name.span,
            _ => false,
        });
        if !ignored || failed {
            continue;
        }
        out.push(
            Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, name.span, "An item of `indexes` is no pair, and is passed over.")
                .subject(&model.name.text, None)
                .titled("An index is not made")
                .why("Peewee passes over what is neither a pair nor an expression, and says nothing. Each index is a pair: the names of its fields, and whether it is unique.")
                .fix("Write a list of one index", wrapped(cx, model)),
        );
    }
}

/// `(("a", "b"), True)` with the brackets of a list around it, where that makes it right.
fn wrapped(cx: &Context<'_>, model: &Model) -> Option<Vec<TextEdit>> {
    let (_, value) = model.meta.options.iter().find(|(name, _)| name.text == "indexes")?;
    let [Value::List(names), Value::Bool(_)] = value.as_list()? else { return None };
    let is_name = |name: &Value| {
        name.as_str().is_some_and(|name| model.field(name).is_some() || name == "id")
    };
    let span = place::option_value(cx.source, model, "indexes")?;
    names
        .iter()
        .all(is_name)
        .then(|| vec![fix::replace(span, format!("[{}]", span.text(cx.source)))])
}
