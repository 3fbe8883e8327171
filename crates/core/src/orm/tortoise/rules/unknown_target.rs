//! A target that is not there.

use super::{CONFIGURATION, Context, start_up};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::ModelKind;
use crate::orm::tortoise::world::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation names an app or a model that is not there.

## Why

The name in quotes is looked up when Tortoise starts: first the app before the dot, then the model. Abstract models are not in the list.
The app is the name under which the module is registered, mostly `models`.

## Example

```python
class Ticket(Model):
    event = fields.ForeignKeyField("models.Concert")
```

## Fix

Declare the model, or correct the name. Capitals count.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in start_up(cx) {
        let Some(target) = problem.field.relation().and_then(|relation| relation.target.as_ref())
        else {
            continue;
        };
        let label = cx.world.label;
        let models =
            || cx.world.app.iter().filter_map(|index| Some(cx.world.class(*index)?.name()));
        let replace =
            |name: &str| Some(vec![fix::replace(target.span, format!("\"{label}.{name}\""))]);
        let start = |message| problem.diagnostic(RULE.name, CONFIGURATION, target.span, message);
        let found = match problem.what {
            What::UnknownApp(app) => {
                let message = format!(
                    "No app with name '{app}' registered. Please check your model names in ForeignKeyFields and configurations."
                );
                let name = target.text.rsplit('.').next().unwrap_or_default();
                let found = start(message)
                    .titled(format!("There is no app `{app}`"))
                    .why(format!("The part before the dot is the name under which the module is registered, here `{label}`."));
                if models().any(|known| known == name) {
                    found.fix(format!("Write `{label}.{name}`"), replace(name))
                } else {
                    found
                }
            }
            What::UnknownModel(name) => {
                let found =
                    start(format!("No model with name '{name}' registered in app '{label}'."))
                        .titled(format!("There is no model `{name}`"));
                let is_abstract = cx.document.model(name).is_some_and(|model| {
                    matches!(model.kind, ModelKind::Abstract | ModelKind::Mixin)
                });
                let found = if is_abstract {
                    found.why(format!("`{name}` has no table of its own, so that nothing can point at it. A relation needs one of the models that inherit from it."))
                } else {
                    found.why(format!("Nothing in the file declares a model of that name. Tortoise looks for it when it starts, among the models of the app `{label}`."))
                };
                match names::nearest(name, models()) {
                    Some(meant) => found.fix(format!("Did you mean `{meant}`?"), replace(meant)),
                    None => found,
                }
            }
            _ => continue,
        };
        out.push(found);
    }
}
