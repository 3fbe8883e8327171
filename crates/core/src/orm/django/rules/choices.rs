//! What is known of a field's `choices`: Django's `Field._check_choices` over what the source says.

use crate::document::{Field, Value};

/// What `choices=` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choices {
    /// Pairs, or groups of pairs; the longest string value has so many characters.
    Fine(usize),
    /// Neither a list nor a dictionary.
    NotIterable,
    /// Something in it is no pair.
    NotPairs,
    /// It is computed.
    Unknown,
}

/// Judges the value.
pub(super) fn read(value: &Value) -> Choices {
    match value {
        Value::List(items) => list(items),
        Value::Dict(pairs) => {
            let items: Vec<Value> = pairs
                .iter()
                .map(|(key, label)| Value::List(vec![key.clone(), label.clone()]))
                .collect();
            list(&items)
        }
        Value::Str(text) if text.is_empty() => Choices::Fine(0),
        Value::Int(0) | Value::None | Value::Bool(false) => Choices::Fine(0),
        Value::Str(_) | Value::Int(_) | Value::Bool(true) | Value::Number(_) => {
            Choices::NotIterable
        }
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => Choices::Unknown,
    }
}

fn list(items: &[Value]) -> Choices {
    let mut longest = 0;
    let mut unknown = false;
    for item in items {
        match item {
            Value::List(pair) => match pair.as_slice() {
                [value, Value::List(group)] => match group_of(group) {
                    Choices::Fine(length) => longest = longest.max(length),
                    Choices::Unknown => unknown = true,
                    // Not a group, then: and a list is no label either.
                    Choices::NotPairs | Choices::NotIterable => {
                        let _ = value;
                        return Choices::NotPairs;
                    }
                },
                [Value::List(_) | Value::Dict(_), _] => return Choices::NotPairs,
                [_, Value::Dict(group)] => {
                    longest = longest.max(
                        group
                            .iter()
                            .filter_map(|(key, _)| key.as_str())
                            .map(|text| text.chars().count())
                            .max()
                            .unwrap_or(0),
                    );
                }
                [value, _] => {
                    longest = longest.max(value.as_str().map_or(0, |text| text.chars().count()))
                }
                _ => return Choices::NotPairs,
            },
            Value::Str(_)
            | Value::Int(_)
            | Value::Bool(_)
            | Value::None
            | Value::Number(_)
            | Value::Dict(_) => return Choices::NotPairs,
            Value::Name(_) | Value::Call { .. } | Value::Other(_) => unknown = true,
        }
    }
    if unknown { Choices::Unknown } else { Choices::Fine(longest) }
}

fn group_of(items: &[Value]) -> Choices {
    let mut longest = 0;
    for item in items {
        match item {
            Value::List(pair) => match pair.as_slice() {
                [Value::List(_) | Value::Dict(_), _] | [_, Value::List(_) | Value::Dict(_)] => {
                    return Choices::NotPairs;
                }
                [value, _] => {
                    longest = longest.max(value.as_str().map_or(0, |text| text.chars().count()))
                }
                _ => return Choices::NotPairs,
            },
            Value::Name(_) | Value::Call { .. } | Value::Other(_) => return Choices::Unknown,
            Value::Str(_)
            | Value::Int(_)
            | Value::Bool(_)
            | Value::None
            | Value::Number(_)
            | Value::Dict(_) => return Choices::NotPairs,
        }
    }
    Choices::Fine(longest)
}

/// The field's `max_length`, given or by its class's default; `None` where it has none or it is not known.
pub(super) fn max_length(field: &Field) -> Option<i64> {
    match field.arg("max_length").map(|arg| &arg.value) {
        Some(Value::Int(length)) => Some(*length),
        Some(_) => None,
        None => match field.class.text.as_str() {
            "SlugField" => Some(50),
            "EmailField" => Some(254),
            "URLField" => Some(200),
            "FileField" | "ImageField" | "FilePathField" => Some(100),
            _ => None,
        },
    }
}
