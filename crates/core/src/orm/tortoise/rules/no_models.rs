//! Nothing to start with.

use super::{Context, making};
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::tortoise::world::{APP, What};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "no-models", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file declares classes, but none that Tortoise takes as a model of the app `models`: all are abstract, say in `Meta` that they belong to
another app, or are left out of `__models__`.

## Why

Tortoise looks through a module for models of the app that it was told. Here it finds none, warns, and goes on without them.

## Example

```python
class Team(Model):
    class Meta:
        app = "events"
```

## Fix

Nothing has to be done where the project registers the module under that name. Here, as in most tutorials, the app is called `models`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !making(cx).any(|(_, _, what)| matches!(what, What::NoModels)) {
        return;
    }
    let Some(model) = cx.document.models.first() else { return };
    let span = model.meta.app_label.as_ref().map_or(model.name.span, |label| label.span);
    let mut found =
        Diagnostic::new(RULE.name, Severity::Warning, Stage::Check, span, "Module has no models")
            .subject(&model.name.text, None)
            .titled(format!("There is no model of the app `{APP}` here"))
            .why(format!("Tortoise was told to look for models of the app `{APP}`, and passes over abstract ones and those that say they belong to another app."));
    found.exception = Some("RuntimeWarning");
    out.push(found);
}
