//! An index over nothing.

use super::{Context, class_refused};
use crate::check::{Diagnostic, Rule};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "index-without-fields", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An `Index` in `Meta` names neither fields nor expressions, or both.

## Why

An index is over something, and over one kind of thing.

## Example

```python
indexes = [Index()]
```

## Fix

Name fields: `Index(fields=["name"])`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        let Some((name, Value::List(items))) =
            model.meta.options.iter().find(|(name, _)| name.text == "indexes")
        else {
            continue;
        };
        for item in items {
            let Value::Call { args, .. } = item else { continue };
            let fields = args.iter().any(|arg| {
                arg.keyword.as_deref() == Some("fields")
                    && crate::python::truth(&arg.value) != Some(false)
            });
            let expressions = args.iter().any(|arg| arg.keyword.is_none());
            let message = match (fields, expressions) {
                (false, false) => {
                    "At least one field or expression is required to define an index."
                }
                (true, true) => "Index.fields and expressions are mutually exclusive.",
                (true, false) | (false, true) => continue,
            };
            let mut found = class_refused(RULE.name, model, super::steps::META, name.span, message)
                .titled("An index needs fields, or expressions, and not both")
                .why("An index is kept over what is named in it.");
            found.moment.at = name.span.end;
            out.push(found);
        }
    }
}
