//! Formatting: `format()`, `str.format`, `%`.

mod percent;
mod spec;

use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Outcome, Value};

impl Machine {
    /// `format(value, spec)`
    pub(crate) fn format(&mut self, value: &Value, spec: &str) -> Outcome<String> {
        if spec.is_empty() {
            return self.str(value).map(|text| text.to_string());
        }
        match value {
            Value::Date(_) | Value::DateTime(..) | Value::Time(_) => {
                Ok(crate::builtins::clock::strftime(value, spec))
            }
            _ => spec::apply(self, value, spec),
        }
    }

    /// `"…{}…".format(…)`
    pub(crate) fn format_text(&mut self, text: &str, args: &Args) -> Outcome<String> {
        let mut out = String::new();
        let mut rest = text;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            if let Some(after) = after.strip_prefix("{{") {
                out.push('{');
                rest = after;
            } else if let Some(after) = after.strip_prefix("}}") {
                out.push('}');
                rest = after;
            } else if after.starts_with('}') {
                return Err(raise("ValueError", "Single '}' encountered in format string"));
            } else {
                let (field, after) = field_of(after)?;
                let shown = self.field(field, args, &mut next)?;
                out.push_str(&shown);
                rest = after;
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, field: &str, args: &Args, next: &mut usize) -> Outcome<String> {
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = name.split_once('!').unwrap_or((name, ""));
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (head, mut path) = name.split_at_checked(end).unwrap_or((name, ""));
        let value = if head.is_empty() {
            *next += 1;
            args.positional.get(*next - 1)
        } else if let Ok(place) = head.parse::<usize>() {
            args.positional.get(place)
        } else {
            match args.keywords.iter().find(|(keyword, _)| **keyword == *head) {
                Some((_, value)) => Some(value),
                None => return Err(raise("KeyError", head.to_owned())),
            }
        };
        let Some(mut value) = value.cloned() else {
            return Err(raise(
                "IndexError",
                "Replacement index 0 out of range for positional args tuple"
                    .replace('0', &(*next).saturating_sub(1).to_string()),
            ));
        };
        while !path.is_empty() {
            if let Some(rest) = path.strip_prefix('.') {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                value = self.attribute(&value, name)?;
                path = after;
            } else {
                let Some((key, after)) =
                    path.strip_prefix('[').and_then(|rest| rest.split_once(']'))
                else {
                    break;
                };
                let key = key.parse::<i64>().map_or_else(|_| Value::str(key), Value::Int);
                value = self.item(&value, &key)?;
                path = after;
            }
        }
        let value = match conversion {
            "r" => Value::str(self.repr(&value)?),
            "s" => Value::Str(self.str(&value)?),
            _ => value,
        };
        let spec = if spec.contains('{') { self.format_text(spec, args)? } else { spec.to_owned() };
        self.format(&value, &spec)
    }
}

/// The inside of the braces that a text starts with, and what follows them.
fn field_of(text: &str) -> Outcome<(&str, &str)> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Ok((
                        text.get(1..at).unwrap_or_default(),
                        text.get(at + 1..).unwrap_or_default(),
                    ));
                }
            }
            _ => {}
        }
    }
    Err(raise("ValueError", "expected '}' before end of string"))
}
