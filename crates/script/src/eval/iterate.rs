//! Iterating, items, truth, length.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::{Machine, Raised, raise};
use crate::value::{Each, Items, Outcome, Set, Steps, Value};

impl Machine {
    /// `iter(value)`
    ///
    /// # Errors
    /// `TypeError` where it cannot be iterated, else what fetching raises.
    pub fn iterate(&mut self, value: &Value) -> Outcome<Rc<Each>> {
        let plain =
            |name, items: Vec<Value>| Ok(Rc::new(Each::new(name, Items(items.into_iter()))));
        match value {
            Value::Iter(each) => Ok(each.clone()),
            Value::List(items) => {
                // A list may grow while it is walked over.
                let (items, mut at) = (items.clone(), 0);
                Ok(Rc::new(Each::new(
                    "list_iterator",
                    Steps(move |_: &mut Self| {
                        let item = items.borrow().get(at).cloned();
                        at += 1;
                        Ok(item)
                    }),
                )))
            }
            Value::Tuple(items) => plain("tuple_iterator", items.to_vec()),
            Value::Str(text) => plain(
                "str_iterator",
                text.chars().map(|letter| Value::str(letter.to_string())).gather(),
            ),
            Value::Bytes(bytes) => plain(
                "bytes_iterator",
                bytes.iter().map(|byte| Value::Int(i64::from(*byte))).gather(),
            ),
            Value::Dict(dict) => {
                let (dict, mut at) = (dict.clone(), 0);
                let size = dict.borrow().len();
                Ok(Rc::new(Each::new(
                    "dict_keyiterator",
                    Steps(move |_: &mut Self| {
                        if dict.borrow().len() != size {
                            return Err(raise(
                                "RuntimeError",
                                "dictionary changed size during iteration",
                            ));
                        }
                        let key = dict.borrow().at(at).map(|(key, _)| key.clone());
                        at += 1;
                        Ok(key)
                    }),
                )))
            }
            Value::Set(set) => plain("set_iterator", set.borrow().items().cloned().gather()),
            Value::Range(range) => {
                let [mut next, stop, step] = **range;
                Ok(Rc::new(Each::new(
                    "range_iterator",
                    Steps(move |_: &mut Self| {
                        let more = if step > 0 { next < stop } else { next > stop };
                        if !more {
                            return Ok(None);
                        }
                        let now = next;
                        next = next.saturating_add(step);
                        Ok(Some(Value::Int(now)))
                    }),
                )))
            }
            Value::Object(object) => match object.clone().iterate(self)? {
                Some(items) => self.iterate(&items),
                None => Err(not_iterable(value)),
            },
            Value::Class(class) => match class.get("__members__") {
                Some(members) => self.iterate(&members),
                None => {
                    let hooks = class.hooks.clone();
                    match hooks.map_or(Ok(None), |hooks| hooks.class_items(self, class))? {
                        Some(items) => self.iterate(&items),
                        None => Err(not_iterable(value)),
                    }
                }
            },
            Value::Instance(instance) => {
                let hooks = instance.class.hooks.clone();
                match hooks.map_or(Ok(None), |hooks| hooks.items(self, instance))? {
                    Some(items) => self.iterate(&items),
                    None => Err(not_iterable(value)),
                }
            }
            _ => Err(not_iterable(value)),
        }
    }

    /// `aiter(value)`
    pub(crate) fn iterate_async(&mut self, value: &Value) -> Outcome<Rc<Each>> {
        if let Value::Object(object) = value
            && let Some(items) = object.clone().iterate_async(self)?
        {
            return self.iterate(&items);
        }
        Err(raise(
            "TypeError",
            format!(
                "'async for' requires an object with __aiter__ method, got {}",
                value.type_name()
            ),
        ))
    }

    /// All items that an iterator still gives.
    ///
    /// # Errors
    /// What making them raises.
    pub fn all(&mut self, each: &Each) -> Outcome<Vec<Value>> {
        let mut out = Vec::new();
        while let Some(item) = each.next(self)? {
            out.push(item);
            if out.len().is_multiple_of(1024) {
                self.fits(out.len())?;
            }
        }
        Ok(out)
    }

    /// All items of a value.
    ///
    /// # Errors
    /// As [`Self::iterate`].
    pub fn list_of(&mut self, value: &Value) -> Outcome<Vec<Value>> {
        let each = self.iterate(value)?;
        self.all(&each)
    }

    /// The keys and values of a mapping, as `**mapping` takes them.
    pub(crate) fn mapping(&mut self, value: &Value) -> Outcome<Vec<(Value, Value)>> {
        match value {
            Value::Dict(dict) => {
                Ok(dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).gather())
            }
            other => {
                Err(raise("TypeError", format!("'{}' object is not a mapping", other.type_name())))
            }
        }
    }

    /// `bool(value)`
    ///
    /// # Errors
    /// What fetching raises.
    pub fn truth(&mut self, value: &Value) -> Outcome<bool> {
        Ok(match value {
            Value::None => false,
            Value::Bool(yes) => *yes,
            Value::Int(number) => *number != 0,
            Value::Float(number) => *number != 0.0,
            Value::Decimal(number) => !number.is_zero(),
            Value::Str(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::List(items) => !items.borrow().is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::Dict(dict) => !dict.borrow().is_empty(),
            Value::Set(set) => !set.borrow().is_empty(),
            Value::Range(..) => self.length(value)? > 0,
            Value::Delta(delta) => *delta != 0,
            Value::Object(object) => {
                let object = object.clone();
                match object.clone().truth(self)? {
                    Some(yes) => yes,
                    None => object.len(self)?.is_none_or(|length| length > 0),
                }
            }
            Value::Instance(instance) => match instance.class.get("__bool__") {
                Some(method) => {
                    let yes = self.call_method(value, method)?;
                    self.truth(&yes)?
                }
                None => true,
            },
            _ => true,
        })
    }

    /// `len(value)`
    ///
    /// # Errors
    /// `TypeError` where it has none, else what fetching raises.
    pub fn length(&mut self, value: &Value) -> Outcome<usize> {
        let none =
            || raise("TypeError", format!("object of type '{}' has no len()", value.type_name()));
        Ok(match value {
            Value::Str(text) => text.chars().count(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(items) => items.borrow().len(),
            Value::Tuple(items) => items.len(),
            Value::Dict(dict) => dict.borrow().len(),
            Value::Set(set) => set.borrow().len(),
            Value::Range(range) => {
                let [start, stop, step] = **range;
                let distance =
                    if step > 0 { stop.saturating_sub(start) } else { start.saturating_sub(stop) };
                let step = step.unsigned_abs();
                usize::try_from(distance)
                    .map_or(0, |distance| (distance as u64).div_ceil(step.max(1)) as usize)
            }
            Value::Object(object) => object.clone().len(self)?.ok_or_else(none)?,
            Value::Instance(instance) => match instance.class.get("__len__") {
                Some(method) => {
                    let length = self.call_method(value, method)?;
                    length
                        .as_int()
                        .and_then(|length| usize::try_from(length).ok())
                        .ok_or_else(none)?
                }
                None => return Err(none()),
            },
            _ => return Err(none()),
        })
    }

    /// `value[key]`
    ///
    /// # Errors
    /// `IndexError`, `KeyError`, `TypeError`, or what fetching raises.
    pub fn item(&mut self, value: &Value, key: &Value) -> Outcome {
        if let (
            Value::Slice(parts),
            Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Range(..),
        ) = (key, value)
        {
            return self.sliced(value, parts);
        }
        match value {
            Value::List(items) => {
                let items = items.borrow();
                at(items.len(), key, "list").map(|at| items.get(at).cloned().unwrap_or(Value::None))
            }
            Value::Tuple(items) => at(items.len(), key, "tuple")
                .map(|at| items.get(at).cloned().unwrap_or(Value::None)),
            Value::Range(range) => {
                let [start, _, step] = **range;
                let length = self.length(value)?;
                let at = at(length, key, "range")?;
                Ok(Value::Int(start + step * i64::try_from(at).unwrap_or(0)))
            }
            Value::Str(text) => {
                let at = at(text.chars().count(), key, "string")?;
                Ok(Value::str(text.chars().nth(at).map(String::from).unwrap_or_default()))
            }
            Value::Dict(dict) => {
                let found = self.key(key)?;
                match dict.borrow().get(&found) {
                    Some(value) => Ok(value.clone()),
                    None => Err(Box::new(Raised::Named {
                        class: "KeyError",
                        message: key.clone(),
                        span: None,
                    })),
                }
            }
            Value::Object(object) => match object.clone().item(self, key)? {
                Some(item) => Ok(item),
                None => Err(not_subscriptable(value)),
            },
            Value::Class(class) => match class.get("__members__") {
                Some(members) => {
                    let name = self.str(key)?;
                    let members = self.list_of(&members)?;
                    let found = members.into_iter().find(|member| match member {
                        Value::Instance(member) => {
                            member.get("name").is_some_and(|it| it.as_str() == Some(&name))
                        }
                        _ => false,
                    });
                    found.ok_or_else(|| {
                        Box::new(Raised::Named {
                            class: "KeyError",
                            message: key.clone(),
                            span: None,
                        })
                    })
                }
                None => {
                    let hooks = class.hooks.clone();
                    hooks.map_or(Ok(None), |hooks| hooks.class_item(self, class, key))?.ok_or_else(
                        || {
                            let message = format!("type '{}' is not subscriptable", class.name);
                            raise("TypeError", message)
                        },
                    )
                }
            },
            Value::Instance(instance) => match instance.class.get("__getitem__") {
                Some(method) => {
                    self.call(&method, crate::Args::of(vec![value.clone(), key.clone()]))
                }
                None => Err(not_subscriptable(value)),
            },
            _ => Err(not_subscriptable(value)),
        }
    }

    fn sliced(&mut self, value: &Value, parts: &[Value; 3]) -> Outcome {
        let length = self.length(value)?;
        let places = places(parts, length)?;
        Ok(match value {
            Value::List(items) => {
                let items = items.borrow();
                Value::list(places.filter_map(|at| items.get(at).cloned()).gather())
            }
            Value::Tuple(items) => {
                Value::tuple(places.filter_map(|at| items.get(at).cloned()).gather())
            }
            Value::Str(text) => {
                let letters: Vec<char> = text.chars().gather();
                Value::str(places.filter_map(|at| letters.get(at)).collect::<String>())
            }
            other => {
                let items = self.list_of(other)?;
                Value::list(places.filter_map(|at| items.get(at).cloned()).gather())
            }
        })
    }

    /// `value[key] = new`
    pub(crate) fn set_item(&mut self, value: &Value, key: &Value, new: Value) -> Outcome<()> {
        match value {
            Value::List(items) => {
                let length = items.borrow().len();
                if let Value::Slice(parts) = key {
                    let new = self.list_of(&new)?;
                    let mut places = places(parts, length)?;
                    let first = places.next();
                    let count = first.map_or(0, |_| 1 + places.count());
                    let start = first.unwrap_or(length);
                    items.borrow_mut().splice(start..start + count, new);
                    return Ok(());
                }
                let at = at(length, key, "list assignment")?;
                if let Some(slot) = items.borrow_mut().get_mut(at) {
                    *slot = new;
                }
                Ok(())
            }
            Value::Dict(dict) => {
                let found = self.key(key)?;
                dict.borrow_mut().insert(found, key.clone(), new);
                Ok(())
            }
            other => Err(raise(
                "TypeError",
                format!("'{}' object does not support item assignment", other.type_name()),
            )),
        }
    }

    pub(crate) fn delete_item(&mut self, value: &Value, key: &Value) -> Outcome<()> {
        match value {
            Value::List(items) => {
                let length = items.borrow().len();
                let at = at(length, key, "list assignment")?;
                items.borrow_mut().remove(at);
                Ok(())
            }
            Value::Dict(dict) => {
                let found = self.key(key)?;
                match dict.borrow_mut().remove(&found) {
                    Some(_) => Ok(()),
                    None => Err(Box::new(Raised::Named {
                        class: "KeyError",
                        message: key.clone(),
                        span: None,
                    })),
                }
            }
            other => Err(raise(
                "TypeError",
                format!("'{}' object doesn't support item deletion", other.type_name()),
            )),
        }
    }

    /// `item in value`
    ///
    /// # Errors
    /// `TypeError` where that cannot be asked, else what fetching raises.
    pub fn contains(&mut self, value: &Value, item: &Value) -> Outcome<bool> {
        match value {
            Value::Str(text) => match item {
                Value::Str(part) => Ok(text.contains(&**part)),
                other => Err(raise(
                    "TypeError",
                    format!(
                        "'in <string>' requires string as left operand, not {}",
                        other.type_name()
                    ),
                )),
            },
            Value::Dict(dict) => {
                let key = self.key(item)?;
                Ok(dict.borrow().get(&key).is_some())
            }
            Value::Set(set) => {
                let key = self.key(item)?;
                Ok(set.borrow().contains(&key))
            }
            Value::Object(object) => {
                if let Some(found) = object.clone().contains(self, item)? {
                    return Ok(found);
                }
                self.search(value, item)
            }
            _ => self.search(value, item),
        }
    }

    fn search(&mut self, value: &Value, item: &Value) -> Outcome<bool> {
        let each = self.iterate(value).map_err(|raised| match *raised {
            Raised::Named { class: "TypeError", .. } => raise(
                "TypeError",
                format!("argument of type '{}' is not iterable", value.type_name()),
            ),
            _ => raised,
        })?;
        while let Some(other) = each.next(self)? {
            if other.is(item) || self.equal(&other, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A set of items.
    pub(crate) fn set_of(&mut self, items: Vec<Value>) -> Outcome<Set> {
        let mut out = Set::default();
        for item in items {
            out.insert(self.key(&item)?, item);
        }
        Ok(out)
    }
}

/// The place of an item.
fn at(length: usize, key: &Value, what: &str) -> Outcome<usize> {
    let Some(index) = key.as_int() else {
        let kind = what.split(' ').next().unwrap_or(what);
        let kind = if kind == "string" { "string" } else { kind };
        let (kind, slices) = match kind {
            "list" => ("list", "integers or slices"),
            "tuple" => ("tuple", "integers or slices"),
            "range" => ("range", "integers or slices"),
            other => (other, "integers"),
        };
        return Err(raise(
            "TypeError",
            format!("{kind} indices must be {slices}, not {}", shown(key, kind)),
        ));
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let index = if index < 0 { index + length } else { index };
    if !(0..length).contains(&index) {
        let message = if what == "range" {
            "range object index out of range".into()
        } else {
            format!("{what} index out of range")
        };
        return Err(raise("IndexError", message));
    }
    Ok(usize::try_from(index).unwrap_or(0))
}

fn shown(key: &Value, kind: &str) -> String {
    let name = key.type_name();
    if kind == "string" { format!("'{name}'") } else { name.to_string() }
}

/// The places that a slice takes.
fn places(parts: &[Value; 3], length: usize) -> Outcome<impl Iterator<Item = usize> + use<>> {
    let [start, stop, step] = parts;
    let whole = |value: &Value| match value {
        Value::None => Ok(None),
        value => match value.as_int() {
            Some(number) => Ok(Some(number)),
            None => Err(raise(
                "TypeError",
                "slice indices must be integers or None or have an __index__ method",
            )),
        },
    };
    let step = whole(step)?.unwrap_or(1);
    if step == 0 {
        return Err(raise("ValueError", "slice step cannot be zero"));
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |value: Option<i64>, default: i64| match value {
        None => default,
        Some(number) if number < 0 => (number + length).max(least),
        Some(number) => number.min(most),
    };
    let (first, last) = if step > 0 { (0, length) } else { (length - 1, -1) };
    let (mut next, stop) = (bound(whole(start)?, first), bound(whole(stop)?, last));
    Ok(std::iter::from_fn(move || {
        let more = if step > 0 { next < stop } else { next > stop };
        if !more {
            return None;
        }
        let now = next;
        next += step;
        usize::try_from(now).ok()
    }))
}

fn not_iterable(value: &Value) -> Box<Raised> {
    raise("TypeError", format!("'{}' object is not iterable", value.type_name()))
}

fn not_subscriptable(value: &Value) -> Box<Raised> {
    raise("TypeError", format!("'{}' object is not subscriptable", value.type_name()))
}
