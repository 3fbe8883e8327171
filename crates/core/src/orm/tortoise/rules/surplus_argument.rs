//! An argument too many.

use super::missing_argument::callable;
use super::{Context, known, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Field, Span};
use crate::orm::tortoise::fields::{Callable, Known, Shape};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "surplus-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field is given more arguments by position than its class takes, one of them twice, or `unique` for a one-to-one, which is unique by itself.

## Why

Python refuses the call when it reads the class. Most options are given by name.

## Example

```python
name = fields.CharField(100, True)
```

## Fix

Give options by name, each once.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(known) = known(field) else { continue };
        let Some(surplus) = surplus(field, known) else { continue };
        let mut found =
            refused(RULE.name, model, field, steps::BIND, surplus.span, surplus.message)
                .titled(surplus.title)
                .why("Python has no place for it, and refuses the call.")
                .fix("Remove it", fix::remove_argument(cx.source, &field.args, surplus.index));
        found.exception = Some("TypeError");
        out.push(found);
    }
}

struct Surplus {
    index: usize,
    span: Span,
    message: String,
    title: String,
}

fn surplus(field: &Field, known: &Known) -> Option<Surplus> {
    let name = callable(known);
    let place = |index: usize| field.args.get(index).map_or(field.class.span, |arg| arg.span);
    let by_position = field.args.iter().filter(|arg| arg.keyword.is_none()).count();
    let twice = known.positional.iter().take(by_position).find_map(|parameter| {
        field
            .args
            .iter()
            .position(|arg| arg.keyword.as_deref() == Some(parameter))
            .map(|at| (at, parameter))
    });
    if let Some((index, parameter)) = twice {
        let message = format!("{name} got multiple values for argument '{parameter}'");
        return Some(Surplus {
            index,
            span: place(index),
            message,
            title: format!("`{parameter}` is given twice"),
        });
    }
    if by_position > known.positional.len() {
        let own = usize::from(known.callable == Callable::Class);
        let (least, most, given) =
            (known.required + own, known.positional.len() + own, by_position + own);
        let takes =
            if least == most { most.to_string() } else { format!("from {least} to {most}") };
        let message = format!(
            "{name} takes {takes} positional argument{} but {given} were given",
            if most == 1 { "" } else { "s" }
        );
        let title = format!("`{}` takes fewer arguments by position", field.class.text);
        return Some(Surplus {
            index: by_position - 1,
            span: place(by_position - 1),
            message,
            title,
        });
    }
    let unique = field.args.iter().position(|arg| arg.keyword.as_deref() == Some("unique"));
    let index = unique.filter(|_| known.shape == Shape::OneToOne)?;
    let message = "tortoise.fields.relational.ForeignKeyFieldInstance.__init__() got multiple values for keyword argument 'unique'".to_owned();
    Some(Surplus {
        index,
        span: place(index),
        message,
        title: "A one-to-one is unique by itself".into(),
    })
}
