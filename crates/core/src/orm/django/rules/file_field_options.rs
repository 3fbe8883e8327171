//! Options of file fields.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Field;
use crate::edit::TextEdit;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "file-field-options",
    ids: &["fields.E201", "fields.E202", "fields.E210"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A `FileField` or `ImageField` is made a primary key, its `upload_to` is an absolute path, or Pillow is missing for an `ImageField`.

## Why

The field stores a path below `MEDIA_ROOT`. The path may change, so it cannot identify a row. To look into images Django needs the package Pillow.

## Example

```python
photo = models.FileField(upload_to="/photos")
```

## Fix

Remove `primary_key` and the leading slash. For images install Pillow, which is not part of Django.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let kind = field.class.text.as_str();
        if !matches!(kind, "FileField" | "ImageField") {
            continue;
        }
        if let Some(arg) = field.arg("primary_key") {
            out.push(
                on_field(RULE.name, "fields.E201", class, field, arg.span, format!("'primary_key' is not a valid argument for a {kind}."))
                    .titled(format!("A file cannot be the primary key: `{}`", field.name.text))
                    .why("The field holds the path of a file, and the path may change. It cannot be what identifies a row.")
                    .fix("Remove it", fix::remove(cx.source, field, "primary_key")),
            );
        }
        if let Some((arg, path)) =
            field.arg("upload_to").and_then(|arg| Some((arg, arg.value.as_str()?)))
            && path.starts_with('/')
        {
            out.push(
                on_field(RULE.name, "fields.E202", class, field, arg.span, format!("{kind}'s 'upload_to' argument must be a relative path, not an absolute path."))
                    .hint("Remove the leading slash.")
                    .titled(format!("`{}` uploads to an absolute path", field.name.text))
                    .why("Uploads go to a folder below `MEDIA_ROOT`. A path with a slash in front would lead out of it.")
                    .fix("Remove the slash", Some(vec![fix::replace(arg.value_span, fix::quote(path.trim_start_matches('/')))])),
            );
        }
        if kind == "ImageField" {
            out.push(
                on_field(RULE.name, "fields.E210", class, field, field.class.span, "Cannot use ImageField because Pillow is not installed.")
                    .hint("Get Pillow at https://pypi.org/project/Pillow/ or run command \"python -m pip install Pillow\".")
                    .cause(RULE.name, "`ImageField` needs the package Pillow")
                    .why("Django reads the size of images with Pillow, a package of its own that Django does not bring along. Where it is installed this problem does not arise.")
                    .fix("Use `FileField`", plain_file(field)),
            );
        }
    }
}

fn plain_file(field: &Field) -> Option<Vec<TextEdit>> {
    let only_images =
        ["width_field", "height_field"].iter().any(|keyword| field.arg(keyword).is_some());
    if only_images { None } else { fix::set_class(field, "FileField") }
}
