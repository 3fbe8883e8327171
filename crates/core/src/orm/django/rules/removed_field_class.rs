//! Field classes that Django has removed.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "removed-field-class",
    ids: &["fields.E900", "fields.E901", "fields.E903"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

The field class exists only for old migrations.

## Why

Django replaced it: `IPAddressField` by `GenericIPAddressField`, `NullBooleanField` by `BooleanField(null=True)`, `CommaSeparatedIntegerField` by `CharField` with a validator.

## Example

```python
answer = models.NullBooleanField()
```

## Fix

Use the class that took its place.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let (id, message, hint, instead) = match field.class.text.as_str() {
            "IPAddressField" => (
                "fields.E900",
                "IPAddressField has been removed except for support in historical migrations.",
                "Use GenericIPAddressField instead.",
                "GenericIPAddressField",
            ),
            "CommaSeparatedIntegerField" => (
                "fields.E901",
                "CommaSeparatedIntegerField is removed except for support in historical migrations.",
                "Use CharField(validators=[validate_comma_separated_integer_list]) instead.",
                "CharField",
            ),
            "NullBooleanField" => (
                "fields.E903",
                "NullBooleanField is removed except for support in historical migrations.",
                "Use BooleanField(null=True, blank=True) instead.",
                "BooleanField",
            ),
            _ => continue,
        };
        let mut edits = fix::set_class(field, instead);
        if instead == "BooleanField"
            && let (Some(edits), Some(more)) =
                (edits.as_mut(), fix::set(cx.source, field, "null", "True"))
        {
            edits.extend(more);
        }
        out.push(
            on_field(RULE.name, id, class, field, field.class.span, message)
                .hint(hint)
                .titled(format!("`{}` is no longer part of Django", field.class.text))
                .why("Django keeps the class only so that old migrations can be read. New models use what replaced it.")
                .fix(format!("Use `{instead}`"), edits),
        );
    }
}
