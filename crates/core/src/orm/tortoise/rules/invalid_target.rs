//! A target that is no model.

use super::{Context, made, refused, steps};
use crate::check::{Diagnostic, Rule};
use crate::document::{ModelKind, TargetForm};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation names a class or function of the file that is no model.

## Why

Only models have tables that can be pointed at.

## Example

```python
class Point:
    x = 0

place = fields.ForeignKeyField(Point)
```

## Fix

Point at a model of the file.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(target) = field.relation().and_then(|relation| relation.target.as_ref()) else {
            continue;
        };
        if target.form != TargetForm::Class {
            continue;
        }
        let name = target.text.as_str();
        let elsewhere = name.contains('.')
            || target.path.is_some()
            || cx.document.imports.iter().any(|import| import.name == name || import.name == "*")
            || cx.document.undefined.iter().any(|undefined| undefined.text == name);
        let is_model = cx
            .document
            .models
            .iter()
            .any(|known| known.name.text == name && known.kind != ModelKind::Mixin);
        if elsewhere || is_model {
            continue;
        }
        let class = format!("{}Instance", field.base.unwrap_or("ForeignKeyField"));
        let message = format!(
            "{class}(<class 'models.{name}'>) is invalid. model_name must be string or type[tortoise.models.Model]"
        );
        out.push(
            refused(RULE.name, model, field, steps::TARGET, target.span, message)
                .titled(format!("`{name}` is no model"))
                .why("A relation points at the table of a model, and this has none."),
        );
    }
}
