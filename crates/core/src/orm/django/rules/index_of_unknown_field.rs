//! An index without a name, on a field that is not there.

use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "index-of-unknown-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An index without a name names a field that the model does not have.

## Why

Django makes the name of such an index from its columns, as soon as the class is made. Of an index with a name the checks would say the same later.

## Example

```python
class Room(models.Model):
    number = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["nubmer"])]
```

## Fix

Correct the name of the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| !class.is_abstract()) {
        for index in class.meta.indexes.iter().filter(|index| index.name.is_none()) {
            let is_there = |name: &str| cx.registry.forward_field(class.index, name).is_some();
            let Some((name, _)) = index.fields.iter().find(|(name, _)| !is_there(name)) else {
                continue;
            };
            let message = format!(
                "{} has no field named '{name}'. The app cache isn't ready yet, so if this is an auto-created related field, it won't be available yet.",
                class.name()
            );
            let place = fix::quoted_place(cx.source, index.span, name);
            let own = class.fields.iter().filter(|local| local.column.is_some());
            let meant = names::nearest(name, own.map(|local| local.name.as_ref()));
            let found = Diagnostic::raised(
                RULE.name,
                "FieldDoesNotExist",
                moments::class(class.model, Step::Indexes),
                place.unwrap_or(index.span),
                message,
            )
            .subject(class.name(), None)
            .titled(format!("{} has no field `{name}` for an index", class.name()))
            .why("The index has no name of its own. Django makes one from the columns when the class is made, and cannot find this one.");
            out.push(match (meant, place) {
                (Some(meant), Some(place)) => found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(place, meant)]),
                ),
                (None, _) | (_, None) => found,
            });
        }
    }
}
