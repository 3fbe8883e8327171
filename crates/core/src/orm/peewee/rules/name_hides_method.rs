//! Fields and reverse names that hide what every model has.

use super::{Context, place, reverse};
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::peewee::names::MODEL_ATTRIBUTES;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "name-hides-method", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field, or a reverse name, is called like a method that every model has: `select`, `save`, `create`, `get`, `index`, `filter` …

## Why

The attribute takes the place of the method. Peewee accepts the model, and the first call fails: `TypeError: 'CharField' object is not callable`.

## Example

```python
class Report(Model):
    filter = CharField()
```

## Fix

Call the field differently; the column can keep its name: `filter_text = CharField(column_name="filter")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in
            model.fields.iter().filter(|field| MODEL_ATTRIBUTES.contains(&field.name.text.as_str()))
        {
            let name = &field.name.text;
            out.push(
                Diagnostic::new(
                    RULE.name,
                    Severity::Warning,
                    Stage::Silent,
                    field.name.span,
                    format!("'{}' object is not callable", field.class.text),
                )
                .subject(&model.name.text, Some(name))
                .titled(format!("`{name}` hides a method of every model"))
                .why(format!("`{}.{name}` is Peewee's own. With a field of that name it can no longer be called, and neither can what uses it.", model.name.text)),
            );
        }
    }
    for (id, object) in reverse::relations(cx) {
        let Some((target, name)) =
            reverse::name(cx, object).filter(|(_, name)| MODEL_ATTRIBUTES.contains(name))
        else {
            continue;
        };
        let Some((model, field)) = place::declared(cx, id) else { continue };
        let target_name = place::name(cx, target);
        let mut found = Diagnostic::new(
            RULE.name,
            Severity::Warning,
            Stage::Silent,
            field.name.span,
            format!("The reverse name hides {target_name}.{name}."),
        )
        .subject(&model.name.text, Some(&field.name.text))
        .related(target_name, Some(name), None)
        .titled(format!("`{name}` hides a method of every model"))
        .why(format!("`{target_name}.{name}` is Peewee's own. The reverse name takes its place."));
        if let Some((wanted, edits)) = reverse::rename(cx, id, target) {
            found = found.fix(format!("Call it `{wanted}`"), Some(edits));
        }
        out.push(found);
    }
}
