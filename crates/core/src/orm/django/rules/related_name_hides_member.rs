//! A reverse name that hides something of the target.

use crate::check::names;
use crate::check::{Diagnostic, Rule};
use crate::document::MemberKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{MODEL_ATTRIBUTES, related};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "related-name-hides-member", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse name of a relation is the name of a method, a manager or another attribute of the target.

## Why

The way back takes the place of what was there. `related_name="objects"` for example replaces the manager, and then no query on the target works.

## Example

```python
class Item(models.Model):
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="objects")
```

## Fix

Give the relation another name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in
        cx.registry.relations.iter().filter(|relation| !relation.hidden && !relation.parent_link)
    {
        let (Some(class), Some(field), Some(target), Some(name)) = (
            cx.registry.class(relation.class),
            relation.field,
            relation.target_index().and_then(|index| cx.registry.class(index)),
            relation.accessor.as_deref(),
        ) else {
            continue;
        };
        let bases = target.mro.iter().filter_map(|at| cx.registry.class(*at));
        let member = bases
            .clone()
            .flat_map(|base| base.model.members.iter().map(move |member| (base, member)))
            .find(|(_, member)| member.name.text == name);
        let built_in = MODEL_ATTRIBUTES.contains(&name) && name != "check";
        // What a field has taken is a clash, which the ORM reports itself.
        if !class.installed
            || (member.is_none() && !built_in)
            || (name == "check")
            || cx.registry.forward_field(target.index, name).is_some()
        {
            continue;
        }
        let snake = names::snake(target.name());
        let (what, why) = match member.map(|(_, member)| member.kind) {
            Some(MemberKind::Manager) => (
                "manager",
                format!(
                    "`{}.{name}` is where queries start. The way back along `{}.{}` takes its place, and `{}.{name}.all()` then fails.",
                    target.name(),
                    class.name(),
                    relation.name,
                    target.name()
                ),
            ),
            None if name == "objects" => (
                "manager",
                format!(
                    "`{}.objects` is where queries start. The way back along `{}.{}` takes its place, and `{}.objects.all()` then fails.",
                    target.name(),
                    class.name(),
                    relation.name,
                    target.name()
                ),
            ),
            Some(MemberKind::Method) => (
                "method",
                format!(
                    "{} has a method `{name}`. The way back along `{}.{}` takes its place, and `{snake}.{name}()` no longer calls it.",
                    target.name(),
                    class.name(),
                    relation.name
                ),
            ),
            Some(MemberKind::Attribute) => (
                "attribute",
                format!(
                    "{} has an attribute `{name}`. The way back along `{}.{}` takes its place.",
                    target.name(),
                    class.name(),
                    relation.name
                ),
            ),
            None => (
                "method",
                format!(
                    "Every model has `{name}`; Django itself uses it. The way back along `{}.{}` takes its place on {}.",
                    class.name(),
                    relation.name,
                    target.name()
                ),
            ),
        };
        let wanted = related::proposal(cx, relation);
        out.push(
            Diagnostic::advice(
                RULE.name,
                related::name_span(field),
                format!(
                    "The reverse name '{name}' of '{}' hides the {what} '{}.{name}'.",
                    class.path(&relation.name),
                    target.name()
                ),
            )
            .object(class.path(&relation.name))
            .subject(class.name(), Some(&relation.name))
            .related(target.name(), Some(name), member.map(|(_, member)| member.name.span))
            .titled(format!("The reverse name `{name}` hides a {what} of {}", target.name()))
            .why(why)
            .fix(related::title(relation, &wanted), related::rename(cx, relation, &wanted)),
        );
    }
}
