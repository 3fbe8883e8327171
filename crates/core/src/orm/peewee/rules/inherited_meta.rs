//! `class Meta(Base.Meta)`.

use super::Context;
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Span;
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "inherited-meta", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`class Meta` derives from the `Meta` of another model.

## Why

Peewee takes `Meta` out of a class when it has read it, so a model has no attribute `Meta`. There is no need for it either: the database and most other options are inherited by themselves.

## Example

```python
class Book(BaseModel):
    class Meta(BaseModel.Meta):
        table_name = "books"
```

## Fix

Write `class Meta:`: the options of the parent hold without being named.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::MetaIsGone { base, span } = &fault.what else { continue };
        let message = format!("type object '{base}' has no attribute 'Meta'");
        let owner = cx.document.models.iter().find(|model| model.span.contains(*span));
        let mut found = Diagnostic::raised(RULE.name, "AttributeError", fault.moment, *span, message)
            .titled(format!("`{base}` has no `Meta` any more"))
            .why("Peewee takes `Meta` out of a class once it is made. Its options are inherited without it.");
        if let Some(model) = owner {
            found = found.subject(&model.name.text, None);
        }
        // `Meta(Base.Meta)` with nothing else in the brackets.
        let around = Span::new(span.start.saturating_sub(1), span.end + 1);
        let alone =
            around.text(cx.source).starts_with('(') && around.text(cx.source).ends_with(')');
        out.push(found.fix("Write `class Meta:`", alone.then(|| vec![fix::replace(around, "")])));
    }
}
