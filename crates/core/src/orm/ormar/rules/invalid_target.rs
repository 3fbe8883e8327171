//! A relation that points at something that is no model.

use super::{Context, make_late, nearest_model, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The first argument of a relation is a string, a number, or a class that is no model with a configuration.

## Why

ormar takes models, and `ForwardRef`s for models that are not there yet. It has no names in quotes.

## Example

```python
class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey("Author")
```

## Fix

Name the class, or write `ForwardRef("Author")` and call `Book.update_forward_refs()` below both.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::InvalidTarget) {
        let Some(field) = cx.declared(problem.field) else { continue };
        let mut found = report(cx, &RULE, problem);
        let target = field.relation().and_then(|spec| spec.target.as_ref());
        let text = field.args.iter().find_map(|arg| match &arg.value {
            Value::Str(text) if arg.keyword.as_deref().is_none_or(|name| name == "to") => {
                Some((arg, text))
            }
            _ => None,
        });
        if let (Some((arg, text)), Some(model)) = (text, cx.model(problem.class)) {
            let name = if text == "self" { &model.name.text } else { text };
            let known = cx.document.model(name);
            found = found
                .titled(format!("`{}` does not lead to a model", field.name.text))
                .why("ormar does not look names in quotes up. A model that is declared further up is named without quotes; for one further down there is `ForwardRef`.");
            if known.is_some_and(|other| other.span.end <= model.span.start) {
                found = found.fix(
                    format!("Write `{name}`"),
                    Some(vec![fix::replace(arg.value_span, name.as_str())]),
                );
            } else if known.is_some() {
                found = found.fix(
                    "Make it a `ForwardRef`",
                    Some(make_late(cx, model, arg.value_span, name)),
                );
            } else if let Some(meant) = nearest_model(cx, name).filter(|meant| {
                cx.document.model(meant).is_some_and(|other| other.span.end <= model.span.start)
            }) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(arg.value_span, meant)]),
                );
            }
        } else if let Some(target) = target {
            let old = cx.document.model(&target.text).is_some_and(|model| {
                model.meta.span.is_some_and(|span| span.text(cx.source).starts_with("class"))
            });
            found = found.titled(format!("`{}` is no model that a relation can point at", target.text)).why(if old {
                format!("`{}` is configured by a class `Meta`, which ormar does not read since 0.20: to it that is a plain pydantic class without a table.", target.text)
            } else {
                format!("`{}` has no `ormar_config`, so it has no table whose rows could be referenced.", target.text)
            });
        } else {
            found = found
                .titled(format!("`{}` does not lead to a model", field.name.text))
                .why("The first argument of a relation is a model: a class, or a `ForwardRef` with its name.");
        }
        out.push(found);
    }
}
