//! Two models with one table.

use super::schema::{Phase, refused};
use super::{CONFIGURATION, Context};
use crate::check::{Diagnostic, Rule, fix, names};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-clash", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two models have the same table. The default is the class's name in lower case, so that `Tag` and `TAG` are one.

## Why

Tortoise counts the tables that it has made, and never comes to an end. What it then says, that keys go round in circles, is beside the point.

## Example

```python
class Tag(Model):
    name = fields.CharField(max_length=10)

class TAG(Model):
    name = fields.CharField(max_length=10)
```

## Fix

Give one of them another `table` in its `Meta`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen = rustc_hash::FxHashMap::default();
    for (place, class) in cx.world.app.iter().filter_map(|index| cx.world.class(*index)).enumerate()
    {
        let Some(first) = seen.insert(class.table.as_ref(), class) else { continue };
        let span =
            class.model.meta.table.as_ref().map_or(class.model.name.span, |table| table.span);
        let name = names::snake(class.name());
        let taken = |name: &str| {
            cx.world
                .app
                .iter()
                .filter_map(|index| cx.world.class(*index))
                .any(|class| class.table == name)
        };
        let free = names::free(&[name.clone(), format!("{name}_table")], taken);
        out.push(
            refused(RULE.name, CONFIGURATION, (Phase::Order, place), class, span, "Can't create schema due to cyclic fk references")
                .related(first.name(), None, Some(first.model.name.span))
                .titled(format!("`{}` and `{}` have one table, `{}`", first.name(), class.name(), class.table))
                .why("Tortoise makes as many tables as there are models, and waits for one that never comes. Its message speaks of circles, but there are none.")
                .fix(format!("Use the table `{free}`"), fix::set_option(cx.source, class.model, "table", &fix::quote(&free))),
        );
    }
}
