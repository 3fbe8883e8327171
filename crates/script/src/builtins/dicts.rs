//! Methods of dictionaries.

use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::views::{Part, view};
use crate::Machine;
use crate::eval::{Raised, raise};
use crate::value::{Args, Dict, Outcome, Value};

pub(super) const METHODS: &[&str] =
    &["get", "keys", "values", "items", "pop", "popitem", "update", "setdefault", "clear", "copy"];

pub(super) fn call(
    machine: &mut Machine,
    dict: &Rc<RefCell<Dict>>,
    name: &str,
    args: Args,
) -> Outcome {
    match name {
        "keys" => Ok(view(dict, Part::Keys)),
        "values" => Ok(view(dict, Part::Values)),
        "items" => Ok(view(dict, Part::Items)),
        "get" => {
            let [key, default] = args.bind("get", ["key", "default"], 1)?;
            let key = machine.key(&key.unwrap_or(Value::None))?;
            Ok(dict.borrow().get(&key).cloned().or(default).unwrap_or(Value::None))
        }
        "pop" => {
            let [written, default] = args.bind("pop", ["key", "default"], 1)?;
            let written = written.unwrap_or(Value::None);
            let key = machine.key(&written)?;
            let removed = dict.borrow_mut().remove(&key);
            removed.or(default).ok_or_else(|| {
                Box::new(Raised::Named { class: "KeyError", message: written, span: None })
            })
        }
        "popitem" => match dict.borrow_mut().pop_last() {
            Some((key, value)) => Ok(Value::tuple(vec![key, value])),
            None => Err(raise("KeyError", "popitem(): dictionary is empty")),
        },
        "setdefault" => {
            let [written, default] = args.bind("setdefault", ["key", "default"], 1)?;
            let written = written.unwrap_or(Value::None);
            let key = machine.key(&written)?;
            let found = dict.borrow().get(&key).cloned();
            Ok(found.unwrap_or_else(|| {
                let value = default.unwrap_or(Value::None);
                dict.borrow_mut().insert(key, written, value.clone());
                value
            }))
        }
        "update" => {
            for source in &args.positional {
                let pairs = pairs(machine, source)?;
                for (written, value) in pairs {
                    let key = machine.key(&written)?;
                    dict.borrow_mut().insert(key, written, value);
                }
            }
            for (name, value) in args.keywords {
                dict.borrow_mut().set(&name, value);
            }
            Ok(Value::None)
        }
        "clear" => {
            *dict.borrow_mut() = Dict::default();
            Ok(Value::None)
        }
        _ => Ok(Value::dict(dict.borrow().clone())),
    }
}

/// Keys with values: of a dictionary, or of an iterable of pairs.
pub(super) fn pairs(machine: &mut Machine, source: &Value) -> Outcome<Vec<(Value, Value)>> {
    if let Value::Dict(dict) = source {
        return Ok(dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).gather());
    }
    let mut out = Vec::new();
    for (at, item) in machine.list_of(source)?.iter().enumerate() {
        let mut pair = machine.list_of(item).map_err(|_| {
            raise(
                "TypeError",
                format!("cannot convert dictionary update sequence element #{at} to a sequence"),
            )
        })?;
        let (Some(value), Some(key), true) = (pair.pop(), pair.pop(), pair.is_empty()) else {
            return Err(raise(
                "ValueError",
                format!(
                    "dictionary update sequence element #{at} has length {}; 2 is required",
                    pair.len()
                ),
            ));
        };
        out.push((key, value));
    }
    Ok(out)
}
