//! Options that mean nothing.

use super::{Context, declared, known};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::Span;
use crate::orm::tortoise::fields::{COMMON, Known, Shape};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field is given an option that its class does not know: misspelt, or from another ORM.

## Why

Every field takes any option and drops what it does not know, without a word. `nul=True` does not make a column nullable.

## Example

```python
name = fields.CharField(max_length=10, nul=True)
```

## Fix

Correct the name, or leave the option out.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in declared(cx) {
        let Some(known) = known(field) else { continue };
        for (at, arg) in field.args.iter().enumerate() {
            let Some(keyword) = arg.keyword.as_deref() else { continue };
            if is_known(known, keyword) {
                continue;
            }
            let written = Span::new(arg.span.start, arg.span.start + keyword.len() as u32);
            let mut found = Diagnostic::advice(
                RULE.name,
                arg.span,
                format!("'{keyword}' means nothing to {}.", known.name),
            )
            .subject(&model.name.text, Some(&field.name.text))
            .titled(format!("A `{}` knows no `{keyword}`", field.class.text))
            .why("Tortoise takes any option and drops what it does not know, without a word.");
            let meant = names::nearest(keyword, candidates(known))
                .filter(|meant| field.arg(meant).is_none() && written.text(cx.source) == keyword);
            if let Some(meant) = meant {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(written, meant)]),
                );
            }
            let own = arg.span != arg.value_span;
            out.push(found.fix(
                format!("Remove `{keyword}`"),
                fix::remove_argument(cx.source, &field.args, at).filter(|_| own),
            ));
        }
    }
}

fn candidates(known: &Known) -> impl Iterator<Item = &'static str> + use<'_> {
    known
        .positional
        .iter()
        .chain(COMMON)
        .copied()
        .filter(|name| is_known(known, name) && *name != "model")
}

fn is_known(known: &Known, keyword: &str) -> bool {
    if known.positional.contains(&keyword)
        || COMMON.contains(&keyword)
        || matches!(keyword, "pk" | "index")
    {
        return true;
    }
    match known.shape {
        Shape::ForeignKey | Shape::OneToOne => matches!(keyword, "to_field" | "model_name"),
        Shape::ManyToMany => {
            matches!(keyword, "create_unique_index" | "to_field" | "model_name" | "field_type")
        }
        Shape::Column => known.name == "JSONField" && keyword == "field_type",
    }
}
