//! An argument that a field cannot do without.

use super::{Context, known, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Field;
use crate::orm::tortoise::fields::{Callable, Known};
use crate::orm::tortoise::profile::PROFILE;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "missing-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field lacks an argument that its class cannot do without: `max_length` of a `CharField`, the digits of a `DecimalField`, the target of a relation.

## Why

Python refuses the call when it reads the class body.

## Example

```python
name = fields.CharField()
```

## Fix

Give the argument by its name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(known) = known(field) else { continue };
        let missing = missing(cx, field, known);
        let Some(first) = missing.first() else { continue };
        let message = format!(
            "{} missing {} required positional argument{}: {}",
            callable(known),
            missing.len(),
            if missing.len() == 1 { "" } else { "s" },
            quoted(&missing)
        );
        let mut found = refused(RULE.name, model, field, steps::BIND, field.class.span, message)
            .titled(format!("`{}` needs `{first}`", field.class.text))
            .why(format!(
                "A `{}` cannot be made without {}.",
                field.class.text,
                missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
            ));
        found.exception = Some("TypeError");
        let required = PROFILE
            .field_classes
            .iter()
            .find(|class| class.name == known.name)
            .map_or(&[][..], |class| class.required);
        let given: Vec<String> = missing
            .iter()
            .filter_map(|name| required.iter().find(|(keyword, _)| keyword == name))
            .map(|(keyword, value)| format!("{keyword}={value}"))
            .collect();
        if given.len() == missing.len() {
            let text = given.join(", ");
            found = found.fix(format!("Add `{text}`"), fix::add(cx.source, field, &text));
        }
        out.push(found);
    }
}

/// What must be given, and is not. Arguments that are spread out from elsewhere may hold anything.
fn missing(cx: &Context<'_>, field: &Field, known: &Known) -> Vec<&'static str> {
    let spread = field.span.text(cx.source).contains('*');
    let by_position = field.args.iter().filter(|arg| arg.keyword.is_none()).count();
    let required = known.positional.iter().take(known.required).enumerate();
    required
        .filter(|(at, name)| *at >= by_position && field.arg(name).is_none() && !spread)
        .map(|(_, name)| *name)
        .collect()
}

/// How Python names what is called.
pub(super) fn callable(known: &Known) -> String {
    match known.callable {
        Callable::Class => format!("{}.__init__()", known.name),
        Callable::Function => format!("{}()", known.name),
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" and ")
}
