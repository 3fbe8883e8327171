//! A field that the shortcut to a through model replaces.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity};
use crate::orm::ormar::world::FieldForm;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shortcut-replaces-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model at an end of a many-to-many has a field named like the through model in lower case, or the through model has a field named like one of its keys.

## Why

ormar adds an attribute for the through model to both ends, and the two keys to the through model. A field of that name is replaced, and nothing says so.

## Example

```python
class Course(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    students = ormar.ManyToMany(Student)
    coursestudent: int = ormar.Integer()
```

## Fix

Rename the field, or name the keys with `through_relation_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, class) in cx.world.classes.iter().enumerate() {
        let (Some(model), Some(config)) = (cx.model(id), cx.world.config(id)) else { continue };
        for field in &model.fields {
            let name = field.name.text.as_str();
            let Some(now) = config.fields.get(name).and_then(|now| cx.world.field(now)) else {
                continue;
            };
            let replaced =
                now.declared.is_none() && (now.form == FieldForm::Through || now.owner == Some(id));
            if !replaced || class.declared.is_none() {
                continue;
            }
            let by = match (now.form, now.is_virtual) {
                (FieldForm::Through, _) => "the shortcut to the through model",
                (_, true) => "a reverse side",
                (_, false) => "a key that ormar adds to the through model",
            };
            let mut found = Diagnostic::advice(RULE.name, field.name.span, format!("{name} is replaced."))
                .object(format!("{}.{name}", model.name.text))
                .subject(&model.name.text, Some(name))
                .titled(format!("`{name}` is replaced by {by}"))
                .why(format!("ormar puts {by} on `{}` under the name `{name}`. The field that is declared here is lost, and nothing says so.", model.name.text));
            found.severity = Severity::Warning;
            out.push(found);
        }
    }
}
