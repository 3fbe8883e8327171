//! A reverse side that is silently not registered.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity};
use crate::orm::ormar::world::FieldForm;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-side-missing", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation has no way back: its reverse name, or a field named like the declaring model in lower case, is on the target already, and leads to the declaring model.

## Why

ormar takes that field for the reverse side, and registers none.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    best_book = ormar.ForeignKey(ForwardRef("Book"), related_name="best_of")

class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author)

Author.update_forward_refs()
```

## Fix

Rename the field of the target, or do without the way back: `skip_reverse=True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, field) in cx.world.fields.iter().enumerate() {
        let (Some(declared), Some(owner)) = (field.declared, field.owner) else { continue };
        if field.form != FieldForm::ForeignKey
            || cx.world.config(owner).is_none_or(|config| config.is_abstract)
        {
            continue;
        }
        let (Some(target), Some(name)) = (cx.target(Some(id)), cx.world.related_name(id)) else {
            continue;
        };
        let lower = cx.world.lower(owner);
        let Some(fields) = cx.world.config(target).map(|config| &config.fields) else { continue };
        if cx.world.registered(field, &name).is_some() || cx.world.is_inherited_elsewhere(id, owner)
        {
            continue;
        }
        // Where ormar says something, that is said.
        if cx.world.problems.iter().any(|problem| problem.field == Some(id)) {
            continue;
        }
        let Some(taken) =
            fields.get(&name).map(|_| &*name).or_else(|| fields.get(lower).map(|_| lower))
        else {
            continue;
        };
        let (model, field_name) = (cx.world.name(owner), declared.name.text.as_str());
        let target = cx.world.name(target);
        let mut found = Diagnostic::advice(RULE.name, declared.name.span, format!("{target}.{name} is not registered."))
            .object(format!("{model}.{field_name}"))
            .subject(model, Some(field_name))
            .related(target, Some(taken), None)
            .titled(format!("`{target}` gets no way back from `{field_name}`"))
            .why(format!("`{target}` has `{taken}`, which leads to `{model}`, too. ormar takes it for the reverse side of this relation and registers none: `{target}.{name}` does not exist."));
        found.severity = Severity::Warning;
        out.push(found);
    }
}
