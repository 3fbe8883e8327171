//! A class attribute without an annotation.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{MemberKind, Model};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unannotated-attribute", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has a plain attribute without an annotation.

## Why

pydantic wants to know of every attribute whether it is a field.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    LIMIT = 5
```

## Fix

Annotate it as `ClassVar`: `LIMIT: ClassVar[int] = 5`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (index, model) in cx.document.models.iter().enumerate() {
        if !cx.world.class_of(index).is_some_and(|class| cx.world.is_model(class)) {
            continue;
        }
        for member in model.members.iter().filter(|member| member.kind == MemberKind::Attribute) {
            let after =
                cx.source.get(member.name.span.end as usize..).unwrap_or_default().trim_start();
            let name = member.name.text.as_str();
            if !after.starts_with('=') || name.starts_with('_') || name == "model_config" {
                continue;
            }
            out.push(found(
                cx,
                model,
                name,
                member.name.span,
                after.trim_start_matches(['=', ' ']),
            ));
        }
    }
}

fn found(
    cx: &Context<'_>,
    model: &Model,
    name: &str,
    span: crate::document::Span,
    value: &str,
) -> Diagnostic {
    let value =
        value.lines().next().unwrap_or_default().split("  #").next().unwrap_or_default().trim();
    let message = format!(
        "A non-annotated attribute was detected: `{name} = {value}`. All model fields require a type annotation; if `{name}` is not meant to be a field, you may be able to resolve this error by annotating it as a `ClassVar` or updating `model_config['ignored_types']`.\n\nFor further information visit https://errors.pydantic.dev/2.13/u/model-field-missing-annotation"
    );
    let imported = cx.document.imports.iter().any(|import| import.name == "ClassVar");
    let first = cx.document.imports.iter().map(|import| import.span.start).min().unwrap_or(0);
    let line = (!imported)
        .then(|| fix::insert(fix::line_start(cx.source, first), "from typing import ClassVar\n"));
    let edits = line.into_iter().chain([fix::insert(span.end, ": ClassVar")]).collect();
    let mut found = raised_by_class(&RULE, "PydanticUserError", model, span, message);
    found.moment.step = 0;
    found.object = Some(format!("{}.{name}", model.name.text));
    found
        .titled(format!("`{name}` has no annotation"))
        .why("pydantic takes every attribute with an annotation for a field, and refuses plain ones without: `ClassVar` says that it is none.")
        .fix("Annotate it as `ClassVar`", Some(edits))
}
