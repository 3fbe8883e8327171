//! Constraints of `Meta`.

use super::Context;
use crate::check::rules::option_span;
use crate::check::{Diagnostic, Rule};
use crate::python::truth;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "constraints-not-made", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`Meta` has `constraints`.

## Why

They are for migrations. `Tortoise.generate_schemas`, which makes the tables here, passes over them.

## Example

```python
class Meta:
    constraints = [UniqueConstraint(fields=("a", "b"), name="once")]
```

## Fix

For uniqueness say `unique_together`, which both know.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.world.app.iter().filter_map(|index| cx.world.class(*index)) {
        let Some((_, _, value)) = class.option("constraints") else { continue };
        if truth(value) == Some(false) {
            continue;
        }
        out.push(
            Diagnostic::advice(RULE.name, option_span(class.model, "constraints"), "generate_schemas makes no constraints of Meta.")
                .subject(class.name(), None)
                .titled(format!("The constraints of `{}` are not in its table", class.name()))
                .why("Only migrations look at `constraints`. The tables that are made here do not have them."),
        );
    }
}
