//! A proxy with fields of its own.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "proxy-with-fields", ids: &["models.E017"], docs: DOCS };

const DOCS: &str = r#"## What

A proxy model declares fields.

## Why

A proxy has no table; there is nowhere to keep the values.

## Example

```python
class Loud(Person):
    volume = models.IntegerField()

    class Meta:
        proxy = True
```

## Fix

Put the field into the model that the proxy stands for, or remove `proxy = True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in
        cx.registry.installed().filter(|class| class.is_proxy() && class.locals().next().is_some())
    {
        let first = class.declared().next().map(|(_, field)| field);
        let mut found = on_model(RULE.name, "models.E017", class, first.map_or(class.model.name.span, |field| field.name.span), format!("Proxy model '{}' contains model fields.", class.name()))
            .titled(format!("The proxy {} has fields of its own", class.name()))
            .why("A proxy is another view of an existing table and has none itself. There is nowhere to keep the values of further fields.");
        // Django names no object here.
        found.object = None;
        let only = class.declared().count() == 1;
        if let Some(field) = first.filter(|_| only) {
            found = found.fix(
                format!("Remove `{}`", field.name.text),
                fix::remove_field(cx.source, class.model, field),
            );
        }
        out.push(found.fix(
            "Make it a model of its own",
            fix::remove_option(cx.source, class.model, "proxy"),
        ));
    }
}
