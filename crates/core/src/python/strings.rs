//! Strings that are put together from constants.

use ruff_python_ast::{FStringPart, FStringValue, InterpolatedStringElement};

use super::{Scope, eval};
use crate::document::{Argument, Value};

/// An f-string whose parts are constant.
pub(super) fn interpolated(value: &FStringValue, scope: &Scope, source: &str) -> Option<String> {
    let mut out = String::new();
    for part in value.iter() {
        match part {
            FStringPart::Literal(literal) => out.push_str(&literal.value),
            FStringPart::FString(string) => {
                for element in &string.elements {
                    match element {
                        InterpolatedStringElement::Literal(literal) => out.push_str(&literal.value),
                        InterpolatedStringElement::Interpolation(inner) => {
                            if inner.format_spec.is_some() || inner.debug_text.is_some() {
                                return None;
                            }
                            out.push_str(&text(&eval(&inner.expression, scope, source))?);
                        }
                    }
                }
            }
        }
    }
    Some(out)
}

/// `"…%s…" % value`. Placeholders with names in brackets stay, as the ORM fills those in itself.
pub(super) fn percent(format: &str, value: &Value) -> Option<String> {
    let values: Vec<&Value> = match value {
        Value::List(items) => items.iter().collect(),
        Value::Str(_) | Value::Int(_) => vec![value],
        _ => return None,
    };
    let mut values = values.into_iter();
    let mut out = String::new();
    let mut parts = format.split('%');
    out.push_str(parts.next()?);
    for part in parts {
        let rest = part.strip_prefix('s').or_else(|| part.strip_prefix('d'))?;
        out.push_str(&text(values.next()?)?);
        out.push_str(rest);
    }
    values.next().is_none().then_some(out)
}

/// `"…{}…".format(value)`.
pub(super) fn format(format: &str, args: &[Argument]) -> Option<String> {
    let mut out = String::new();
    let mut rest = format;
    let mut positional = args.iter().filter(|arg| arg.keyword.is_none());
    while let Some((before, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}')?;
        let value = if field.is_empty() {
            &positional.next()?.value
        } else {
            &args.iter().find(|arg| arg.keyword.as_deref() == Some(field))?.value
        };
        out.push_str(before);
        out.push_str(&text(value)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Int(int) => Some(int.to_string()),
        _ => None,
    }
}
