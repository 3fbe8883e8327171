//! `"%s has %d" % (a, b)`

use crate::Machine;
use crate::eval::{float_of, raise};
use crate::value::{Outcome, Value};

impl Machine {
    pub(crate) fn percent(&mut self, text: &str, value: &Value) -> Outcome<String> {
        let values = match value {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let mut values = values.into_iter();
        let mut out = String::new();
        let mut letters = text.chars().peekable();
        let mut named = false;
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            if letters.next_if_eq(&'%').is_some() {
                out.push('%');
                continue;
            }
            let mut key = None;
            if letters.next_if_eq(&'(').is_some() {
                let name: String = letters.by_ref().take_while(|letter| *letter != ')').collect();
                key = Some(name);
            }
            let mut spec = String::new();
            while let Some(part) = letters.next_if(|letter| "-+ #0123456789.".contains(*letter)) {
                spec.push(part);
            }
            let Some(kind) = letters.next() else {
                return Err(raise("ValueError", "incomplete format"));
            };
            let item = match key {
                Some(key) => {
                    named = true;
                    self.item(value, &Value::str(key))?
                }
                None => values
                    .next()
                    .ok_or_else(|| raise("TypeError", "not enough arguments for format string"))?,
            };
            let left = spec.contains('-');
            let spec = spec.replace('-', "");
            let align = if left { "<" } else { ">" };
            let shown = match kind {
                's' => {
                    let text = Value::Str(self.str(&item)?);
                    self.format(&text, &format!("{align}{spec}"))?
                }
                'r' => {
                    let text = Value::str(self.repr(&item)?);
                    self.format(&text, &format!("{align}{spec}"))?
                }
                'd' | 'i' => {
                    let Some(number) = float_of(&item) else {
                        return Err(raise(
                            "TypeError",
                            format!(
                                "%{kind} format: a real number is required, not {}",
                                item.type_name()
                            ),
                        ));
                    };
                    #[allow(clippy::cast_possible_truncation, reason = "%d drops the fraction")]
                    let whole = Value::Int(item.as_int().unwrap_or(number as i64));
                    self.format(&whole, &format!("{}{spec}d", if left { "<" } else { "" }))?
                }
                'f' | 'F' | 'e' | 'E' | 'g' | 'G' | 'x' | 'X' | 'o' => {
                    self.format(&item, &format!("{}{spec}{kind}", if left { "<" } else { "" }))?
                }
                other => {
                    return Err(raise(
                        "ValueError",
                        format!("unsupported format character '{other}'"),
                    ));
                }
            };
            out.push_str(&shown);
        }
        if !named && values.next().is_some() && !matches!(value, Value::Dict(_)) {
            return Err(raise("TypeError", "not all arguments converted during string formatting"));
        }
        Ok(out)
    }
}
