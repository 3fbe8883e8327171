//! Values in the conditions of constraints and indexes: Django converts each as the field that it is compared with does, and raises
//! where it cannot.
//!
//! Source: `Lookup.get_prep_lookup` and the fields' `get_prep_value`; recorded in `django/470`. Only what is refused for certain is
//! said here: of dates, texts without a digit.

use throughline_order::Arrange as _;

use crate::document::{Argument, ColumnType, FieldKind, Value};
use crate::orm::django::registry::Local;
use crate::orm::django::rules::Context;

/// The look-ups of a condition that is written out in `Q`s, in Django's order.
pub(super) fn lookups(condition: &Value) -> Vec<(&str, &Value)> {
    let mut out = Vec::new();
    gather(condition, &mut out);
    out
}

fn gather<'v>(condition: &'v Value, out: &mut Vec<(&'v str, &'v Value)>) {
    let Value::Call { callee, args } = condition else { return };
    let is_q = callee.rsplit('.').next() == Some("Q");
    if !is_q && !matches!(callee.as_str(), "~" | "&" | "|") {
        return;
    }
    for arg in args.iter().filter(|arg| arg.keyword.is_none()) {
        gather(&arg.value, out);
    }
    let named = |arg: &'v Argument| Some((arg.keyword.as_deref()?, &arg.value));
    let own = args.iter().filter_map(named).filter(|(keyword, _)| !keyword.starts_with('_'));
    let mut own: Vec<(&str, &Value)> = own.collect();
    own.arrange_by_key(|(keyword, _)| *keyword);
    out.extend(own);
}

/// The exception and message with which Django refuses the value of a look-up on a model's field.
pub(super) fn refusal(
    cx: &Context<'_>,
    model: usize,
    lookup: &str,
    value: &Value,
) -> Option<(&'static str, String)> {
    let (name, kind) = lookup.split_once("__").unwrap_or((lookup, "exact"));
    let local = match name {
        "pk" => cx.registry.key(model)?.1,
        _ => by_name(cx, model, name)?,
    };
    match (kind, value) {
        ("exact" | "gt" | "gte" | "lt" | "lte", Value::Str(text)) => of_text(cx, local, text, 0),
        ("in" | "range", Value::List(items)) => {
            items.iter().filter_map(Value::as_str).find_map(|text| of_text(cx, local, text, 0))
        }
        _ => None,
    }
}

fn by_name<'r>(cx: &'r Context<'_>, model: usize, name: &str) -> Option<&'r Local<'r>> {
    cx.registry.forward_field(model, name).map(|(_, local)| local)
}

/// A key's value is converted by the field that it refers to.
fn of_text(
    cx: &Context<'_>,
    local: &Local<'_>,
    text: &str,
    depth: usize,
) -> Option<(&'static str, String)> {
    if let Some(relation) = local.relation.and_then(|at| cx.registry.relations.get(at)) {
        let target = relation.target_index().filter(|_| depth < 16)?;
        let to_field = relation.spec().and_then(|spec| spec.to_field.as_ref());
        let referenced = match to_field {
            Some(name) => by_name(cx, target, &name.text)?,
            None => cx.registry.key(target)?.1,
        };
        return of_text(cx, referenced, text, depth + 1);
    }
    let Some(field) = local.field else {
        return number(&ColumnType::BigInt, &local.name, text);
    };
    // A class of the file may convert as it likes.
    if field.base != Some(field.class.text.as_str()) {
        return None;
    }
    let FieldKind::Column(column) = &field.kind else { return None };
    let invalid = |rest: &str| Some(("ValidationError", format!("['“{text}” {rest}']")));
    let wordy = !text.chars().any(char::is_numeric);
    match &column.ty {
        ColumnType::Boolean => {
            let known = matches!(text, "t" | "True" | "1" | "f" | "False" | "0");
            let words = if field.null { "True, False, or None" } else { "True or False" };
            if known || (field.null && text.is_empty()) {
                return None;
            }
            invalid(&format!("value must be either {words}."))
        }
        ColumnType::Decimal(_) => {
            let number = text.trim().replace('_', "").parse::<f64>();
            if number.is_ok_and(|number| !number.is_nan()) {
                return None;
            }
            invalid("value must be a decimal number.")
        }
        ColumnType::Date if wordy => {
            invalid("value has an invalid date format. It must be in YYYY-MM-DD format.")
        }
        ColumnType::DateTime if wordy => invalid(
            "value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.",
        ),
        ColumnType::Time if wordy => {
            invalid("value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.")
        }
        ColumnType::Uuid => {
            let bare = text.replace("urn:", "").replace("uuid:", "");
            let digits = bare.trim_matches(['{', '}']).replace('-', "");
            let right =
                digits.len() == 32 && digits.chars().all(|letter| letter.is_ascii_hexdigit());
            if right { None } else { invalid("is not a valid UUID.") }
        }
        ty => number(ty, &local.name, text),
    }
}

fn number(ty: &ColumnType, name: &str, text: &str) -> Option<(&'static str, String)> {
    let plain = text.trim().replace('_', "");
    let fits = match ty {
        ColumnType::Float => plain.parse::<f64>().is_ok(),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::IntegerUnsigned
        | ColumnType::BigIntUnsigned => {
            let digits = plain.trim_start_matches(['+', '-']);
            !digits.is_empty() && digits.chars().all(char::is_numeric)
        }
        _ => true,
    };
    // As Python's `repr` chooses its quotes.
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    (!fits).then(|| {
        ("ValueError", format!("Field '{name}' expected a number but got {quote}{text}{quote}."))
    })
}
