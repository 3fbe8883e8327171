//! Methods of sets.

use std::cell::RefCell;
use std::rc::Rc;

use crate::Machine;
use crate::eval::{Raised, raise};
use crate::value::{Args, Outcome, Set, Value};

pub(super) const METHODS: &[&str] = &[
    "add",
    "remove",
    "discard",
    "pop",
    "clear",
    "copy",
    "update",
    "union",
    "intersection",
    "difference",
    "symmetric_difference",
    "issubset",
    "issuperset",
    "isdisjoint",
];

pub(super) fn call(
    machine: &mut Machine,
    set: &Rc<RefCell<Set>>,
    name: &str,
    args: Args,
) -> Outcome {
    match name {
        "add" => {
            let item = args.only("set.add")?;
            let key = machine.key(&item)?;
            set.borrow_mut().insert(key, item);
            Ok(Value::None)
        }
        "remove" | "discard" => {
            let item = args.only(name)?;
            let key = machine.key(&item)?;
            if !set.borrow_mut().remove(&key) && name == "remove" {
                return Err(Box::new(Raised::Named {
                    class: "KeyError",
                    message: item,
                    span: None,
                }));
            }
            Ok(Value::None)
        }
        "pop" => set.borrow_mut().pop().ok_or_else(|| raise("KeyError", "pop from an empty set")),
        "clear" => {
            *set.borrow_mut() = Set::default();
            Ok(Value::None)
        }
        "copy" => Ok(Value::set(set.borrow().clone())),
        "update" => {
            for source in &args.positional {
                for item in machine.list_of(source)? {
                    let key = machine.key(&item)?;
                    set.borrow_mut().insert(key, item);
                }
            }
            Ok(Value::None)
        }
        "issubset" | "issuperset" | "isdisjoint" => {
            let other = machine.list_of(&args.only(name)?)?;
            let other = machine.set_of(other)?;
            let set = set.borrow();
            Ok(Value::Bool(match name {
                "issubset" => set.entries().all(|(key, _)| other.contains(key)),
                "issuperset" => other.entries().all(|(key, _)| set.contains(key)),
                _ => other.entries().all(|(key, _)| !set.contains(key)),
            }))
        }
        _ => {
            let op = match name {
                "union" => "|",
                "intersection" => "&",
                "difference" => "-",
                _ => "^",
            };
            let mut out = Value::set(set.borrow().clone());
            for source in &args.positional {
                let other = machine.list_of(source)?;
                let other = Value::set(machine.set_of(other)?);
                out = machine.binary(op, &out, &other)?;
            }
            Ok(out)
        }
    }
}
