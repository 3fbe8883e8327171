//! Fields called as attributes of `Model`.

use super::{Context, class_refused, making, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::world::{Text, What};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reserved-field-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field is called as a method or attribute that every model has: `filter`, `all`, `create`, `pk`, …

## Why

The field would hide it, and nothing could be asked of the model any more. Tortoise refuses to make such a class.

## Example

```python
class Clip(Model):
    filter = fields.CharField(max_length=5)
```

## Fix

Call the field something else. Its column may keep the name: `source_field="filter"`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, what) in making(cx) {
        let What::Reserved(names) = what else { continue };
        let model = class.model;
        let own = names.iter().find_map(|name| model.field(name));
        let span = own.map_or(model.name.span, |field| field.name.span);
        let message = format!(
            "Model {} has field name(s) that conflict with default Model attributes: {}",
            class.name(),
            names.join(", ")
        );
        let first = names.first().map(Text::to_string).unwrap_or_default();
        let mut found = class_refused(RULE.name, model, steps::NAMES, span, message)
            .titled(format!("Every model has a `{first}` already"))
            .why(format!(
                "The field would hide what Tortoise itself needs: {}.",
                names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ));
        if let (Some(field), [_]) = (own, names.as_slice()) {
            let name = format!("{}_value", field.name.text.trim_start_matches('_').to_lowercase());
            if !class.fields.contains(&name) {
                found = found.fix(
                    format!("Rename to `{name}`"),
                    fix::rename_field(cx.source, cx.document, model, field, &name),
                );
            }
        }
        out.push(found);
    }
}
