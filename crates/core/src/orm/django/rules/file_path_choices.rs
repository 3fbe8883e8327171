//! A file path field that allows nothing.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::truth;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "file-path-choices", ids: &["fields.E140"], docs: DOCS };

const DOCS: &str = r#"## What

A `FilePathField` allows neither files nor folders.

## Why

Nothing could ever be chosen.

## Example

```python
path = models.FilePathField(path="/srv", allow_files=False)
```

## Fix

Allow files, or folders with `allow_folders=True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx).filter(|(_, _, field)| field.class.text == "FilePathField")
    {
        let says = |keyword: &str, default: bool| {
            field.arg(keyword).map_or(Some(default), |arg| truth(&arg.value))
        };
        if says("allow_files", true) == Some(false) && says("allow_folders", false) == Some(false) {
            out.push(
                on_field(
                    RULE.name,
                    "fields.E140",
                    class,
                    field,
                    arg_span(field, "allow_files"),
                    "FilePathFields must have either 'allow_files' or 'allow_folders' set to True.",
                )
                .titled(format!("`{}` allows neither files nor folders", field.name.text))
                .why("With both switched off there is nothing to choose from.")
                .fix("Allow folders", fix::set(cx.source, field, "allow_folders", "True"))
                .fix("Allow files", fix::remove(cx.source, field, "allow_files")),
            );
        }
    }
}
