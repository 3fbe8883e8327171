//! Options under their old names.

use super::{Context, given, is_true, made, steps};
use crate::check::{Diagnostic, Moment, Rule, Severity, fix};
use crate::document::{Field, Model, Span};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "deprecated-spelling", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has an option under its old name (`pk`, `index`, `create_unique_index`), or a `TextField` is a primary key.

## Why

Tortoise still understands it, but warns whenever the file is imported.

## Example

```python
id = fields.IntField(pk=True)
```

## Fix

Use the new name of the option.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx).filter(|(_, field)| field.base.is_some()) {
        let text = field.base == Some("TextField");
        if text && (is_true(field, "primary_key") || is_true(field, "pk")) {
            let message = "TextField as a PrimaryKey is Deprecated, use CharField instead";
            let mut edits = fix::set_class(field, "CharField");
            if let (Some(edits), Some(more)) =
                (&mut edits, fix::set(cx.source, field, "max_length", "255"))
            {
                edits.extend(more);
            }
            let module = field
                .class
                .span
                .start
                .checked_sub(1)
                .is_some_and(|at| Span::new(at, at + 1).text(cx.source) == ".");
            out.push(
                warning(model, field, steps::OLD_OWN, field.class.span, message)
                    .titled("A `TextField` should not be a primary key")
                    .why("Not every database can look rows up by a text without bound.")
                    .fix("Make it a `CharField`", edits.filter(|_| module)),
            );
        }
        for (old, new, step) in OLD {
            let Some(arg) = given(field, old) else { continue };
            let many = field.base == Some("ManyToManyField");
            let message = match *old {
                "create_unique_index" if many => {
                    "Parameter `create_unique_index` is deprecated! Use `unique` instead."
                        .to_owned()
                }
                "create_unique_index" => continue,
                _ if given(field, new).is_some() && !(text && *old == "index") => continue,
                _ => format!("`{old}` is deprecated, please use `{new}` instead"),
            };
            // A text looks at it itself, before it refuses it, unless it has refused to be unique before that.
            let own = text && *old == "index" && !is_true(field, "unique");
            let step = if own { steps::OLD_OWN } else { *step };
            let keyword = Span::new(arg.span.start, arg.span.start + old.len() as u32);
            let written = keyword.text(cx.source) == *old && field.arg(new).is_none();
            out.push(
                warning(model, field, step, arg.span, message)
                    .titled(format!("`{old}` is now called `{new}`"))
                    .why("The old name still works, with a warning at every start.")
                    .fix(
                        format!("Write `{new}`"),
                        written.then(|| vec![fix::replace(keyword, *new)]),
                    ),
            );
        }
    }
}

/// Old name, new name, and when it is looked at.
const OLD: &[(&str, &str, u32)] = &[
    ("create_unique_index", "unique", steps::OLD_OWN),
    ("index", "db_index", steps::OLD_INDEX),
    ("pk", "primary_key", steps::OLD_KEY),
];

fn warning(
    model: &Model,
    field: &Field,
    step: u32,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: field.span.end, step };
    let mut found = Diagnostic::raised(RULE.name, "DeprecationWarning", moment, span, message)
        .subject(&model.name.text, Some(&field.name.text));
    found.severity = Severity::Warning;
    found
}
