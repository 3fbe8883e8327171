//! Built-in functions.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::Builtins;
use crate::Machine;
use crate::eval::{Raised, raise};
use crate::value::{Args, Class, Each, Items, Key, Outcome, Steps, Value};

type Run = fn(&mut Machine, Args) -> Outcome;

const FUNCTIONS: &[(&str, Run)] = &[
    ("print", print),
    ("len", |machine, args| {
        let value = args.only("len")?;
        machine.length(&value).map(Value::from)
    }),
    ("repr", |machine, args| {
        let value = args.only("repr")?;
        machine.repr(&value).map(Value::from)
    }),
    ("sorted", sorted),
    ("reversed", reversed),
    ("sum", sum),
    ("min", |machine, args| extreme(machine, args, "min")),
    ("max", |machine, args| extreme(machine, args, "max")),
    ("any", |machine, args| {
        let each = machine.iterate(&args.only("any")?)?;
        while let Some(item) = each.next(machine)? {
            if machine.truth(&item)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }),
    ("all", |machine, args| {
        let each = machine.iterate(&args.only("all")?)?;
        while let Some(item) = each.next(machine)? {
            if !machine.truth(&item)? {
                return Ok(Value::Bool(false));
            }
        }
        Ok(Value::Bool(true))
    }),
    ("abs", |machine, args| {
        let value = args.only("abs")?;
        match &value {
            Value::Float(number) => Ok(Value::Float(number.abs())),
            Value::Decimal(number) => Ok(Value::from(number.abs())),
            Value::Delta(delta) => Ok(Value::Delta(delta.abs())),
            value if value.as_int().is_some_and(|number| number >= 0) => machine.unary("+", value),
            value if value.as_int().is_some() => machine.unary("-", value),
            value => Err(raise(
                "TypeError",
                format!("bad operand type for abs(): '{}'", value.type_name()),
            )),
        }
    }),
    ("round", round),
    ("divmod", |machine, args| {
        let [a, b] = args.bind("divmod", ["x", "y"], 2)?.map(|value| value.unwrap_or(Value::None));
        Ok(Value::tuple(vec![machine.binary("//", &a, &b)?, machine.binary("%", &a, &b)?]))
    }),
    ("pow", |machine, args| {
        let [a, b, modulo] = args.bind("pow", ["base", "exp", "mod"], 2)?;
        let [a, b] = [a, b].map(|value| value.unwrap_or(Value::None));
        let power = machine.binary("**", &a, &b)?;
        match modulo {
            Some(modulo) => machine.binary("%", &power, &modulo),
            None => Ok(power),
        }
    }),
    ("zip", zip),
    ("enumerate", enumerate),
    ("map", map),
    ("filter", filter),
    ("iter", |machine, args| {
        let value = args.only("iter")?;
        machine.iterate(&value).map(Value::Iter)
    }),
    ("next", |machine, args| {
        let mut values = args.positional.into_iter();
        let (Some(Value::Iter(each)), default) = (values.next(), values.next()) else {
            return Err(raise("TypeError", "next() needs an iterator"));
        };
        match (each.next(machine)?, default) {
            (Some(item), _) | (None, Some(item)) => Ok(item),
            (None, None) => Err(raise("StopIteration", "")),
        }
    }),
    ("isinstance", |machine, args| {
        let [value, class] =
            args.bind("isinstance", ["obj", "class"], 2)?.map(|value| value.unwrap_or(Value::None));
        let kind = machine.type_of(&value);
        is_subclass(
            &kind,
            &class,
            "isinstance() arg 2 must be a type, a tuple of types, or a union",
        )
        .map(Value::Bool)
    }),
    ("issubclass", |_, args| {
        let [class, of] =
            args.bind("issubclass", ["class", "of"], 2)?.map(|value| value.unwrap_or(Value::None));
        is_subclass(
            &class,
            &of,
            "issubclass() arg 2 must be a class, a tuple of classes, or a union",
        )
        .map(Value::Bool)
    }),
    ("callable", |_, args| {
        let value = args.only("callable")?;
        Ok(Value::Bool(matches!(
            value,
            Value::Function(_) | Value::Native(_) | Value::Bound(_) | Value::Class(_)
        )))
    }),
    ("hasattr", |machine, args| {
        let (value, name) = named(args, "hasattr")?;
        match machine.find_attribute(&value, &name) {
            Ok(found) => Ok(Value::Bool(found.is_some())),
            Err(raised) if is_attribute_error(machine, &raised) => Ok(Value::Bool(false)),
            Err(raised) => Err(raised),
        }
    }),
    ("getattr", |machine, mut args| {
        let default = (args.positional.len() == 3).then(|| args.positional.pop()).flatten();
        let (value, name) = named(args, "getattr")?;
        match (machine.attribute(&value, &name), default) {
            (Ok(found), _) => Ok(found),
            (Err(raised), Some(default)) if is_attribute_error(machine, &raised) => Ok(default),
            (Err(raised), _) => Err(raised),
        }
    }),
    ("setattr", |machine, mut args| {
        let new = args.positional.pop().unwrap_or(Value::None);
        let (value, name) = named(args, "setattr")?;
        machine.set_attribute(&value, &name, new)?;
        Ok(Value::None)
    }),
    ("id", |_, args| {
        let value = args.only("id")?;
        Ok(Value::from(value.address().unwrap_or(0)))
    }),
    ("hash", |machine, args| {
        use std::hash::{Hash, Hasher};
        let value = args.only("hash")?;
        let mut key = machine.key(&value)?;
        // A row has the hash of its key, and a number its own.
        while let Key::Row(_, inner) = key {
            key = *inner;
        }
        if let Key::Int(number) = key {
            let hash = number % ((1 << 61) - 1);
            return Ok(Value::Int(if hash == -1 { -2 } else { hash }));
        }
        let mut hasher = rustc_hash::FxHasher::default();
        key.hash(&mut hasher);
        Ok(Value::Int(i64::from_ne_bytes(hasher.finish().to_ne_bytes()) >> 2))
    }),
    ("ord", |_, args| {
        let value = args.only("ord")?;
        let mut letters = value.as_str().unwrap_or_default().chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(Value::Int(i64::from(u32::from(letter)))),
            _ => Err(raise("TypeError", "ord() expected a character")),
        }
    }),
    ("chr", |_, args| {
        let value = args.only("chr")?;
        let letter =
            value.as_int().and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
        letter.map_or_else(
            || Err(raise("ValueError", "chr() arg not in range(0x110000)")),
            |letter| Ok(Value::str(letter.to_string())),
        )
    }),
    ("vars", |machine, args| {
        let value = args.only("vars")?;
        machine.attribute(&value, "__dict__")
    }),
    ("dir", |machine, args| {
        let value = args.only("dir")?;
        let mut names: Vec<Value> = match &value {
            Value::Class(class) | Value::Module(class) => {
                class.names.borrow().keys().cloned().map(Value::Str).gather()
            }
            Value::Instance(instance) => {
                let own = instance.names.borrow().keys().cloned().gather();
                own.into_iter()
                    .chain(instance.class.names.borrow().keys().cloned())
                    .map(Value::Str)
                    .gather()
            }
            _ => Vec::new(),
        };
        let pairs = names.drain(..).map(|name| (name.clone(), name)).gather();
        machine.sort(pairs, false).map(Value::list)
    }),
    ("format", |machine, args| {
        let [value, spec] = args.bind("format", ["value", "format_spec"], 1)?;
        let spec = spec.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        machine.format(&value.unwrap_or(Value::None), &spec).map(Value::from)
    }),
];

pub(super) fn add(builtins: &mut Builtins) {
    for (name, run) in FUNCTIONS {
        builtins.name(name, Value::native(name, run));
    }
    builtins.name("NotImplemented", Value::NotImplemented);
    builtins.name("__name__", Value::str("__main__"));
}

fn named(args: Args, function: &str) -> Outcome<(Value, Rc<str>)> {
    let mut values = args.positional.into_iter();
    match (values.next(), values.next()) {
        (Some(value), Some(Value::Str(name))) => Ok((value, name)),
        (Some(_), Some(_)) => Err(raise("TypeError", "attribute name must be string")),
        _ => Err(raise("TypeError", format!("{function} expected 2 arguments"))),
    }
}

fn is_attribute_error(machine: &mut Machine, raised: &Raised) -> bool {
    machine.caught(raised).is_some_and(|exception| exception.class.derives_from("AttributeError"))
}

fn print(machine: &mut Machine, mut args: Args) -> Outcome {
    let separator = args.take("sep").filter(|value| !value.is_none());
    let end = args.take("end").filter(|value| !value.is_none());
    args.take("flush");
    let separator = separator.as_ref().and_then(Value::as_str).unwrap_or(" ").to_owned();
    let mut line = String::new();
    for (at, value) in args.positional.iter().enumerate() {
        if at > 0 {
            line.push_str(&separator);
        }
        line.push_str(&machine.str(value)?);
    }
    line.push_str(end.as_ref().and_then(Value::as_str).unwrap_or("\n"));
    machine.print(&line)?;
    Ok(Value::None)
}

/// Items with what they are sorted by.
fn keyed(
    machine: &mut Machine,
    items: Vec<Value>,
    key: Option<Value>,
) -> Outcome<Vec<(Value, Value)>> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let by = match key.as_ref().filter(|key| !key.is_none()) {
            Some(key) => machine.call(key, Args::one(item.clone()))?,
            None => item.clone(),
        };
        out.push((by, item));
    }
    Ok(out)
}

pub(super) fn sort_with(
    machine: &mut Machine,
    items: Vec<Value>,
    args: &mut Args,
) -> Outcome<Vec<Value>> {
    let key = args.take("key");
    let reverse = match args.take("reverse") {
        Some(reverse) => machine.truth(&reverse)?,
        None => false,
    };
    let keyed = keyed(machine, items, key)?;
    machine.sort(keyed, reverse)
}

fn sorted(machine: &mut Machine, mut args: Args) -> Outcome {
    if args.positional.len() != 1 {
        return Err(raise(
            "TypeError",
            format!("sorted expected 1 argument, got {}", args.positional.len()),
        ));
    }
    let items = machine.list_of(&args.positional.remove(0))?;
    sort_with(machine, items, &mut args).map(Value::list)
}

fn reversed(machine: &mut Machine, args: Args) -> Outcome {
    let value = args.only("reversed")?;
    if let Value::Object(object) = &value
        && let Some(found) = object.clone().attribute(machine, "__reversed__")?
    {
        return machine.call(&found, Args::default());
    }
    let mut items = machine.list_of(&value)?;
    items.reverse();
    Ok(Value::Iter(Rc::new(Each::new("reversed", Items(items.into_iter())))))
}

fn sum(machine: &mut Machine, args: Args) -> Outcome {
    let [items, start] = args.bind("sum", ["iterable", "start"], 1)?;
    let each = machine.iterate(&items.unwrap_or(Value::None))?;
    let mut total = start.unwrap_or(Value::Int(0));
    if matches!(total, Value::Str(_)) {
        return Err(raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]"));
    }
    while let Some(item) = each.next(machine)? {
        total = machine.binary("+", &total, &item)?;
    }
    Ok(total)
}

fn extreme(machine: &mut Machine, mut args: Args, name: &'static str) -> Outcome {
    let (key, default) = (args.take("key"), args.take("default"));
    let items = match args.positional.as_slice() {
        [one] => machine.list_of(one)?,
        [] => {
            return Err(raise("TypeError", format!("{name} expected at least 1 argument, got 0")));
        }
        many => many.to_vec(),
    };
    let mut best: Option<(Value, Value)> = None;
    let op = if name == "min" { "<" } else { ">" };
    for (by, item) in keyed(machine, items, key)? {
        let better = match &best {
            None => true,
            Some((other, _)) => {
                let answer = machine.compare(op, &by, other)?;
                machine.truth(&answer)?
            }
        };
        if better {
            best = Some((by, item));
        }
    }
    match (best, default) {
        (Some((_, item)), _) | (None, Some(item)) => Ok(item),
        (None, None) => Err(raise("ValueError", format!("{name}() arg is an empty sequence"))),
    }
}

fn round(_: &mut Machine, args: Args) -> Outcome {
    let [number, digits] = args.bind("round", ["number", "ndigits"], 1)?;
    let number = number.unwrap_or(Value::None);
    let digits = digits.filter(|digits| !digits.is_none()).and_then(|digits| digits.as_int());
    if digits.is_some_and(|digits| digits < 0) {
        return Err(crate::eval::refuse("`round` to tens and hundreds is not supported here."));
    }
    match (&number, digits) {
        (Value::Decimal(value), Some(digits)) => {
            Ok(Value::from(value.round_dp(u32::try_from(digits).unwrap_or(0))))
        }
        (Value::Decimal(value), None) => {
            Ok(i64::try_from(value.round()).map_or(Value::None, Value::Int))
        }
        #[allow(clippy::cast_possible_truncation, reason = "as Python's int()")]
        (Value::Float(value), None) => Ok(Value::Int(value.round_ties_even() as i64)),
        (Value::Float(value), Some(digits)) => {
            // The shortest decimal text rounds as Python does, ties away from what the binary number is.
            let places = usize::try_from(digits).unwrap_or(0);
            Ok(format!("{value:.places$}").parse().map_or(Value::None, Value::Float))
        }
        (value, _) if value.as_int().is_some() => Ok(Value::Int(value.as_int().unwrap_or(0))),
        (value, _) => Err(raise(
            "TypeError",
            format!("type {} doesn't define __round__ method", value.type_name()),
        )),
    }
}

fn zip(machine: &mut Machine, mut args: Args) -> Outcome {
    let strict = match args.take("strict") {
        Some(strict) => machine.truth(&strict)?,
        None => false,
    };
    let each =
        args.positional.iter().map(|value| machine.iterate(value)).collect::<Outcome<Vec<_>>>()?;
    Ok(iterator("zip", move |machine| {
        let mut items = Vec::with_capacity(each.len());
        for (at, one) in each.iter().enumerate() {
            match one.next(machine)? {
                Some(item) => items.push(item),
                None if strict && at > 0 => {
                    return Err(raise(
                        "ValueError",
                        format!("zip() argument {} is shorter than argument {at}", at + 1),
                    ));
                }
                None => return Ok(None),
            }
        }
        Ok((!items.is_empty()).then(|| Value::tuple(items)))
    }))
}

fn enumerate(machine: &mut Machine, args: Args) -> Outcome {
    let [items, start] = args.bind("enumerate", ["iterable", "start"], 1)?;
    let each = machine.iterate(&items.unwrap_or(Value::None))?;
    let mut at = start.and_then(|start| start.as_int()).unwrap_or(0);
    Ok(iterator("enumerate", move |machine| {
        let Some(item) = each.next(machine)? else { return Ok(None) };
        let pair = Value::tuple(vec![Value::Int(at), item]);
        at += 1;
        Ok(Some(pair))
    }))
}

fn map(machine: &mut Machine, args: Args) -> Outcome {
    let mut values = args.positional.into_iter();
    let function = values.next().unwrap_or(Value::None);
    let each = values.map(|value| machine.iterate(&value)).collect::<Outcome<Vec<_>>>()?;
    Ok(iterator("map", move |machine| {
        let mut items = Vec::with_capacity(each.len());
        for one in &each {
            match one.next(machine)? {
                Some(item) => items.push(item),
                None => return Ok(None),
            }
        }
        machine.call(&function, Args::of(items)).map(Some)
    }))
}

fn filter(machine: &mut Machine, args: Args) -> Outcome {
    let [function, items] =
        args.bind("filter", ["function", "iterable"], 2)?.map(|value| value.unwrap_or(Value::None));
    let each = machine.iterate(&items)?;
    Ok(iterator("filter", move |machine| {
        while let Some(item) = each.next(machine)? {
            let answer = if function.is_none() {
                item.clone()
            } else {
                machine.call(&function, Args::one(item.clone()))?
            };
            if machine.truth(&answer)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }))
}

fn iterator(
    name: &'static str,
    next: impl FnMut(&mut Machine) -> Outcome<Option<Value>> + 'static,
) -> Value {
    Value::Iter(Rc::new(Each::new(name, Steps(next))))
}

fn is_subclass(class: &Value, of: &Value, otherwise: &str) -> Outcome<bool> {
    match (class, of) {
        (Value::Class(class), Value::Class(of)) => Ok(&*of.name == "object" || class.derives(of)),
        (_, Value::Tuple(many)) => {
            for of in many.iter() {
                if is_subclass(class, of, otherwise)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(raise("TypeError", otherwise.to_owned())),
    }
}

impl Machine {
    /// `type(value)`
    pub fn type_of(&self, value: &Value) -> Value {
        let class: Option<Rc<Class>> = match value {
            Value::Instance(instance) => Some(instance.class.clone()),
            Value::Object(object) => Some(object.class()),
            Value::Class(class) => class.meta.clone().or_else(|| self.class("type")),
            Value::Set(set) if set.borrow().frozen => self.class("frozenset"),
            other => self.class(&other.type_name()),
        };
        let class =
            class.unwrap_or_else(|| Rc::new(Class::new(&value.type_name(), "builtins", &[])));
        Value::Class(class)
    }
}
