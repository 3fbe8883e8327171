//! An argument that the field does not know.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::Span;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unexpected-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field is given a keyword argument that its class does not have.

## Why

Python refuses a call with an unknown keyword. Usually it is a slip of the pen, or an option of another kind of field.

## Example

```python
title = models.CharField(max_lenght=100)
```

## Fix

Correct the spelling, or remove the argument.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(own) = own_arguments(&field.class.text) else { continue };
            let known = |name: &str| COMMON.contains(&name) || own.contains(&name);
            let unknown = field.args.iter().enumerate().find_map(|(at, arg)| {
                arg.keyword.as_deref().filter(|name| !known(name)).map(|name| (at, arg, name))
            });
            let Some((at, arg, name)) = unknown else { continue };
            let meant = names::nearest(
                name,
                COMMON
                    .iter()
                    .chain(own)
                    .copied()
                    .filter(|other| field.arg(other).is_none() && !INTERNAL.contains(other)),
            );
            let keyword = Span::new(arg.span.start, arg.span.start + name.len() as u32);
            let mut found = Diagnostic::raised(RULE.name, "TypeError", moments::call(field), arg.span, format!("Field.__init__() got an unexpected keyword argument '{name}'"))
                .subject(&model.name.text, Some(&field.name.text))
                .titled(format!("`{}` has no option `{name}`", field.class.text))
                .why(match name {
                    "on_delete" => "`on_delete` is for foreign keys. A many-to-many keeps its pairs in a table in between, and deleting either side always deletes the pairs.".to_owned(),
                    _ => format!("Python refuses a call with a keyword that nobody expects, and {} does not know `{name}`.", field.class.text),
                });
            if let Some(meant) = meant {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(keyword, meant)])
                        .filter(|_| keyword.text(cx.source) == name),
                );
            }
            out.push(found.fix("Remove it", fix::remove_argument(cx.source, &field.args, at)));
        }
    }
}

/// What every field takes: the arguments of Django's `Field.__init__`.
const COMMON: &[&str] = &[
    "verbose_name",
    "name",
    "primary_key",
    "max_length",
    "unique",
    "blank",
    "null",
    "db_index",
    "rel",
    "default",
    "editable",
    "serialize",
    "unique_for_date",
    "unique_for_month",
    "unique_for_year",
    "choices",
    "help_text",
    "db_column",
    "db_tablespace",
    "auto_created",
    "validators",
    "error_messages",
    "db_comment",
    "db_default",
];

const INTERNAL: &[&str] = &["rel", "auto_created", "serialize", "name"];

/// What a class takes besides; `None` for classes that are not Django's, or whose arguments do not reach `Field.__init__`.
fn own_arguments(class: &str) -> Option<&'static [&'static str]> {
    Some(match class {
        "AutoField"
        | "BigAutoField"
        | "SmallAutoField"
        | "BooleanField"
        | "IntegerField"
        | "BigIntegerField"
        | "SmallIntegerField"
        | "PositiveIntegerField"
        | "PositiveBigIntegerField"
        | "PositiveSmallIntegerField"
        | "FloatField"
        | "DurationField"
        | "BinaryField"
        | "UUIDField" => &[],
        "CharField" | "TextField" | "EmailField" | "URLField" => &["db_collation"],
        "SlugField" => &["db_collation", "allow_unicode"],
        "DateField" | "DateTimeField" | "TimeField" => &["auto_now", "auto_now_add"],
        "DecimalField" => &["max_digits", "decimal_places"],
        "FilePathField" => &["path", "match", "recursive", "allow_files", "allow_folders"],
        "FileField" => &["upload_to", "storage"],
        "ImageField" => &["upload_to", "storage", "width_field", "height_field"],
        "GenericIPAddressField" => &["protocol", "unpack_ipv4"],
        "JSONField" => &["encoder", "decoder"],
        "ForeignKey" | "OneToOneField" => &[
            "to",
            "on_delete",
            "related_name",
            "related_query_name",
            "limit_choices_to",
            "parent_link",
            "to_field",
            "db_constraint",
            "swappable",
        ],
        "ManyToManyField" => &[
            "to",
            "related_name",
            "related_query_name",
            "limit_choices_to",
            "symmetrical",
            "through",
            "through_fields",
            "db_constraint",
            "db_table",
            "swappable",
        ],
        _ => return None,
    })
}
