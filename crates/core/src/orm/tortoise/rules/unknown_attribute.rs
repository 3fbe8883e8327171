//! Names that `tortoise.fields` does not have.

use super::Context;
use crate::check::{Diagnostic, Moment, Rule, fix, names};
use crate::document::{Field, Span};
use crate::edit::TextEdit;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-attribute", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file takes something from `tortoise.fields` that is not there: `EmailField`, `PROTECT`, …

## Why

Other ORMs have classes and actions of these names. Python finds out when it comes to the line.

## Example

```python
mail = fields.EmailField()
author = fields.ForeignKeyField("models.Author", on_delete=fields.PROTECT)
```

## Fix

Use what Tortoise has: `CharField` with a `max_length`, `RESTRICT`, …
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for import in &cx.document.imports {
        let Some(name) = import.path.strip_prefix("tortoise.fields.") else { continue };
        if name.contains('.')
            || !is_missing(name)
            || !import.span.text(cx.source).starts_with("from")
        {
            continue;
        }
        let moment = Moment { at: import.span.start, step: 0 };
        let message = format!("cannot import name '{name}' from 'tortoise.fields'");
        out.push(
            Diagnostic::raised(RULE.name, "ImportError", moment, import.span, message)
                .titled(format!("Tortoise has no `{name}`"))
                .why("Nothing of that name can be imported from `tortoise.fields`."),
        );
    }
    for (model, field) in super::declared(cx) {
        let action = super::argument(field, "on_delete")
            .map(|arg| (arg.value_span, arg.value_span.text(cx.source)))
            .and_then(|(span, text)| Some((span, text.rsplit_once('.')?)));
        if let Some((span, (module, name))) = action {
            let raised = match super::path(cx, module).as_str() {
                "tortoise.fields" if is_missing(name) => module_lacks(name),
                "tortoise.fields.OnDelete" if !ACTIONS.contains(&name) => name.to_owned(),
                _ => String::new(),
            };
            if !raised.is_empty() {
                let better = if name == "DO_NOTHING" { "NO_ACTION" } else { "RESTRICT" };
                let place = Span::new(span.end - name.len() as u32, span.end);
                let edits = vec![fix::replace(place, better)];
                out.push(found(&model.name.text, field, place, name, raised, better, Some(edits)));
            }
        }
        let Some(written) = dotted_before(cx.source, field.class.span) else { continue };
        let name = field.class.text.as_str();
        if super::path(cx, written) == "tortoise.fields" && is_missing(name) {
            let better = instead(name);
            let edits = better.and_then(|class| change(cx, field, class));
            let message = module_lacks(name);
            out.push(found(
                &model.name.text,
                field,
                field.class.span,
                name,
                message,
                better.unwrap_or_default(),
                edits,
            ));
        }
    }
}

fn found(
    model: &str,
    field: &Field,
    span: Span,
    name: &str,
    message: String,
    better: &str,
    edits: Option<Vec<TextEdit>>,
) -> Diagnostic {
    let moment = Moment { at: span.start, step: 0 };
    Diagnostic::raised(RULE.name, "AttributeError", moment, span, message)
        .subject(model, Some(&field.name.text))
        .titled(format!("Tortoise has no `{name}`"))
        .why("Other ORMs have it. Python looks for it in Tortoise's module, and stops.")
        .fix(format!("Use `{better}`"), edits)
}

fn module_lacks(name: &str) -> String {
    format!("module 'tortoise.fields' has no attribute '{name}'")
}

/// The path before a name: `fields` of `fields.EmailField`.
fn dotted_before(source: &str, span: Span) -> Option<&str> {
    let before = source.get(..span.start as usize)?.strip_suffix('.')?;
    let start = before
        .rfind(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')))
        .map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
    before.get(start..)
}

fn is_missing(name: &str) -> bool {
    name != "*" && !THERE.contains(&name) && crate::orm::tortoise::fields::known(name).is_none()
}

/// What Tortoise has in place of another ORM's class.
fn instead(name: &str) -> Option<&'static str> {
    let own = match name {
        "EmailField"
        | "URLField"
        | "SlugField"
        | "FileField"
        | "ImageField"
        | "StringField"
        | "GenericIPAddressField"
        | "FilePathField" => "CharField",
        "PositiveIntegerField" | "AutoField" | "IntergerField" | "Integer" => "IntField",
        "PositiveSmallIntegerField" => "SmallIntField",
        "BigAutoField" | "PositiveBigIntegerField" => "BigIntField",
        "Boolean" | "BoolField" => "BooleanField",
        _ => {
            let classes = crate::orm::tortoise::profile::PROFILE.field_classes.iter();
            return names::nearest(name, classes.map(|class| class.name));
        }
    };
    Some(own)
}

/// The class, with a length where it needs one.
fn change(cx: &Context<'_>, field: &Field, class: &str) -> Option<Vec<TextEdit>> {
    let mut edits = fix::set_class(field, class)?;
    if class == "CharField" && field.args.is_empty() {
        edits.extend(fix::add(cx.source, field, "max_length=255")?);
    } else if class == "CharField" && field.arg("max_length").is_none() {
        edits.extend(fix::set(cx.source, field, "max_length", "255")?);
    }
    let digits = class != "DecimalField" || field.arg("max_digits").is_some();
    digits.then_some(edits)
}

const ACTIONS: &[&str] = &["CASCADE", "RESTRICT", "SET_NULL", "SET_DEFAULT", "NO_ACTION"];

/// What `tortoise.fields` 1.1.9 has besides field classes.
const THERE: &[&str] = &[
    "BackwardFKRelation",
    "BackwardOneToOneRelation",
    "CASCADE",
    "ForeignKeyNullableRelation",
    "ForeignKeyRelation",
    "ManyToManyRelation",
    "NO_ACTION",
    "Now",
    "OnDelete",
    "OneToOneNullableRelation",
    "OneToOneRelation",
    "RESTRICT",
    "RandomHex",
    "ReverseRelation",
    "SET_DEFAULT",
    "SET_NULL",
    "SqlDefault",
    "base",
    "data",
    "db_defaults",
    "relational",
];
