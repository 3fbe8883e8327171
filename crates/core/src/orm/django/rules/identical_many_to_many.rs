//! The same many-to-many twice.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::registry::{Class, Target, Through};
use crate::orm::django::rules::Context;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "identical-many-to-many", ids: &["models.E003"], docs: DOCS };

const DOCS: &str = r#"## What

A model has two many-to-many fields to the same target through the same model.

## Why

Both would show the very same pairs.

## Example

```python
class Club(models.Model):
    members = models.ManyToManyField(Person, through="Membership")
    people = models.ManyToManyField(Person, through="Membership", related_name="+")
```

## Fix

Remove one, or give each its own `through_fields`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let mut seen: Vec<(usize, usize, Option<Vec<String>>, &str)> = Vec::new();
        for local in &class.many {
            let Some(relation) = local.relation.and_then(|at| cx.registry.relations.get(at)) else {
                continue;
            };
            let (Some(target), Some(Through::Model(Target::Class(through)))) =
                (relation.target_index(), &relation.through)
            else {
                continue;
            };
            let Some((field, spec)) = relation.field.zip(relation.spec()) else { continue };
            let fields = spec.through_fields.as_ref().map(|(fields, _)| fields.clone());
            if let Some((.., first)) =
                seen.iter().find(|(a, b, c, _)| (*a, *b) == (target, *through) && *c == fields)
            {
                let label = cx.registry.class(*through).map(Class::label).unwrap_or_default();
                let mut found = Diagnostic::check(
                    RULE.name,
                    "models.E003",
                    field.name.span,
                    format!("The model has two identical many-to-many relations through the intermediate model '{label}'."),
                )
                .object(class.label())
                .subject(class.name(), Some(&field.name.text))
                .related(class.name(), Some(first), None)
                .titled(format!("`{first}` and `{}` are the same relation", field.name.text))
                .why("Both go to the same model through the same pairs, so they would always show the same objects.");
                found = found.fix(
                    format!("Remove `{}`", field.name.text),
                    fix::remove_field(cx.source, class.model, field).filter(|_| {
                        relation.origin.is_some_and(|origin| origin.model == class.index)
                    }),
                );
                out.push(found);
            } else {
                seen.push((target, *through, fields, &field.name.text));
            }
        }
    }
}
