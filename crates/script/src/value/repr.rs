//! `repr()` and `str()`.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;
use throughline_order::Gather as _;

use super::object::Method;
use super::{Instance, Outcome, Value};
use crate::Machine;

impl Machine {
    /// `repr(value)`.
    ///
    /// # Errors
    /// What a method of the user's raises.
    pub fn repr(&mut self, value: &Value) -> Outcome<String> {
        Ok(match value {
            Value::None => "None".into(),
            Value::Ellipsis => "Ellipsis".into(),
            Value::NotImplemented => "NotImplemented".into(),
            Value::Bool(yes) => if *yes { "True" } else { "False" }.into(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => float_text(*number),
            Value::Str(text) => quoted(text),
            Value::Bytes(bytes) => quoted_bytes(bytes),
            Value::Decimal(number) => format!("Decimal('{}')", decimal_text(number)),
            Value::Date(date) => format!("datetime.date({})", ymd(*date)),
            Value::DateTime(moment, zone) => datetime_repr(moment, *zone),
            Value::Time(time) => format!("datetime.time({})", time_parts(time)),
            Value::Delta(delta) => delta_repr(*delta),
            Value::Zone(0) => "datetime.timezone.utc".into(),
            Value::Zone(seconds) => {
                format!("datetime.timezone({})", delta_repr(i64::from(*seconds) * 1_000_000))
            }
            Value::Uuid(uuid) => format!("UUID('{}')", uuid_text(**uuid)),
            Value::List(items) => {
                let items = items.borrow().clone();
                format!("[{}]", self.listed(value, items.iter())?)
            }
            Value::Tuple(items) => {
                let inside = self.listed(value, items.iter())?;
                if items.len() == 1 { format!("({inside},)") } else { format!("({inside})") }
            }
            Value::Dict(dict) => {
                let dict = dict.borrow().clone();
                let mut parts = Vec::with_capacity(dict.len());
                self.enter(value, &mut |machine| {
                    for (key, value) in dict.items() {
                        parts.push(format!("{}: {}", machine.repr(key)?, machine.repr(value)?));
                    }
                    Ok(())
                })?
                .map_or_else(|| format!("{{{}}}", parts.join(", ")), |()| "{...}".into())
            }
            Value::Set(set) => {
                let set = set.borrow().clone();
                let inside = self.listed(value, set.items())?;
                match (set.frozen, set.is_empty()) {
                    (false, true) => "set()".into(),
                    (false, false) => format!("{{{inside}}}"),
                    (true, true) => "frozenset()".into(),
                    (true, false) => format!("frozenset({{{inside}}})"),
                }
            }
            Value::Range(range) => match **range {
                [start, stop, 1] => format!("range({start}, {stop})"),
                [start, stop, step] => format!("range({start}, {stop}, {step})"),
            },
            Value::Slice(parts) => {
                let [start, stop, step] = &**parts;
                format!("slice({}, {}, {})", self.repr(start)?, self.repr(stop)?, self.repr(step)?)
            }
            Value::Function(function) => format!("<function {}>", function.name),
            Value::Native(native) => format!("<built-in function {}>", native.name),
            Value::Bound(bound) => {
                let kind = bound.receiver.type_name();
                match &bound.method {
                    Method::BuiltIn(name) => format!("<built-in method {name} of {kind} object>"),
                    Method::Value(Value::Function(function)) => {
                        format!(
                            "<bound method {kind}.{} of {}>",
                            function.name,
                            self.repr(&bound.receiver)?
                        )
                    }
                    Method::Value(_) => format!("<bound method of {kind}>"),
                }
            }
            Value::Class(class) if &*class.module == "builtins" => {
                format!("<class '{}'>", class.name)
            }
            Value::Class(class) => format!("<class '{}.{}'>", class.module, class.name),
            Value::Module(module) => format!("<module '{}'>", module.name),
            Value::Instance(instance) => self.instance_repr(instance)?,
            Value::Iter(each) => format!("<{} object>", each.name),
            Value::Coroutine(_) => "<coroutine object>".into(),
            Value::Object(object) => match object.clone().repr(self)? {
                Some(text) => text,
                None => {
                    let class = object.class();
                    let module = if class.module.is_empty() { "" } else { "." };
                    format!("<{}{module}{} object at 0x\u{2026}>", class.module, class.name)
                }
            },
        })
    }

    /// `str(value)`.
    ///
    /// # Errors
    /// What a method of the user's raises.
    pub fn str(&mut self, value: &Value) -> Outcome<Rc<str>> {
        Ok(match value {
            Value::Str(text) => text.clone(),
            Value::Decimal(number) => decimal_text(number).into(),
            Value::Date(date) => date.to_string().into(),
            Value::DateTime(moment, zone) => datetime_text(moment, *zone, " ").into(),
            Value::Time(time) => time_text(time).into(),
            Value::Delta(delta) => delta_text(*delta).into(),
            Value::Zone(0) => "UTC".into(),
            Value::Zone(seconds) => format!("UTC{}", zone_text(*seconds)).into(),
            Value::Uuid(uuid) => uuid_text(**uuid).into(),
            Value::Instance(instance) => self.instance_str(instance)?.into(),
            Value::Object(object) => match object.clone().str(self)? {
                Some(text) => text.into(),
                None => self.repr(value)?.into(),
            },
            other => self.repr(other)?.into(),
        })
    }

    fn instance_repr(&mut self, instance: &Rc<Instance>) -> Outcome<String> {
        if let Some(method) = instance.class.get("__repr__") {
            let text = self.call_method(&Value::Instance(instance.clone()), method)?;
            return self.str(&text).map(|text| text.to_string());
        }
        if let Some(hooks) = instance.class.hooks.clone()
            && let Some(text) = hooks.repr(self, instance)?
        {
            return Ok(text);
        }
        if let Some(args) =
            instance.get("args").filter(|_| instance.class.derives_from("BaseException"))
        {
            let Value::Tuple(items) = &args else { return Ok(instance.class.name.to_string()) };
            let inside = self.listed(&args, items.iter())?;
            return Ok(format!("{}({inside})", instance.class.name));
        }
        Ok(format!("<{} object>", instance.class.name))
    }

    fn instance_str(&mut self, instance: &Rc<Instance>) -> Outcome<String> {
        if let Some(method) = instance.class.get("__str__") {
            let text = self.call_method(&Value::Instance(instance.clone()), method)?;
            return match text {
                Value::Str(text) => Ok(text.to_string()),
                other => Err(crate::eval::raise(
                    "TypeError",
                    format!("__str__ returned non-string (type {})", other.type_name()),
                )),
            };
        }
        if let Some(hooks) = instance.class.hooks.clone()
            && let Some(text) = hooks.str(self, instance)?
        {
            return Ok(text);
        }
        if let Some(Value::Tuple(args)) =
            instance.get("args").filter(|_| instance.class.derives_from("BaseException"))
        {
            return match &*args {
                [] => Ok(String::new()),
                // A key error shows its key as it is written.
                [only] if instance.class.derives_from("KeyError") => self.repr(only),
                [only] => self.str(only).map(|text| text.to_string()),
                _ => self.repr(&Value::Tuple(args.clone())),
            };
        }
        self.instance_repr(instance)
    }

    fn listed<'a>(
        &mut self,
        whole: &Value,
        items: impl Iterator<Item = &'a Value>,
    ) -> Outcome<String> {
        let mut parts = Vec::new();
        let mut items = items;
        let round = self.enter(whole, &mut |machine| {
            for item in items.by_ref() {
                parts.push(machine.repr(item)?);
            }
            Ok(())
        })?;
        Ok(round.map_or_else(|| parts.join(", "), |()| "...".into()))
    }

    /// Goes into a container, unless it is being written already: then `Some`.
    fn enter(
        &mut self,
        whole: &Value,
        inside: &mut dyn FnMut(&mut Self) -> Outcome<()>,
    ) -> Outcome<Option<()>> {
        let Some(address) = whole.address() else { return inside(self).map(|()| None) };
        if self.writing.contains(&address) {
            return Ok(Some(()));
        }
        self.writing.push(address);
        let done = self.deeper(|machine| inside(machine));
        self.writing.pop();
        done.map(|()| None)
    }
}

/// A string as Python writes it.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            letter if letter == quote => {
                out.push('\\');
                out.push(letter);
            }
            letter if (letter as u32) < 0x20 || letter as u32 == 0x7f => {
                out.push_str(&format!("\\x{:02x}", letter as u32));
            }
            '\u{80}'..='\u{a0}' | '\u{ad}' => out.push_str(&format!("\\x{:02x}", letter as u32)),
            '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", letter as u32));
            }
            letter => out.push(letter),
        }
    }
    out.push(quote);
    out
}

fn quoted_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            byte if char::from(*byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// A float as Python writes it: the shortest text that reads back, with an exponent below 1e-4 and from 1e16 on.
pub(crate) fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.into();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) =
            exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    let text = format!("{number}");
    if text.contains('.') { text } else { text + ".0" }
}

fn decimal_text(number: &Decimal) -> String {
    number.to_string()
}

fn datetime_repr(moment: &NaiveDateTime, zone: Option<i32>) -> String {
    let zone = match zone {
        None => String::new(),
        Some(0) => ", tzinfo=datetime.timezone.utc".into(),
        Some(seconds) => {
            format!(", tzinfo=datetime.timezone({})", delta_repr(i64::from(seconds) * 1_000_000))
        }
    };
    format!("datetime.datetime({}, {}{zone})", ymd(moment.date()), time_parts(&moment.time()))
}

fn ymd(date: NaiveDate) -> String {
    format!("{}, {}, {}", date.year(), date.month(), date.day())
}

fn time_parts(time: &NaiveTime) -> String {
    let micros = time.nanosecond() / 1_000;
    let mut out = format!("{}, {}", time.hour(), time.minute());
    if time.second() != 0 || micros != 0 {
        out.push_str(&format!(", {}", time.second()));
    }
    if micros != 0 {
        out.push_str(&format!(", {micros}"));
    }
    out
}

/// `2020-01-02 03:04:05.000006+00:00`
pub(crate) fn datetime_text(moment: &NaiveDateTime, zone: Option<i32>, between: &str) -> String {
    format!(
        "{}{between}{}{}",
        moment.date(),
        time_text(&moment.time()),
        zone.map(zone_text).unwrap_or_default()
    )
}

pub(crate) fn zone_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.abs();
    format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60)
}

/// `03:04:05.000006`
pub(crate) fn time_text(time: &NaiveTime) -> String {
    let micros = time.nanosecond() / 1_000;
    let plain = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    if micros == 0 { plain } else { format!("{plain}.{micros:06}") }
}

fn delta_parts(micros: i64) -> (i64, i64, i64) {
    let day = 86_400_000_000;
    let rest = micros.rem_euclid(day);
    (micros.div_euclid(day), rest / 1_000_000, rest % 1_000_000)
}

fn delta_repr(micros: i64) -> String {
    let (days, seconds, micros) = delta_parts(micros);
    let parts: Vec<String> = [("days", days), ("seconds", seconds), ("microseconds", micros)]
        .iter()
        .filter(|(_, number)| *number != 0)
        .map(|(name, number)| format!("{name}={number}"))
        .gather();
    if parts.is_empty() {
        "datetime.timedelta(0)".into()
    } else {
        format!("datetime.timedelta({})", parts.join(", "))
    }
}

fn delta_text(micros: i64) -> String {
    let (days, seconds, micros) = delta_parts(micros);
    let mut out = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    out.push_str(&format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if micros != 0 {
        out.push_str(&format!(".{micros:06}"));
    }
    out
}

/// `12345678-1234-5678-1234-567812345678`
pub(crate) fn uuid_text(uuid: u128) -> String {
    let hex = format!("{uuid:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
