//! A relation without its required arguments.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{ModelKind, RelationKind, Span};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "missing-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation does not say where it points, or what happens when its target is deleted.

## Why

What becomes of the rows that point at a deleted row is a decision about your data, and Django does not take it for you.

## Example

```python
author = models.ForeignKey(Author)
```

## Fix

Add `on_delete=models.CASCADE` (delete them too), `models.PROTECT` (refuse) or `models.SET_NULL` with `null=True` (let go).
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(relation) = field.relation() else { continue };
            let class = field.class.text.as_str();
            let wants: &[&str] = match (class, relation.kind) {
                ("ForeignKey" | "OneToOneField", _) => &["to", "on_delete"],
                ("ManyToManyField", RelationKind::ManyToMany) => &["to"],
                _ => continue,
            };
            if field.args.iter().any(|arg| arg.span.text(cx.source).starts_with('*')) {
                continue;
            }
            let positional = field.args.iter().filter(|arg| arg.keyword.is_none()).count();
            let missing: Vec<&str> = wants
                .iter()
                .enumerate()
                .filter(|(at, name)| *at >= positional && field.arg(name).is_none())
                .map(|(_, name)| *name)
                .collect();
            let listed: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
            let plural = match missing.len() {
                0 => continue,
                1 => "",
                _ => "s",
            };
            let message = format!(
                "{class}.__init__() missing {} required positional argument{plural}: {}",
                missing.len(),
                listed.join(" and ")
            );
            let mut found = Diagnostic::raised(
                RULE.name,
                "TypeError",
                moments::call(field),
                field.class.span,
                message,
            )
            .subject(&model.name.text, Some(&field.name.text));
            found = if missing.contains(&"to") {
                let mut found = found
                    .titled(format!("`{}` does not say which model it points at", field.name.text))
                    .why("The first argument of a relation is the model that it points at.");
                let wanted = names::singular(&field.name.text.to_lowercase()).replace('_', "");
                let meant = cx.document.models.iter().find(|other| {
                    other.name.text.to_lowercase() == wanted && other.kind != ModelKind::Abstract
                });
                if let Some(meant) = meant.filter(|_| missing.len() == 1) {
                    let text = format!("to={}", fix::quote(&meant.name.text));
                    found = found.fix(
                        format!("Point at `{}`", meant.name.text),
                        fix::add(cx.source, field, &text),
                    );
                }
                found
            } else {
                let module = field
                    .class
                    .span
                    .start
                    .checked_sub(7)
                    .map(|start| Span::new(start, field.class.span.start).text(cx.source))
                    .filter(|text| *text == "models.")
                    .unwrap_or_default();
                let rule = |rule: &str| {
                    fix::set(cx.source, field, "on_delete", &format!("{module}{rule}"))
                        .filter(|_| !module.is_empty())
                };
                let mut found = found
                    .titled(format!("`{}` does not say what happens on deletion", field.name.text))
                    .why("When the row at the other end is deleted, the rows that point at it would point at nothing. `CASCADE` deletes them too, `PROTECT` refuses the deletion, `SET_NULL` lets go of them.")
                    .fix("Add `on_delete=models.CASCADE`", rule("CASCADE"))
                    .fix("Add `on_delete=models.PROTECT`", rule("PROTECT"));
                if field.null {
                    found = found.fix("Add `on_delete=models.SET_NULL`", rule("SET_NULL"));
                }
                found
            };
            out.push(found);
        }
    }
}
