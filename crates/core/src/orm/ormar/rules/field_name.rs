//! A field name that pydantic or ormar has no room for.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, Severity};
use crate::document::{Field, Model};
use crate::orm::ormar::rules::reverse_hides_member::ATTRIBUTES;
use crate::orm::ormar::world::STEPS;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "field-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field begins with an underscore, or is called like something that every model has.

## Why

pydantic refuses leading underscores and what begins like `model_dump` and is one of its methods. A field called like another method of models replaces it, with a warning.

## Example

```python
class Note(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    json: str = ormar.Text()
```

## Fix

Rename the field; `name="json"` keeps the column.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (index, model) in cx.document.models.iter().enumerate() {
        // Mixins are plain classes: their names count where a model takes them over.
        if !cx.world.class_of(index).is_some_and(|class| cx.world.is_model(class)) {
            continue;
        }
        for (at, field) in (1..).zip(&model.fields) {
            out.extend(told(model, field).map(|mut found| {
                // pydantic looks for underscores first, then goes through the fields; `objects` is ormar's affair.
                found.moment.step = match found.exception {
                    Some("NameError") => 0,
                    Some("AttributeError") => STEPS - 1,
                    _ => at,
                };
                found
            }));
        }
    }
}

fn told(model: &Model, field: &Field) -> Option<Diagnostic> {
    let name = field.name.text.as_str();
    let shown = name.trim_start_matches('_');
    let raise = |exception, message: String| {
        let mut found = raised_by_class(&RULE, exception, model, field.name.span, message);
        found.object = Some(format!("{}.{name}", model.name.text));
        found.subject.field = Some(name.to_owned());
        found
    };
    if name.starts_with('_') {
        let meant = if shown.is_empty() { "my_field" } else { shown };
        let message = format!(
            "Fields must not use names with leading underscores; e.g., use '{meant}' instead of '{name}'."
        );
        return Some(
            raise("NameError", message)
                .titled(format!("`{name}` begins with an underscore"))
                .why("To pydantic such a name is private, and no field."),
        );
    }
    if name == "objects" {
        return Some(
            raise(
                "AttributeError",
                "property 'objects' of 'ModelMetaclass' object has no setter".into(),
            )
            .titled("A field cannot be called `objects`")
            .why("`objects` is where every model keeps its queries."),
        );
    }
    let protected =
        ["model_validate", "model_dump"].into_iter().find(|start| name.starts_with(start));
    let known = ATTRIBUTES.binary_search(&name).is_ok();
    match (protected, known) {
        (Some(space), true) => Some(
            raise("ValueError", format!("Field '{name}' conflicts with member <function NewBaseModel.{name}> of protected namespace '{space}'."))
                .titled(format!("`{name}` is a method of every model"))
                .why("pydantic protects the names of its own methods."),
        ),
        (Some(space), false) => {
            let other = if space == "model_dump" { "model_validate" } else { "model_dump" };
            let mut found = raise(
                "UserWarning",
                format!("Field '{name}' in '{}' conflicts with protected namespace '{space}'.\n\nYou may be able to solve this by setting the 'protected_namespaces' configuration to ('{other}',).", model.name.text),
            );
            found.severity = Severity::Warning;
            Some(
                found
                    .titled(format!("`{name}` begins like a method of pydantic's"))
                    .why(format!("pydantic keeps names that begin with `{space}` for itself.")),
            )
        }
        (None, true) if name != "model_config" => {
            let mut found = raise(
                "UserWarning",
                format!("Field name \"{name}\" in \"{}\" shadows an attribute in parent \"Model\"", model.name.text),
            );
            found.severity = Severity::Warning;
            Some(
                found
                    .titled(format!("`{name}` hides what every model has under that name"))
                    .why(format!("Every model has an attribute `{name}`. The field replaces it.")),
            )
        }
        (None, _) => None,
    }
}
