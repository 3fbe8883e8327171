//! An argument that ormar passes over.

use super::{Context, advice};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::Argument;
use crate::edit::TextEdit;
use crate::orm::ormar::fields::{self, Known, Shape};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has an argument that ormar does not know.

## Why

ormar keeps what it does not know as an attribute of the field, and never looks at it: a misspelt `nullable` changes nothing.

## Example

```python
class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author, on_delete="CASCADE")
```

## Fix

Use the name that ormar has: `ondelete`.
"#;

/// Keywords of all field classes, and those that pydantic's fields take.
const COMMON: &[&str] = &[
    "name",
    "alias",
    "primary_key",
    "nullable",
    "sql_nullable",
    "default",
    "server_default",
    "index",
    "unique",
    "autoincrement",
    "comment",
    "on_update",
    "encrypt_secret",
    "encrypt_backend",
    "encrypt_custom_backend",
    "overwrite_pydantic_type",
    "enum_class",
    "default_factory",
    "annotation",
    "alias_priority",
    "validation_alias",
    "serialization_alias",
    "title",
    "field_title_generator",
    "description",
    "examples",
    "exclude",
    "discriminator",
    "deprecated",
    "json_schema_extra",
    "frozen",
    "validate_default",
    "repr",
    "init",
    "init_var",
    "kw_only",
    "strict",
    "gt",
    "ge",
    "lt",
    "le",
    "allow_inf_nan",
    "min_length",
    "max_length",
    "union_mode",
    "pattern",
    "coerce_numbers_to_str",
    "fail_fast",
];

/// What other ORMs call them.
const OTHERS: &[(&str, &str)] = &[
    ("null", "nullable"),
    ("db_index", "index"),
    ("on_delete", "ondelete"),
    ("pk", "primary_key"),
    ("db_column", "name"),
    ("column_name", "name"),
    ("backref", "related_name"),
    ("through_fields", "through_relation_name"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.fields() {
        let Some(known) = field.base.and_then(fields::known) else { continue };
        for (index, arg) in field.args.iter().enumerate() {
            let Some(keyword) = arg.keyword.as_deref() else { continue };
            if heeded(known, keyword) {
                continue;
            }
            let mut found = advice(&RULE, model, field, arg.span, format!("{} passes over '{keyword}'.", known.name))
                .titled(format!("`{}` does not know `{keyword}`, and passes over it", known.name))
                .why("ormar takes any keyword and says nothing of those that it does not know: the argument has no effect.");
            if let Some(meant) = meant(known, keyword).filter(|meant| field.arg(meant).is_none()) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    rename(arg, keyword, meant, cx.source),
                );
            }
            out.push(
                found.fix("Take it away", fix::remove_argument(cx.source, &field.args, index)),
            );
        }
    }
}

fn heeded(known: &Known, keyword: &str) -> bool {
    let ours = known.keywords.contains(&keyword);
    match known.shape {
        Shape::Column => ours || COMMON.contains(&keyword),
        Shape::ForeignKey => {
            ours || (COMMON.contains(&keyword)
                && !matches!(
                    keyword,
                    "primary_key" | "autoincrement" | "on_update" | "server_default"
                ))
        }
        Shape::ManyToMany => {
            ours || (COMMON.contains(&keyword)
                && !matches!(
                    keyword,
                    "primary_key"
                        | "autoincrement"
                        | "on_update"
                        | "server_default"
                        | "index"
                        | "sql_nullable"
                        | "comment"
                ))
        }
    }
}

/// What was probably meant.
fn meant(known: &Known, keyword: &str) -> Option<&'static str> {
    let takes = |name: &&str| known.keywords.contains(name) || COMMON.contains(name);
    let other = OTHERS.iter().find(|(name, _)| *name == keyword).map(|(_, own)| *own);
    let near = || {
        let common = [
            "nullable",
            "default",
            "server_default",
            "index",
            "unique",
            "primary_key",
            "name",
            "sql_nullable",
        ];
        names::nearest(keyword, known.keywords.iter().copied().chain(common))
    };
    other.filter(takes).or_else(near).filter(|name| heeded(known, name))
}

/// The keyword alone; `on_delete=models.CASCADE` of another ORM needs another value, too.
fn rename(arg: &Argument, keyword: &str, meant: &str, source: &str) -> Option<Vec<TextEdit>> {
    let written = arg.span.text(source);
    if meant == "ondelete" && !matches!(arg.value, crate::document::Value::Str(_)) {
        return None;
    }
    if meant == "ondelete"
        && let crate::document::Value::Str(action) = &arg.value
    {
        let known = ["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"];
        if !known.contains(&action.to_uppercase().as_str()) {
            return None;
        }
    }
    let end = arg.span.start + u32::try_from(keyword.len()).ok()?;
    written
        .starts_with(keyword)
        .then(|| vec![fix::replace(crate::document::Span::new(arg.span.start, end), meant)])
}
