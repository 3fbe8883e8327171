//! Bases that do not go together.

use super::Context;
use crate::check::{Diagnostic, Moment, Rule, fix};
use crate::document::ModelKind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "metaclass-conflict", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model also inherits from `ABC`, `Protocol`, `BaseModel` or an enumeration.

## Why

Such classes and models are made by different metaclasses, and Python cannot make one that is made by both.

## Example

```python
class Shape(Model, ABC):
    name = fields.CharField(max_length=10)
```

## Fix

Leave the other base out.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in cx.document.models.iter().filter(|model| model.kind != ModelKind::Mixin) {
        let Some(base) =
            model.bases.iter().find(|base| FOREIGN.contains(&super::path(cx, &base.path).as_str()))
        else {
            continue;
        };
        let moment = Moment { at: model.span.end, step: super::steps::KEY };
        let message = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases";
        let last =
            model.bases.last().is_some_and(|last| last.span == base.span) && model.bases.len() > 1;
        let before = model.bases.iter().rev().nth(1).map(|before| before.span.end);
        let cut = before
            .filter(|_| last)
            .map(|start| vec![fix::replace(crate::document::Span::new(start, base.span.end), "")]);
        out.push(
            Diagnostic::raised(RULE.name, "TypeError", moment, base.span, message)
                .subject(&model.name.text, None)
                .titled(format!("A model cannot be a `{}` as well", base.path))
                .why("Both kinds of class are made in ways of their own, and Python cannot follow both.")
                .fix(format!("Remove `{}`", base.path), cut),
        );
    }
}

/// Classes with a metaclass of their own.
const FOREIGN: &[&str] = &[
    "abc.ABC",
    "typing.Protocol",
    "typing_extensions.Protocol",
    "pydantic.BaseModel",
    "enum.Enum",
    "enum.IntEnum",
    "enum.StrEnum",
];
