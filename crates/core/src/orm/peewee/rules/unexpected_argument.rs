//! An argument that the field class does not take.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::Value;
use crate::orm::peewee::{fields, signature};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unexpected-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field is given an argument that its class does not take, or the same argument twice.

## Why

Field classes are Python classes, and Python refuses arguments that they do not have. Other ORMs have other arguments: Peewee says `backref`, not `related_name`, and only texts have a `max_length`.

## Example

```python
groups = ManyToManyField(Group, related_name="members")
```

## Fix

Write the argument as Peewee calls it, or take it out.
"#;

/// What other ORMs call what Peewee has, too.
const FOREIGN: &[(&str, &str)] = &[
    ("related_name", "backref"),
    ("through", "through_model"),
    ("to_field", "field"),
    ("db_column", "column_name"),
    ("db_index", "index"),
    ("pk", "primary_key"),
    ("to", "model"),
    ("nullable", "null"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(refusal) = signature::refusal(field, cx.source) else { continue };
            let Some((at, arg)) = refusal.argument.and_then(|at| Some((at, field.args.get(at)?)))
            else {
                continue;
            };
            let class = field.class.text.as_str();
            let base = field.base.and_then(fields::anywhere);
            let known: Vec<&str> = base.map_or_else(Vec::new, |known| known.positional.to_vec());
            let keyword = arg.keyword.as_deref().unwrap_or_default();
            let twice = refusal.message.contains("multiple values");
            let title = if keyword.is_empty() {
                format!("`{class}` takes fewer arguments")
            } else if twice {
                format!("`{keyword}` is given twice")
            } else {
                format!("`{class}` has no argument `{keyword}`")
            };
            let mut found = Diagnostic::raised(RULE.name, "TypeError", place::call(field), arg.span, refusal.message)
                .subject(&model.name.text, Some(&field.name.text))
                .titled(title)
                .why(format!("Python calls the class with these arguments, and `{class}` does not take this one. The file ends here."));
            let foreign = FOREIGN.iter().find(|(other, _)| *other == keyword).map(|(_, own)| *own);
            let meant = foreign
                .filter(|own| known.contains(own))
                .or_else(|| names::nearest(keyword, known.iter().copied()))
                .filter(|meant| field.arg(meant).is_none() && !twice && !keyword.is_empty());
            if let Some(meant) = meant {
                let name = crate::document::Span::new(
                    arg.span.start,
                    arg.span.start + keyword.len() as u32,
                );
                found = found.fix(
                    format!("Write `{meant}`"),
                    (name.text(cx.source) == keyword).then(|| vec![fix::replace(name, meant)]),
                );
            }
            // Other ORMs take the name for people first: `CharField("Name", max_length=3)`.
            let first = field.args.first().filter(|first| first.keyword.is_none());
            let label = first.filter(|first| twice && matches!(first.value, Value::Str(_)));
            if let Some(label) = label.filter(|_| field.arg("verbose_name").is_none()) {
                let edits = vec![fix::insert(label.span.start, "verbose_name=")];
                out.push(found.fix("Say that the text is the `verbose_name`", Some(edits)));
                continue;
            }
            // Of several that are too many one would not do.
            if !keyword.is_empty() {
                found = found.fix("Take it out", fix::remove_argument(cx.source, &field.args, at));
            }
            out.push(found);
        }
    }
}
