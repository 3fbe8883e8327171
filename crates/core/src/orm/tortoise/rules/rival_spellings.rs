//! An option under its old and its new name.

use super::{Context, given, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::python::truth;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "rival-spellings", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has an option under its old and its new name, and they differ: `pk` and `primary_key`, `index` and `db_index`.

## Why

They mean the same, and only one can hold.

## Example

```python
code = fields.IntField(index=True, db_index=False)
```

## Fix

Keep the option under its new name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx).filter(|(_, field)| field.base.is_some()) {
        for (old, new, step) in
            [("index", "db_index", steps::OLD_INDEX), ("pk", "primary_key", steps::OLD_KEY)]
        {
            let (Some(before), Some(after)) = (given(field, old), given(field, new)) else {
                continue;
            };
            let own = field.base == Some("TextField") && old == "index";
            if own || truth(&before.value) == truth(&after.value) {
                continue;
            }
            let message = if old == "pk" {
                format!("{} can't set both primary_key and pk", super::instance(field))
            } else {
                format!("{} can't set both db_index and index", super::instance(field))
            };
            out.push(
                refused(RULE.name, model, field, step, before.span, message)
                    .titled(format!("`{old}` and `{new}` say different things"))
                    .why(format!("`{old}` is the old name of `{new}`."))
                    .fix(format!("Remove `{old}`"), fix::remove(cx.source, field, old)),
            );
        }
    }
}
