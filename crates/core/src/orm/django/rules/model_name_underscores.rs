//! Underscores in a model's name.

use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "model-name-underscores", ids: &["models.E023", "models.E024"], docs: DOCS };

const DOCS: &str = r#"## What

A model's name starts or ends with an underscore, or contains two in a row.

## Why

The name in lower case is used in filters, where two underscores lead from one name to the next.

## Example

```python
class Blog__Entry(models.Model): ...
```

## Fix

Rename the class: `BlogEntry`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let name = class.name();
        let (id, message) = if name.starts_with('_') || name.ends_with('_') {
            (
                "models.E023",
                format!(
                    "The model name '{name}' cannot start or end with an underscore as it collides with the query lookup syntax."
                ),
            )
        } else if name.contains("__") {
            (
                "models.E024",
                format!(
                    "The model name '{name}' cannot contain double underscores as it collides with the query lookup syntax."
                ),
            )
        } else {
            continue;
        };
        out.push(
            on_model(RULE.name, id, class, class.model.name.span, message)
                .titled(format!("`{name}` has underscores where filters need them"))
                .why("In filters the model goes by its name in lower case, and two underscores lead from one name to the next. A name with underscores at its ends or two in a row could not be told apart."),
        );
    }
}
