//! Methods of lists and tuples.

use std::cell::RefCell;
use std::rc::Rc;

use super::functions::sort_with;
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Outcome, Value};

pub(super) const LIST: &[&str] = &[
    "append", "extend", "insert", "remove", "pop", "clear", "index", "count", "sort", "reverse",
    "copy",
];

pub(super) const TUPLE: &[&str] = &["index", "count"];

pub(super) fn call(
    machine: &mut Machine,
    list: &Rc<RefCell<Vec<Value>>>,
    name: &str,
    mut args: Args,
) -> Outcome {
    match name {
        "append" => {
            let item = args.only("list.append")?;
            machine.fits(list.borrow().len() + 1)?;
            list.borrow_mut().push(item);
        }
        "extend" => {
            let more = machine.list_of(&args.only("list.extend")?)?;
            machine.fits(list.borrow().len() + more.len())?;
            list.borrow_mut().extend(more);
        }
        "insert" => {
            let [at, item] = args
                .bind("insert", ["index", "object"], 2)?
                .map(|value| value.unwrap_or(Value::None));
            let length = list.borrow().len();
            let at = at.as_int().unwrap_or(0);
            let place = if at < 0 {
                length.saturating_sub(at.unsigned_abs() as usize)
            } else {
                (at as usize).min(length)
            };
            list.borrow_mut().insert(place, item);
        }
        "remove" => {
            let item = args.only("list.remove")?;
            let items = list.borrow().clone();
            match find(machine, &items, &item)? {
                Some(at) => {
                    list.borrow_mut().remove(at);
                }
                None => return Err(raise("ValueError", "list.remove(x): x not in list")),
            }
        }
        "pop" => {
            let at = args.positional.first().and_then(Value::as_int).unwrap_or(-1);
            let length = list.borrow().len();
            if length == 0 {
                return Err(raise("IndexError", "pop from empty list"));
            }
            let size = i64::try_from(length).unwrap_or(i64::MAX);
            let at = if at < 0 { at + size } else { at };
            if !(0..size).contains(&at) {
                return Err(raise("IndexError", "pop index out of range"));
            }
            return Ok(list.borrow_mut().remove(usize::try_from(at).unwrap_or(0)));
        }
        "clear" => list.borrow_mut().clear(),
        "sort" => {
            let items = std::mem::take(&mut *list.borrow_mut());
            let before = items.clone();
            let sorted = sort_with(machine, items, &mut args);
            let (items, done) = match sorted {
                Ok(items) => (items, Ok(Value::None)),
                Err(raised) => (before, Err(raised)),
            };
            *list.borrow_mut() = items;
            return done;
        }
        "reverse" => list.borrow_mut().reverse(),
        "copy" => return Ok(Value::list(list.borrow().clone())),
        _ => {
            let items = list.borrow().clone();
            return search(machine, &items, name, args, "list");
        }
    }
    Ok(Value::None)
}

pub(super) fn call_tuple(
    machine: &mut Machine,
    items: &Rc<[Value]>,
    name: &str,
    args: Args,
) -> Outcome {
    search(machine, items, name, args, "tuple")
}

fn search(machine: &mut Machine, items: &[Value], name: &str, args: Args, kind: &str) -> Outcome {
    let item = args.positional.into_iter().next().unwrap_or(Value::None);
    if name == "count" {
        let mut count = 0;
        for other in items {
            count += i64::from(machine.equal(other, &item)?);
        }
        return Ok(Value::Int(count));
    }
    match find(machine, items, &item)? {
        Some(at) => Ok(Value::from(at)),
        None if kind == "tuple" => Err(raise("ValueError", "tuple.index(x): x not in tuple")),
        None => {
            let shown = machine.repr(&item)?;
            Err(raise("ValueError", format!("{shown} is not in list")))
        }
    }
}

fn find(machine: &mut Machine, items: &[Value], item: &Value) -> Outcome<Option<usize>> {
    for (at, other) in items.iter().enumerate() {
        if other.is(item) || machine.equal(other, item)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}
