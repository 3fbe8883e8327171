//! `to_field`.

use super::{CONFIGURATION, Context, start_up};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::tortoise::world::{Kind, What};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "to-field-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`to_field` of a relation names a field that the target does not have, or one that is not unique.

## Why

The column holds a value of that field, and has to lead to one row.

## Example

```python
class Currency(Model):
    code = fields.CharField(max_length=3)

class Price(Model):
    currency = fields.ForeignKeyField("models.Currency", to_field="code")
```

## Fix

Make the target's field unique, name another one, or leave `to_field` out: then the primary key is meant.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in start_up(cx) {
        let Some(to_field) =
            problem.field.relation().and_then(|relation| relation.to_field.as_ref())
        else {
            continue;
        };
        let name = to_field.text.as_str();
        let remove = || fix::remove(cx.source, problem.field, "to_field");
        let start = |message| problem.diagnostic(RULE.name, CONFIGURATION, to_field.span, message);
        let found = match problem.what {
            What::UnknownToField(target) => {
                let Some(target) = cx.world.class(*target) else { continue };
                let unique = target.fields.iter().filter(|(_, id)| {
                    cx.world
                        .object(*id)
                        .is_some_and(|object| object.unique && object.kind == Kind::Column)
                });
                let found = start(format!(
                    "there is no field named \"{name}\" in model \"{}\"",
                    target.name()
                ))
                .titled(format!("`{}` has no field `{name}`", target.name()))
                .why("`to_field` names the field of the target whose value the column holds.");
                let found = match names::nearest(name, unique.map(|(known, _)| known.as_ref())) {
                    Some(meant) => found.fix(
                        format!("Did you mean `{meant}`?"),
                        Some(vec![fix::replace(to_field.span, fix::quote(meant))]),
                    ),
                    None => found,
                };
                found.fix("Point at the primary key", remove())
            }
            What::NotUnique(target) => {
                let Some(target) = cx.world.class(*target) else { continue };
                let declared = target.fields.get(name).and_then(|id| cx.world.object(id)?.field);
                let indexable = declared.filter(|field| {
                    super::known(field).is_some_and(|known| known.indexable)
                        && field.relation().is_none()
                });
                start(format!("field \"{name}\" in model \"{}\" is not unique", target.name()))
                    .related(target.name(), Some(name), declared.map(|field| field.name.span))
                    .titled(format!("`{}.{name}` is not unique", target.name()))
                    .why("The value in the column has to lead to one row of the target.")
                    .fix(
                        format!("Make `{name}` unique"),
                        indexable.and_then(|field| fix::set(cx.source, field, "unique", "True")),
                    )
                    .fix("Point at the primary key", remove())
            }
            // Recorded: `tortoise/462`.
            What::NotWired(target) => {
                let Some(target) = cx.world.class(*target) else { continue };
                let message = "'NoneType' object has no attribute '_meta'";
                problem
                    .diagnostic(RULE.name, "AttributeError", to_field.span, message)
                    .titled(format!("`{}.{name}` has no column", target.name()))
                    .why(format!("A key's column is a copy of the field that `to_field` names. `{name}` is a many-to-many: it has no column, and when {} is wired it has not found its own target yet.", problem.class.name()))
                    .fix("Point at the primary key", remove())
            }
            _ => continue,
        };
        out.push(found);
    }
}
