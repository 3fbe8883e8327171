//! A constraint or index that is not complete.

use crate::check::{Diagnostic, Rule};
use crate::check::{Moment, fix, names};
use crate::document::{Model, Span, Value};
use crate::orm::django::rules::Context;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "constraint-arguments", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A `UniqueConstraint`, `CheckConstraint` or `Index` lacks something that it must have, or has two things that exclude each other.

## Why

Django makes these objects while it reads the file, and refuses those that could never work.

## Example

```python
constraints = [models.UniqueConstraint(fields=["room", "day"])]  # no name
```

## Fix

Give constraints a `name`, and either `fields` or expressions.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for unique in model.meta.uniques.iter().filter(|unique| unique.constraint) {
            let extra = |name: &str| {
                unique.extra.iter().any(|(key, value)| key == name && *value != Value::None)
            };
            let named = unique.name.as_deref().is_some_and(|name| !name.is_empty())
                || mentions(cx, unique.span, "name=");
            let fields = !unique.fields.is_empty() || mentions(cx, unique.span, "fields=");
            let message = if !named {
                "A unique constraint must be named."
            } else if unique.expressions.is_empty() && !fields {
                "At least one field or expression is required to define a unique constraint."
            } else if !unique.expressions.is_empty() && fields {
                "UniqueConstraint.fields and expressions are mutually exclusive."
            } else if unique.condition.is_some() && extra("deferrable") {
                "UniqueConstraint with conditions cannot be deferred."
            } else if extra("include") && extra("deferrable") {
                "UniqueConstraint with include fields cannot be deferred."
            } else if !unique.expressions.is_empty() && extra("deferrable") {
                "UniqueConstraint with expressions cannot be deferred."
            } else {
                continue;
            };
            let name =
                format!("unique_{}_{}", names::snake(&model.name.text), unique.fields.join("_"));
            let add = close(cx, unique.span).filter(|_| !named && fields).map(|(at, comma)| {
                vec![fix::insert(at, format!("{comma}name={}", fix::quote(&name)))]
            });
            out.push(
                report(model, unique.span, message, "unique constraint")
                    .fix(format!("Name it `{name}`"), add),
            );
        }
        for index in &model.meta.indexes {
            let fields = !index.fields.is_empty() || mentions(cx, index.span, "fields=");
            let named = index.name.is_some() || mentions(cx, index.span, "name=");
            let message = if index.condition.is_some() && !named {
                "An index must be named to use condition."
            } else if index.expressions.is_empty() && !fields {
                "At least one field or expression is required to define an index."
            } else if !index.expressions.is_empty() && fields {
                "Index.fields and expressions are mutually exclusive."
            } else if !index.expressions.is_empty() && !named {
                "An index must be named to use expressions."
            } else {
                continue;
            };
            let name = format!("{}_idx", names::snake(&model.name.text));
            let add =
                close(cx, index.span).filter(|_| message.contains("named")).map(|(at, comma)| {
                    vec![fix::insert(at, format!("{comma}name={}", fix::quote(&name)))]
                });
            out.push(
                report(model, index.span, message, "index")
                    .fix(format!("Name it `{name}`"), add.filter(|_| name.len() <= 30)),
            );
        }
    }
}

fn report(model: &Model, span: Span, message: &str, what: &str) -> Diagnostic {
    let title = if message.contains("named") {
        format!("The {what} needs a name")
    } else {
        format!("The {what} is not complete")
    };
    Diagnostic::raised(RULE.name, "ValueError", Moment { at: span.end, step: 0 }, span, message)
        .subject(&model.name.text, None)
        .titled(title)
        .why("Databases know constraints and indexes by their names, and a later change has to find them again. Django refuses those that could not work while it reads the file.")
}

/// Whether the text of the call has this keyword, whatever its value is.
fn mentions(cx: &Context<'_>, span: Span, keyword: &str) -> bool {
    span.text(cx.source).split_whitespace().collect::<String>().contains(keyword)
}

/// Where a further argument can be put into the call: before its closing parenthesis.
fn close(cx: &Context<'_>, span: Span) -> Option<(u32, &'static str)> {
    let body = span.text(cx.source).strip_suffix(')')?.trim_end();
    let comma = if body.ends_with(['(', ',']) { "" } else { ", " };
    Some((span.start + body.len() as u32, comma))
}
