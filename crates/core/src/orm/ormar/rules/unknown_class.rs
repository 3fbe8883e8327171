//! A field class that ormar does not have.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Moment, Rule, fix, names};
use crate::orm::ormar::fields;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-class", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Something is taken from the module `ormar` that is not there.

## Why

Python stops with an `AttributeError`. What other ORMs call `CharField` is `String` here.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.CharField(max_length=100)
```

## Fix

Use the class that ormar has.
"#;

/// What other ORMs, and SQLAlchemy, call ormar's classes.
const OTHERS: &[(&str, &str)] = &[
    ("CharField", "String"),
    ("Varchar", "String"),
    ("VARCHAR", "String"),
    ("TextField", "Text"),
    ("IntegerField", "Integer"),
    ("IntField", "Integer"),
    ("AutoField", "Integer"),
    ("BooleanField", "Boolean"),
    ("FloatField", "Float"),
    ("DateField", "Date"),
    ("DateTimeField", "DateTime"),
    ("DatetimeField", "DateTime"),
    ("Datetime", "DateTime"),
    ("DecimalField", "Decimal"),
    ("Numeric", "Decimal"),
    ("UUIDField", "UUID"),
    ("JSONField", "JSON"),
    ("ForeignKeyField", "ForeignKey"),
    ("ManyToManyField", "ManyToMany"),
    ("OneToOneField", "ForeignKey"),
    ("OneToOne", "ForeignKey"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made().filter(|(_, field)| field.base.is_none()) {
        let class = &field.class;
        let before = cx.source.get(..class.span.start as usize).unwrap_or_default();
        let module =
            cx.document.imports.iter().any(|import| {
                import.path == "ormar" && before.ends_with(&format!("{}.", import.name))
            });
        if !module {
            continue;
        }
        let other = OTHERS.iter().find(|(name, _)| *name == class.text).map(|(_, own)| *own);
        let meant = other.or_else(|| names::nearest(&class.text, fields::names()));
        let message = format!("module 'ormar' has no attribute '{}'", class.text);
        let mut found =
            raised_by_call(&RULE, "AttributeError", (model, field), class.span, message)
                .titled(format!("ormar has no `{}`", class.text))
                .why(format!(
                    "The module `ormar` has no class `{}`, so Python stops here.",
                    class.text
                ));
        if let Some(meant) = meant {
            found = found.fix(format!("Use `{meant}`"), fix::set_class(field, meant));
        }
        out.push(found);
    }
    for model in &cx.document.models {
        for base in model.bases.iter().filter(|base| base.path.ends_with(".ModelMeta")) {
            old_base(base.span, model.span.start, out);
        }
    }
    for call in &cx.document.calls {
        if call.callee.text == "class" {
            old_base(call.callee.span, call.span.start, out);
        }
    }
}

/// `class BaseMeta(ormar.ModelMeta)`.
fn old_base(span: crate::document::Span, at: u32, out: &mut Vec<Diagnostic>) {
    let message = "module 'ormar' has no attribute 'ModelMeta'";
    let moment = Moment { at, step: 0 };
    out.push(
        Diagnostic::raised(RULE.name, "AttributeError", moment, span, message)
            .titled("ormar has no `ModelMeta` any more")
            .why("Since ormar 0.20 models are configured by `ormar_config = ormar.OrmarConfig(…)`. `ModelMeta` is gone, so Python stops here."),
    );
}
