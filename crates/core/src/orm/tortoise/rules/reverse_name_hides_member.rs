//! Reverse names that hide methods.

use super::Context;
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::MemberKind;
use crate::orm::tortoise::world::RESERVED;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-name-hides-member", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse side of a relation is called as a method, a manager or another attribute of the target: `filter`, `save`, or one of the target's own.

## Why

Tortoise looks only at fields. The reverse side replaces what was there, and `Author.filter(…)` fails with `'property' object is not callable`.

## Example

```python
class Book(Model):
    author = fields.ForeignKeyField("models.Author", related_name="filter")
```

## Fix

Choose another `related_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.world.app.iter().filter_map(|index| cx.world.class(*index)) {
        for (name, id) in class.fields.iter() {
            let Some(relation) = cx.world.relation(id) else { continue };
            let Some(made_for) = relation.made_for else { continue };
            let member = class.model.members.iter().find(|member| {
                member.kind != MemberKind::Attribute && member.name.text == name.as_ref()
            });
            if member.is_none() && RESERVED.binary_search(&name.as_ref()).is_err() {
                continue;
            }
            let Some(object) = cx.world.object(made_for) else { continue };
            let (Some(field), Some(source)) =
                (object.field, relation.related.and_then(|index| cx.world.class(index)))
            else {
                continue;
            };
            let own = source.model.fields.iter().any(|own| own.span == field.span);
            let span = field
                .relation()
                .and_then(|relation| relation.related_name.as_ref())
                .map_or(field.name.span, |name| name.span);
            let taken = |name: &str| {
                class.fields.contains(name)
                    || RESERVED.binary_search(&name).is_ok()
                    || class.model.members.iter().any(|member| member.name.text == name)
            };
            let free = names::free(
                &[
                    format!("{}_{name}", names::snake(source.name())),
                    format!("{}_{}", field.name.text, names::plural(&names::snake(source.name()))),
                ],
                taken,
            );
            let what = if member.is_some() {
                format!("`{}` has a `{name}` of its own", class.name())
            } else {
                format!("Every model has a `{name}`")
            };
            let mut found = Diagnostic::advice(RULE.name, span, format!("The reverse name \"{name}\" hides an attribute of {}.", class.name()))
                .subject(source.name(), Some(&field.name.text))
                .titled(format!("`{name}` hides what `{}` has under that name", class.name()))
                .why(format!("{what}, and the reverse side of `{}.{}` takes its place. Tortoise does not notice.", source.name(), field.name.text))
                .fix(format!("Call it `{free}`"), fix::set(cx.source, field, "related_name", &fix::quote(&free)).filter(|_| own));
            if let Some(member) = member {
                found = found.related(class.name(), Some(name), Some(member.name.span));
            }
            out.push(found);
        }
    }
}
