//! The module `json`: `dumps` and `loads`, and the writer that ORMs share.

use std::fmt::Write;

use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Outcome, Value};

/// How JSON is written.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) comma: &'static str,
    pub(crate) colon: &'static str,
    /// Whether letters beyond ASCII are written as their numbers.
    pub(crate) letters: Letters,
    /// What becomes of values that JSON has no form for.
    pub(crate) beyond: fn(&mut Machine, &Value) -> Outcome<Option<Value>>,
}

/// How letters beyond ASCII are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    AsTheyAre,
    AsNumbers,
}

/// As `json.dumps` writes it.
const PYTHON: Style = Style {
    comma: ", ",
    colon: ": ",
    letters: Letters::AsNumbers,
    beyond: |_, value| {
        let message = format!("Object of type {} is not JSON serializable", value.type_name());
        Err(raise("TypeError", message))
    },
};

/// The same without spaces, as orjson writes it.
pub(crate) fn compact(machine: &mut Machine, value: &Value) -> Outcome<String> {
    let mut out = String::new();
    let style = Style { comma: ",", colon: ":", letters: Letters::AsTheyAre, ..PYTHON };
    write(machine, value, style, &mut out)?;
    Ok(out)
}

/// `json.dumps(value)`
pub(crate) fn dumped(machine: &mut Machine, value: &Value) -> Outcome<String> {
    let mut out = String::new();
    write(machine, value, PYTHON, &mut out)?;
    Ok(out)
}

pub(super) fn dumps(machine: &mut Machine, args: Args) -> Outcome {
    if let Some((name, _)) = args.keywords.first() {
        return Err(refuse(format!("`{name}` of `json.dumps` is not supported here.")));
    }
    let value = args.only("dumps")?;
    dumped(machine, &value).map(|text| Value::str(&text))
}

pub(super) fn loads(_: &mut Machine, args: Args) -> Outcome {
    let given = args.only("loads")?;
    let Value::Str(text) = &given else {
        let ty = given.type_name();
        let message = format!("the JSON object must be str, bytes or bytearray, not {ty}");
        return Err(raise("TypeError", message));
    };
    match serde_json::from_str(text) {
        Ok(value) => Ok(crate::world::from_json(&value)),
        Err(_) => Err(refuse("`json.loads` of a text that is not JSON is not supported here.")),
    }
}

/// Writes a value as JSON.
pub(crate) fn write(
    machine: &mut Machine,
    value: &Value,
    style: Style,
    out: &mut String,
) -> Outcome<()> {
    machine.step()?;
    let (open, items, close): (_, Vec<(Option<Value>, Value)>, _) = match value {
        Value::Dict(dict) => {
            let dict = dict.borrow();
            let items = dict.items().map(|(key, value)| (Some(key.clone()), value.clone()));
            ('{', items.gather(), '}')
        }
        Value::List(items) => {
            ('[', items.borrow().iter().map(|item| (None, item.clone())).gather(), ']')
        }
        Value::Tuple(items) => ('[', items.iter().map(|item| (None, item.clone())).gather(), ']'),
        Value::None => {
            out.push_str("null");
            return Ok(());
        }
        Value::Bool(yes) => {
            out.push_str(if *yes { "true" } else { "false" });
            return Ok(());
        }
        Value::Int(_) | Value::Float(_) => {
            out.push_str(&machine.str(value)?);
            return Ok(());
        }
        Value::Str(text) => {
            written(text, style.letters, out);
            return Ok(());
        }
        other => {
            return match (style.beyond)(machine, other)? {
                Some(form) => write(machine, &form, style, out),
                None => Ok(()),
            };
        }
    };
    out.push(open);
    for (at, (key, item)) in items.iter().enumerate() {
        out.push_str(if at > 0 { style.comma } else { "" });
        if let Some(key) = key {
            match key {
                Value::Str(_) => write(machine, key, style, out)?,
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                    out.push('"');
                    write(machine, key, style, out)?;
                    out.push('"');
                }
                other => {
                    let ty = other.type_name();
                    let message = format!("keys must be str, int, float, bool or None, not {ty}");
                    return Err(raise("TypeError", message));
                }
            }
            out.push_str(style.colon);
        }
        machine.deeper(|machine| write(machine, item, style, out))?;
    }
    out.push(close);
    Ok(())
}

fn written(text: &str, letters: Letters, out: &mut String) {
    let quoted = serde_json::Value::from(text).to_string();
    for letter in quoted.chars() {
        if letter.is_ascii() || letters == Letters::AsTheyAre {
            out.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
}
