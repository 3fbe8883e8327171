//! Built-in classes that are called: `int("3")`, `list(…)`, `datetime.date(…)`.

use std::rc::Rc;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use throughline_order::Gather as _;

use super::Builtins;
use super::clock;
use super::dates::{date_from, time_from};
use crate::Machine;
use crate::eval::{float_of, raise, refuse};
use crate::value::{Args, Class, Dict, Outcome, Value, quoted};

type Run = fn(&mut Machine, Args) -> Outcome;

/// Key, name, module, base, what a call makes.
const CLASSES: &[(&str, &str, &str, &str, Option<Run>)] = &[
    (
        "type",
        "type",
        "builtins",
        "object",
        Some(|machine, args| match args.positional.as_slice() {
            [Value::Str(name), bases, names] => {
                let bases = machine.list_of(bases)?;
                let names = machine.class_names(names)?;
                machine.new_class(name, &bases, names)
            }
            _ => {
                let value = args.only("type")?;
                Ok(machine.type_of(&value))
            }
        }),
    ),
    ("int", "int", "builtins", "object", Some(int)),
    (
        "bool",
        "bool",
        "builtins",
        "int",
        Some(|machine, args| match args.positional.first() {
            Some(value) => machine.truth(value).map(Value::Bool),
            None => Ok(Value::Bool(false)),
        }),
    ),
    ("float", "float", "builtins", "object", Some(float)),
    (
        "str",
        "str",
        "builtins",
        "object",
        Some(|machine, args| match args.positional.first() {
            Some(value) => machine.str(value).map(Value::Str),
            None => Ok(Value::str("")),
        }),
    ),
    (
        "bytes",
        "bytes",
        "builtins",
        "object",
        Some(|machine, args| match args.positional.first() {
            Some(Value::Str(text)) => Ok(Value::Bytes(text.as_bytes().into())),
            Some(value) => {
                let items = machine.list_of(value)?;
                Ok(Value::Bytes(
                    items
                        .iter()
                        .filter_map(Value::as_int)
                        .filter_map(|byte| u8::try_from(byte).ok())
                        .collect(),
                ))
            }
            None => Ok(Value::Bytes([].into())),
        }),
    ),
    (
        "list",
        "list",
        "builtins",
        "object",
        Some(|machine, args| match args.positional.first() {
            Some(value) => machine.list_of(value).map(Value::list),
            None => Ok(Value::list(Vec::new())),
        }),
    ),
    (
        "tuple",
        "tuple",
        "builtins",
        "object",
        Some(|machine, args| match args.positional.first() {
            Some(value) => machine.list_of(value).map(Value::tuple),
            None => Ok(Value::tuple(Vec::new())),
        }),
    ),
    (
        "dict",
        "dict",
        "builtins",
        "object",
        Some(|machine, args| {
            let mut out = Dict::default();
            for source in &args.positional {
                for (key, value) in super::dicts::pairs(machine, source)? {
                    out.insert(machine.key(&key)?, key, value);
                }
            }
            for (name, value) in args.keywords {
                out.set(&name, value);
            }
            Ok(Value::dict(out))
        }),
    ),
    ("set", "set", "builtins", "object", Some(set)),
    (
        "frozenset",
        "frozenset",
        "builtins",
        "object",
        Some(|machine, args| {
            let made = set(machine, args)?;
            if let Value::Set(set) = &made {
                set.borrow_mut().frozen = true;
            }
            Ok(made)
        }),
    ),
    ("range", "range", "builtins", "object", Some(range)),
    (
        "slice",
        "slice",
        "builtins",
        "object",
        Some(|_, args| {
            let mut parts = args.positional.into_iter();
            Ok(match (parts.next(), parts.next(), parts.next()) {
                (Some(stop), None, _) => Value::Slice(Rc::new([Value::None, stop, Value::None])),
                (start, stop, step) => Value::Slice(Rc::new(
                    [start, stop, step].map(|part| part.unwrap_or(Value::None)),
                )),
            })
        }),
    ),
    ("property", "property", "builtins", "object", Some(property)),
    (
        "staticmethod",
        "staticmethod",
        "builtins",
        "object",
        Some(|_, args| args.only("staticmethod")),
    ),
    ("NoneType", "NoneType", "builtins", "object", None),
    ("function", "function", "builtins", "object", None),
    ("method", "method", "builtins", "object", None),
    ("builtin_function_or_method", "builtin_function_or_method", "builtins", "object", None),
    ("module", "module", "builtins", "object", None),
    ("generator", "generator", "builtins", "object", None),
    ("coroutine", "coroutine", "builtins", "object", None),
    ("decimal.Decimal", "Decimal", "decimal", "object", Some(decimal)),
    (
        "datetime.date",
        "date",
        "datetime",
        "object",
        Some(|_, args| {
            let [year, month, day] = numbers(args, "date", ["year", "month", "day"], 3)?;
            date_from([year, month, day]).map(Value::Date)
        }),
    ),
    (
        "datetime.datetime",
        "datetime",
        "datetime",
        "datetime.date",
        Some(|_, mut args| {
            let zone = args.take("tzinfo");
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
            let [year, month, day, hour, minute, second, micro] =
                numbers(args, "datetime", names, 3)?;
            let zone = match zone {
                Some(Value::Zone(zone)) => Some(zone),
                _ => None,
            };
            let moment = NaiveDateTime::new(
                date_from([year, month, day])?,
                time_from([hour, minute, second, micro])?,
            );
            Ok(Value::datetime(moment, zone))
        }),
    ),
    (
        "datetime.time",
        "time",
        "datetime",
        "object",
        Some(|_, args| {
            let parts = numbers(args, "time", ["hour", "minute", "second", "microsecond"], 0)?;
            time_from(parts).map(Value::Time)
        }),
    ),
    ("datetime.timedelta", "timedelta", "datetime", "object", Some(timedelta)),
    (
        "datetime.timezone",
        "timezone",
        "datetime",
        "object",
        Some(|_, args| match args.positional.first() {
            Some(Value::Delta(delta)) => {
                Ok(Value::Zone(i32::try_from(delta / 1_000_000).unwrap_or(0)))
            }
            _ => Err(raise("TypeError", "timezone() argument 1 must be datetime.timedelta")),
        }),
    ),
    ("UUID", "UUID", "uuid", "object", Some(uuid)),
];

pub(super) fn add(builtins: &mut Builtins) {
    for (key, name, module, base, make) in CLASSES {
        let bases: Vec<Rc<Class>> = builtins.class(base).into_iter().gather();
        let class = Class::new(name, module, &bases);
        if let Some(make) = make {
            class.set("__new__", Value::native(name, make));
        }
        let class = builtins.add_class(key, class);
        if *module == "builtins" && make.is_some() {
            builtins.name(name, Value::Class(class));
        }
    }
    let set = |key: &str, name: &str, value: Value| {
        if let Some(class) = builtins.class(key) {
            class.set(name, value);
        }
    };
    set(
        "datetime.date",
        "today",
        Value::native("today", |machine, _| Ok(Value::Date(machine.now.date()))),
    );
    set(
        "datetime.date",
        "fromisoformat",
        Value::native("fromisoformat", |_, args| {
            let text = args.only("fromisoformat")?;
            let written = text.as_str().unwrap_or_default();
            clock::iso_date(written).map(Value::Date).ok_or_else(|| {
                raise("ValueError", format!("Invalid isoformat string: {}", quoted(written)))
            })
        }),
    );
    for name in ["now", "today", "utcnow"] {
        set(
            "datetime.datetime",
            name,
            Value::native("now", |machine, args| {
                let zone = args
                    .positional
                    .iter()
                    .chain(args.keywords.iter().map(|(_, value)| value))
                    .find_map(|value| match value {
                        Value::Zone(zone) => Some(*zone),
                        _ => None,
                    });
                let shift = chrono::TimeDelta::seconds(i64::from(zone.unwrap_or(0)));
                Ok(Value::datetime(machine.now + shift, zone))
            }),
        );
    }
    set(
        "datetime.datetime",
        "combine",
        Value::native("combine", |_, args| match args.positional.as_slice() {
            [Value::Date(date), Value::Time(time)] => {
                Ok(Value::datetime(NaiveDateTime::new(*date, *time), None))
            }
            _ => Err(raise("TypeError", "combine() takes a date and a time")),
        }),
    );
    set(
        "datetime.datetime",
        "fromisoformat",
        Value::native("fromisoformat", |_, args| {
            let text = args.only("fromisoformat")?;
            let written = text.as_str().unwrap_or_default().to_owned();
            moment(&written).ok_or_else(|| {
                raise("ValueError", format!("Invalid isoformat string: {}", quoted(&written)))
            })
        }),
    );
    set(
        "datetime.datetime",
        "strptime",
        Value::native("strptime", |_, args| {
            let [text, format] = args
                .bind("strptime", ["date_string", "format"], 2)?
                .map(|value| value.unwrap_or(Value::None));
            let (text, format) =
                (text.as_str().unwrap_or_default(), format.as_str().unwrap_or_default());
            clock::strptime(text, format)
        }),
    );
    set("datetime.timezone", "utc", Value::Zone(0));
    set(
        "dict",
        "fromkeys",
        Value::native("fromkeys", |machine, args| {
            let [keys, value] = args.bind("fromkeys", ["iterable", "value"], 1)?;
            let mut out = Dict::default();
            for key in machine.list_of(&keys.unwrap_or(Value::None))? {
                out.insert(machine.key(&key)?, key, value.clone().unwrap_or(Value::None));
            }
            Ok(Value::dict(out))
        }),
    );
}

/// `2020-01-02`, `2020-01-02T03:04:05.5+00:00`
pub(crate) fn moment(text: &str) -> Option<Value> {
    let (plain, zone) = match text.strip_suffix('Z') {
        Some(plain) => (plain, Some(0)),
        None => match text.get(19..).and_then(|rest| rest.rfind(['+', '-'])) {
            Some(at) => {
                let (plain, zone) = text.split_at_checked(19 + at)?;
                let (hours, minutes) = zone.get(1..)?.split_once(':')?;
                let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
                (plain, Some(if zone.starts_with('-') { -seconds } else { seconds }))
            }
            None => (text, None),
        },
    };
    let moment = match plain.split_once(['T', ' ']) {
        Some((day, time)) => clock::date(day)?.and_time(clock::time(time)?),
        None => clock::date(plain)?.into(),
    };
    Some(Value::datetime(moment, zone))
}

fn set(machine: &mut Machine, args: Args) -> Outcome {
    let items = match args.positional.first() {
        Some(value) => machine.list_of(value)?,
        None => Vec::new(),
    };
    machine.set_of(items).map(Value::set)
}

fn int(machine: &mut Machine, args: Args) -> Outcome {
    let [value, base] = args.bind("int", ["x", "base"], 0)?;
    let value = value.unwrap_or(Value::Int(0));
    let invalid = |machine: &mut Machine, base: i64| {
        let shown = machine.repr(&value)?;
        Err(raise("ValueError", format!("invalid literal for int() with base {base}: {shown}")))
    };
    match &value {
        #[allow(clippy::cast_possible_truncation, reason = "int() drops the fraction")]
        Value::Float(number) if number.is_finite() => Ok(Value::Int(*number as i64)),
        Value::Float(number) if number.is_nan() => {
            Err(raise("ValueError", "cannot convert float NaN to integer"))
        }
        Value::Float(_) => Err(raise("OverflowError", "cannot convert float infinity to integer")),
        Value::Decimal(number) => i64::try_from(number.trunc())
            .map(Value::Int)
            .map_err(|_| refuse("Integers beyond 64 bits are not supported here.")),
        Value::Str(text) => {
            let base = base.and_then(|base| base.as_int()).unwrap_or(10);
            let digits = text.trim().replace('_', "");
            match i64::from_str_radix(&digits, u32::try_from(base).unwrap_or(10).clamp(2, 36)) {
                Ok(number) => Ok(Value::Int(number)),
                Err(_) => invalid(machine, base),
            }
        }
        value if value.as_int().is_some() => Ok(Value::Int(value.as_int().unwrap_or(0))),
        value => Err(raise(
            "TypeError",
            format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.type_name()
            ),
        )),
    }
}

fn float(machine: &mut Machine, args: Args) -> Outcome {
    let value = args.positional.first().cloned().unwrap_or(Value::Float(0.0));
    if let Some(number) = float_of(&value) {
        return Ok(Value::Float(number));
    }
    match &value {
        Value::Str(text) => match text.trim().replace('_', "").parse() {
            Ok(number) => Ok(Value::Float(number)),
            Err(_) => {
                let shown = machine.repr(&value)?;
                Err(raise("ValueError", format!("could not convert string to float: {shown}")))
            }
        },
        value => Err(raise(
            "TypeError",
            format!(
                "float() argument must be a string or a real number, not '{}'",
                value.type_name()
            ),
        )),
    }
}

fn decimal(_: &mut Machine, args: Args) -> Outcome {
    let value = args.positional.first().cloned().unwrap_or(Value::Int(0));
    match &value {
        Value::Decimal(_) => Ok(value),
        Value::Float(number) => Decimal::from_f64_retain(*number)
            .map(Value::from)
            .ok_or_else(|| refuse("This number is too large for a Decimal here.")),
        Value::Str(text) => {
            let text = text.trim();
            let parsed =
                text.parse::<Decimal>().ok().or_else(|| Decimal::from_scientific(text).ok());
            parsed.map(Value::from).ok_or_else(|| {
                raise("decimal.InvalidOperation", "[<class 'decimal.ConversionSyntax'>]")
            })
        }
        value if value.as_int().is_some() => {
            Ok(Value::from(Decimal::from(value.as_int().unwrap_or(0))))
        }
        value => Err(raise(
            "TypeError",
            format!("conversion from {} to Decimal is not supported", value.type_name()),
        )),
    }
}

fn range(_: &mut Machine, args: Args) -> Outcome {
    let numbers = args
        .positional
        .iter()
        .map(|value| {
            value.as_int().ok_or_else(|| {
                raise(
                    "TypeError",
                    format!("'{}' object cannot be interpreted as an integer", value.type_name()),
                )
            })
        })
        .collect::<Outcome<Vec<_>>>()?;
    match numbers.as_slice() {
        [stop] => Ok(Value::range(0, *stop, 1)),
        [start, stop] => Ok(Value::range(*start, *stop, 1)),
        [_, _, 0] => Err(raise("ValueError", "range() arg 3 must not be zero")),
        [start, stop, step] => Ok(Value::range(*start, *stop, *step)),
        _ => Err(raise(
            "TypeError",
            format!("range expected at most 3 arguments, got {}", numbers.len()),
        )),
    }
}

fn numbers<const N: usize>(
    args: Args,
    function: &str,
    names: [&str; N],
    required: usize,
) -> Outcome<[i64; N]> {
    let mut out = [0; N];
    for (slot, value) in out.iter_mut().zip(args.bind(function, names, required)?) {
        if let Some(value) = value {
            *slot = value.as_int().ok_or_else(|| {
                raise(
                    "TypeError",
                    format!("'{}' object cannot be interpreted as an integer", value.type_name()),
                )
            })?;
        }
    }
    Ok(out)
}

fn timedelta(_: &mut Machine, args: Args) -> Outcome {
    let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
    let sizes: [i64; 7] =
        [86_400_000_000, 1_000_000, 1, 1_000, 60_000_000, 3_600_000_000, 604_800_000_000];
    let mut total: i64 = 0;
    for (value, size) in args.bind("timedelta", names, 0)?.into_iter().zip(sizes) {
        let Some(value) = value else { continue };
        let overflow = || raise("OverflowError", "date value out of range");
        total = match (value.as_int(), float_of(&value)) {
            (Some(number), _) => number
                .checked_mul(size)
                .and_then(|micros| total.checked_add(micros))
                .ok_or_else(overflow)?,
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                reason = "microseconds are the finest"
            )]
            (None, Some(number)) => total + (number * size as f64).round() as i64,
            (None, None) => {
                return Err(raise(
                    "TypeError",
                    format!("unsupported type for timedelta component: {}", value.type_name()),
                ));
            }
        };
    }
    Ok(Value::Delta(total))
}

fn uuid(_: &mut Machine, args: Args) -> Outcome {
    let [hex] = args.bind("UUID", ["hex"], 1)?;
    let written = hex.unwrap_or(Value::None);
    let digits: String = written
        .as_str()
        .unwrap_or_default()
        .trim_start_matches("urn:uuid:")
        .chars()
        .filter(|letter| !"{}-".contains(*letter))
        .collect();
    match u128::from_str_radix(&digits, 16) {
        Ok(uuid) if digits.len() == 32 => Ok(Value::Uuid(uuid.into())),
        _ => Err(raise("ValueError", "badly formed hexadecimal UUID string")),
    }
}

pub(super) fn uuid_property(uuid: u128, name: &str) -> Option<Value> {
    match name {
        "hex" => Some(Value::str(format!("{uuid:032x}"))),
        "version" => Some(Value::Int(i64::try_from(uuid >> 76 & 0xf).unwrap_or(0))),
        _ => None,
    }
}

/// A property of a class: a function that is called when the attribute is read.
pub(crate) struct Property {
    class: Rc<Class>,
    get: Value,
    /// What the attribute is set by.
    pub(crate) set: Option<Value>,
}

impl crate::value::Object for Property {
    fn class(&self) -> Rc<Class> {
        self.class.clone()
    }

    fn any(&self) -> &dyn std::any::Any {
        self
    }

    fn call(self: Rc<Self>, machine: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        machine.call(&self.get, args).map(Some)
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Ok((name == "setter").then(|| {
            Value::native("setter", move |_, args| {
                let set = Some(args.only("setter")?);
                let (class, get) = (self.class.clone(), self.get.clone());
                Ok(Value::Object(Rc::new(Self { class, get, set })))
            })
        }))
    }
}

fn property(machine: &mut Machine, args: Args) -> Outcome {
    let get = args.only("property")?;
    let class = machine
        .class("property")
        .unwrap_or_else(|| Rc::new(Class::new("property", "builtins", &[])));
    Ok(Value::Object(Rc::new(Property { class, get, set: None })))
}
