//! Reverse relations that are assigned.

use super::Context;
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{MemberKind, Span};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "attribute-declares-nothing", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A class body assigns a type: `books = fields.ReverseRelation["Book"]`.

## Why

Only an annotation (`books: …`) tells type checkers about the reverse side. What is assigned is replaced when Tortoise starts, or stays there as an attribute that does nothing.

## Example

```python
class Author(Model):
    books = fields.ReverseRelation["Book"]
```

## Fix

Write a colon in place of the equals sign.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for member in model.members.iter().filter(|member| member.kind == MemberKind::Attribute) {
            let end = fix::line_end(cx.source, member.name.span.end);
            let rest = Span::new(member.name.span.end, end).text(cx.source);
            let Some((before, value)) = rest.split_once('=') else { continue };
            let value = value.trim();
            let is_type = [
                "ReverseRelation[",
                "ForeignKeyRelation[",
                "ManyToManyRelation[",
                "OneToOneRelation[",
                "ForeignKeyNullableRelation[",
                "OneToOneNullableRelation[",
            ]
            .iter()
            .any(|name| value.strip_prefix("fields.").unwrap_or(value).starts_with(name));
            if !is_type || !before.trim().is_empty() {
                continue;
            }
            let sign =
                Span::new(member.name.span.end, member.name.span.end + before.len() as u32 + 1);
            out.push(
                Diagnostic::advice(RULE.name, member.name.span, "A type is assigned; nothing is declared.")
                    .subject(&model.name.text, Some(&member.name.text))
                    .titled(format!("`{}` declares nothing", member.name.text))
                    .why("The other side of a relation is there by itself. An annotation, with a colon, tells type checkers about it; an assignment does nothing.")
                    .fix("Make it an annotation", Some(vec![fix::replace(sign, ":")])),
            );
        }
    }
}
