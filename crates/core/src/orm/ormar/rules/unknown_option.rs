//! An option that configurations do not have.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Moment, Rule, fix, names};
use crate::document::{Argument, Span};
use crate::edit::TextEdit;
use crate::orm::ormar::read::{CONFIG, PARAMETERS};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-option", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`OrmarConfig` or its `copy` is given an argument that it does not have.

## Why

Python refuses the call.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy(table_name="authors")
    id: int = ormar.Integer(primary_key=True)
```

## Fix

Use the name that ormar has: `tablename`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        let Some(meta) = model.meta.span else { continue };
        if meta.text(cx.source).starts_with("class") {
            continue;
        }
        let written = |name: &crate::document::Name| {
            name.text != CONFIG
                && meta.contains(name.span)
                && name.span.text(cx.source).starts_with(name.text.as_str())
        };
        for (name, _) in model.meta.options.iter().filter(|(name, _)| written(name)) {
            if PARAMETERS.contains(&name.text.as_str()) {
                continue;
            }
            let callee = callee(meta.text(cx.source));
            let moment = Moment { at: meta.end, step: 0 };
            let mut found =
                raised_by_class(&RULE, "TypeError", model, name.span, message(callee, &name.text));
            found.moment = moment;
            out.push(told(found, &name.text, name.span));
        }
    }
    for call in &cx.document.calls {
        if call.callee.text.ends_with("update_forward_refs") || call.callee.text == "class" {
            continue;
        }
        let callee = if call.callee.text.ends_with(".copy") {
            "OrmarConfig.copy"
        } else {
            "OrmarConfig.__init__"
        };
        for (keyword, arg) in call.args.iter().filter_map(keyword) {
            if PARAMETERS.contains(&keyword) {
                continue;
            }
            let moment = Moment { at: call.span.end, step: 0 };
            let found = Diagnostic::raised(
                RULE.name,
                "TypeError",
                moment,
                arg.span,
                message(callee, keyword),
            );
            out.push(told(found, keyword, arg.span));
        }
    }
}

fn keyword(arg: &Argument) -> Option<(&str, &Argument)> {
    Some((arg.keyword.as_deref()?, arg))
}

fn callee(written: &str) -> &'static str {
    if written.contains(".copy") { "OrmarConfig.copy" } else { "OrmarConfig.__init__" }
}

fn message(callee: &str, keyword: &str) -> String {
    format!("{callee}() got an unexpected keyword argument '{keyword}'")
}

fn told(found: Diagnostic, keyword: &str, span: Span) -> Diagnostic {
    let found = found
        .titled(format!("A configuration has no option `{keyword}`"))
        .why("Python refuses a keyword that the function does not have.");
    let other = match keyword {
        "table" | "db_table" | "name" => Some("tablename"),
        "ordering" | "orders_by" => Some("order_by"),
        "unique_together" | "indexes" => Some("constraints"),
        _ => None,
    };
    match other
        .filter(|other| *other != "constraints")
        .or_else(|| names::nearest(keyword, PARAMETERS.iter().copied()))
    {
        Some(meant) => {
            found.fix(format!("Did you mean `{meant}`?"), Some(rename(span, keyword, meant)))
        }
        None => found,
    }
}

fn rename(span: Span, keyword: &str, meant: &str) -> Vec<TextEdit> {
    let end = span.start + u32::try_from(keyword.len()).unwrap_or_default();
    vec![fix::replace(Span::new(span.start, end), meant)]
}
