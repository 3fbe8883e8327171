//! A deferred key that never finds its model.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::document::{Field, Model};
use crate::edit::TextEdit;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "deferred-key-waits", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

No model that a `DeferredForeignKey` waits for is declared after it.

## Why

It becomes a foreign key when a class of that name is made, which must be later in the file. Until then it is a column without a type, named like the field and without `_id`, and nobody checks what is in it. Where the model stands above, it waits for ever.

## Example

```python
class Author(Model):
    name = CharField()

class Book(Model):
    author = DeferredForeignKey("Author")
```

## Fix

Where the model stands above, write `ForeignKeyField(Author)`. Where it is missing, declare it.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.unresolved() {
        let Some(object) = cx.world.object(id).filter(|object| object.class.is_some()) else {
            continue;
        };
        let Some((model, field)) = place::declared(cx, id) else { continue };
        // A child's copy is told at the child.
        let owner = object.class.map_or("", |class| place::name(cx, class));
        let wanted = field
            .relation()
            .and_then(|relation| relation.target.as_ref())
            .map_or("", |target| &target.text);
        let above = cx.document.models.iter().rfind(|other| {
            other.name.text.eq_ignore_ascii_case(wanted) && other.span.end < model.span.start
        });
        let found = Diagnostic::new(
            RULE.name,
            Severity::Warning,
            Stage::Silent,
            field.name.span,
            format!("{owner}.{} waits for a model {wanted}.", field.name.text),
        )
        .subject(owner, Some(&field.name.text))
        .titled(format!("`{}` never becomes a foreign key", field.name.text));
        out.push(match above {
            Some(above) => found
                .why(format!("It waits for a class `{}` that is made later, and that one stands above. Its column has no type and is not a key.", above.name.text))
                .fix(format!("Write `ForeignKeyField({})`", above.name.text), plain(cx, model, field, &above.name.text)),
            None => found.why(format!("No class `{wanted}` is made after it. Its column has no type, and is called `{}` without `_id`.", field.name.text)),
        });
    }
}

fn plain(cx: &Context<'_>, _: &Model, field: &Field, target: &str) -> Option<Vec<TextEdit>> {
    let arg = field.args.first()?;
    let named = field.class.span.text(cx.source) == "DeferredForeignKey" && arg.keyword.is_none();
    named.then(|| {
        vec![fix::replace(field.class.span, "ForeignKeyField"), fix::replace(arg.span, target)]
    })
}
