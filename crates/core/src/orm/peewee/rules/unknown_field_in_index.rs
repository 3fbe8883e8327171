//! An index over a field that is not there.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::peewee::lower::{IndexForm, Reason};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-field-in-index", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`Meta.indexes` names a field that the model does not have.

## Why

Peewee looks each name up among the fields and columns of the model when it makes the table, and stops at one that is not there.

## Example

```python
class Meta:
    indexes = (
        (("first_name", "surname"), True),
    )
```

## Fix

Write the names of fields. A many-to-many is none: it has no column.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let Reason::IndexField { name, span, form: IndexForm::Group } = &failure.reason else {
            continue;
        };
        let mut found = place::unmakeable(cx, RULE.name, "KeyError", failure, format!("'{name}'"))
            .titled(format!("{} has no field `{name}`", place::name(cx, failure.class)))
            .why(format!("An index is to go over `{name}`, and there is neither a field nor a column of that name."));
        found.span = *span;
        let written = cx
            .document
            .models
            .iter()
            .find(|model| model.span.contains(*span))
            .and_then(|model| place::option_value(cx.source, model, "indexes"))
            .and_then(|value| fix::quoted_place(cx.source, value, name));
        if let Some(written) = written {
            found.span = written;
            let fields =
                cx.world.class(failure.class).into_iter().flat_map(|class| class.fields.names());
            if let Some(meant) = names::nearest(name, fields.map(AsRef::as_ref)) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(written, meant)]),
                );
            }
        }
        out.push(found);
    }
}
