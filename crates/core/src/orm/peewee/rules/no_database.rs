//! Models without a database.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, Stage};
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "no-database", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has no database.

## Why

Peewee has no settings: each model is told its database, by `Meta` or by `bind`. Without one it can be declared, but neither can its table be made nor a query be run. `Meta.database` is inherited, so the usual way is one base class for all.

## Example

```python
class User(Model):
    name = CharField()

db.create_tables([User])
```

## Fix

Write a base class with `class Meta: database = db`, and derive every model from it.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::Unbound(class, span) = fault.what else { continue };
        let name = place::name(cx, class);
        let message =
            format!("database attribute does not appear to be set on the model: <Model: {name}>");
        let mut found = place::raised(cx, RULE.name, "ImproperlyConfigured", fault, message)
            .titled(format!("{name} has no database"))
            .why(format!("The table of `{name}` is to be made, and Peewee does not know where: `{name}` has no `Meta.database`, and no base class that has one."));
        found.span = span;
        out.push(found);
    }
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        let Some(model) = class.model.and_then(|at| cx.document.models.get(at)) else { continue };
        if class.bound || cx.world.is_bare(class) {
            continue;
        }
        let message = "Query must be bound to a database in order to call \"execute\".";
        let mut found = Diagnostic::advice(RULE.name, model.name.span, message)
            .subject(&model.name.text, None)
            .cause(RULE.name, "Models without a database")
            .why("They can be declared, but the first query raises `InterfaceError`. Give them a base class with `class Meta: database = db`, or bind them before use.");
        found.exception = Some("InterfaceError");
        found.stage = Stage::Use;
        out.push(found);
    }
}
