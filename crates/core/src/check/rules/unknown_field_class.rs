//! A field class that is not known here.

use crate::check::{Context, Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{ColumnType, FieldKind, Span};

/// The rule.
pub static RULE: Rule = Rule { name: "unknown-field-class", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The class of a field comes from elsewhere and is none that this tool knows.

## Why

Its column is taken to be there, but what it holds, and which rules it has, cannot be said.

## Example

```python
place = PointField()
```

## Fix

Nothing has to be done. With a field class of the ORM itself all that this tool derives is exact.
"#;

/// Adds what it finds.
pub fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in &model.fields {
            let FieldKind::Column(column) = &field.kind else { continue };
            let ColumnType::Unknown(class) = &column.ty else { continue };
            if column.generated.is_some() || column.native.is_some() {
                continue;
            }
            let mut found = Diagnostic::advice(RULE.name, field.class.span, format!("'{class}' is not known here."))
                .subject(&model.name.text, Some(&field.name.text))
                .titled(format!("`{class}` is not known here"))
                .why(format!("The class of `{}` comes from elsewhere. Its column is kept, but its type and its rules are not known.", field.name.text));
            // Behind a module (`models.PointField`), or imported by itself: another name alone would be undefined.
            let before = field.class.span.start.checked_sub(1);
            let of_module = before.is_some_and(|at| Span::new(at, at + 1).text(cx.source) == ".");
            let there = |name: &str| {
                of_module || cx.document.imports.iter().any(|import| import.name == name)
            };
            if let Some(meant) =
                names::nearest(class, cx.orm.profile().field_classes.iter().map(|class| class.name))
                && there(meant)
            {
                found = found.fix(format!("Did you mean `{meant}`?"), fix::set_class(field, meant));
            }
            out.push(found);
        }
    }
}
