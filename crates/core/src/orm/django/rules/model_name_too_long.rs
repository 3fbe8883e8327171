//! A model's name that does not fit the table of content types.

use crate::check::{Diagnostic, Rule};
use crate::document::Project;
use crate::orm::django::rules::{Context, on_model};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "model-name-too-long", ids: &["contenttypes.E005"], docs: DOCS };

const DOCS: &str = r#"## What

A model's name has more than 100 characters.

## Why

`django.contrib.contenttypes` keeps a row for each model, with its name in lower case in a column of 100 characters.

## Example

```python
class AnAssignmentOfAStudentToACourseInATerm…(models.Model): ...
```

## Fix

Choose a shorter name.
"#;

/// The column of `contenttypes.ContentType`.
const LONGEST: usize = 100;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if cx.document.project == Project::Bare {
        return;
    }
    for class in cx.registry.installed() {
        let length = class.model_name.chars().count();
        if length > LONGEST {
            let message =
                format!("Model names must be at most {LONGEST} characters (got {length}).");
            out.push(
                on_model(RULE.name, "contenttypes.E005", class, class.model.name.span, message)
                    .titled(format!("A model's name has {length} characters"))
                    .why("`django.contrib.contenttypes` keeps the name of every model in a column of 100 characters."),
            );
        }
    }
}
