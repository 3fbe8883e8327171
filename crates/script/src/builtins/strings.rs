//! Methods of strings.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Outcome, Value};

pub(super) const METHODS: &[&str] = &[
    "lower",
    "upper",
    "title",
    "capitalize",
    "casefold",
    "swapcase",
    "strip",
    "lstrip",
    "rstrip",
    "split",
    "rsplit",
    "splitlines",
    "join",
    "replace",
    "startswith",
    "endswith",
    "find",
    "rfind",
    "index",
    "count",
    "format",
    "format_map",
    "isdigit",
    "isnumeric",
    "isdecimal",
    "isalpha",
    "isalnum",
    "isspace",
    "isupper",
    "islower",
    "isidentifier",
    "center",
    "ljust",
    "rjust",
    "zfill",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "encode",
    "expandtabs",
];

pub(super) fn call(machine: &mut Machine, text: &Rc<str>, name: &str, args: Args) -> Outcome {
    let all = |test: fn(char) -> bool| Ok(Value::Bool(!text.is_empty() && text.chars().all(test)));
    let first = args.positional.first().cloned();
    let words = |at: usize| args.positional.get(at).and_then(Value::as_str).map(str::to_owned);
    match name {
        "lower" | "casefold" => Ok(Value::str(text.to_lowercase())),
        "upper" => Ok(Value::str(text.to_uppercase())),
        "title" => Ok(Value::str(titled(text))),
        "capitalize" => {
            let mut letters = text.chars();
            let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            Ok(Value::str(head + &letters.as_str().to_lowercase()))
        }
        "swapcase" => {
            let swap = |letter: char| -> String {
                if letter.is_uppercase() {
                    letter.to_lowercase().collect()
                } else {
                    letter.to_uppercase().collect()
                }
            };
            Ok(Value::str(text.chars().map(swap).collect::<String>()))
        }
        "strip" | "lstrip" | "rstrip" => {
            let letters = words(0);
            let drop = |letter: char| {
                letters.as_ref().map_or(letter.is_whitespace(), |letters| letters.contains(letter))
            };
            let mut out: &str = text;
            if name != "rstrip" {
                out = out.trim_start_matches(drop);
            }
            if name != "lstrip" {
                out = out.trim_end_matches(drop);
            }
            Ok(Value::str(out))
        }
        "split" | "rsplit" => split(text, name, args),
        "splitlines" => Ok(Value::list(text.lines().map(Value::str).gather())),
        "join" => {
            let items = machine.list_of(&args.only("str.join")?)?;
            let mut out = String::new();
            for (at, item) in items.iter().enumerate() {
                let Some(part) = item.as_str() else {
                    return Err(raise(
                        "TypeError",
                        format!(
                            "sequence item {at}: expected str instance, {} found",
                            item.type_name()
                        ),
                    ));
                };
                if at > 0 {
                    out.push_str(text);
                }
                out.push_str(part);
                machine.fits(out.len())?;
            }
            Ok(Value::str(out))
        }
        "replace" => {
            let [old, new, count] = args.bind("replace", ["old", "new", "count"], 2)?;
            let text_of =
                |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
            let (Some(old), Some(new)) = (text_of(old), text_of(new)) else {
                return Err(raise("TypeError", "replace() argument must be str"));
            };
            let count = count
                .and_then(|count| count.as_int())
                .and_then(|count| usize::try_from(count).ok());
            let out = match count {
                Some(count) => text.replacen(&old, &new, count),
                None => text.replace(&old, &new),
            };
            machine.fits(out.len())?;
            Ok(Value::str(out))
        }
        "startswith" | "endswith" => {
            let test = |part: &str| {
                if name == "startswith" { text.starts_with(part) } else { text.ends_with(part) }
            };
            match first {
                Some(Value::Str(part)) => Ok(Value::Bool(test(&part))),
                Some(Value::Tuple(parts)) => {
                    Ok(Value::Bool(parts.iter().filter_map(Value::as_str).any(test)))
                }
                other => Err(raise(
                    "TypeError",
                    format!(
                        "{name} first arg must be str or a tuple of str, not {}",
                        other.map_or("nothing".into(), |value| value.type_name())
                    ),
                )),
            }
        }
        "find" | "rfind" | "index" => {
            let part = words(0).unwrap_or_default();
            let found = if name == "rfind" { text.rfind(&part) } else { text.find(&part) };
            match found {
                Some(at) => Ok(Value::from(text.get(..at).unwrap_or_default().chars().count())),
                None if name == "index" => Err(raise("ValueError", "substring not found")),
                None => Ok(Value::Int(-1)),
            }
        }
        "count" => {
            let part = words(0).unwrap_or_default();
            let count = if part.is_empty() {
                text.chars().count() + 1
            } else {
                text.matches(&part).count()
            };
            Ok(Value::from(count))
        }
        "format" => machine.format_text(text, &args).map(Value::from),
        "format_map" => {
            let pairs = super::dicts::pairs(machine, &first.unwrap_or(Value::None))?;
            let keywords = pairs
                .into_iter()
                .filter_map(|(key, value)| Some((key.as_str()?.into(), value)))
                .gather();
            machine.format_text(text, &Args { positional: Vec::new(), keywords }).map(Value::from)
        }
        "isdigit" | "isnumeric" | "isdecimal" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(char::is_whitespace),
        "isupper" => Ok(Value::Bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        )),
        "islower" => Ok(Value::Bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        )),
        "isidentifier" => {
            let head =
                text.chars().next().is_some_and(|letter| letter == '_' || letter.is_alphabetic());
            Ok(Value::Bool(
                head && text.chars().all(|letter| letter == '_' || letter.is_alphanumeric()),
            ))
        }
        "center" | "ljust" | "rjust" | "zfill" => {
            let width = first
                .and_then(|width| width.as_int())
                .and_then(|width| usize::try_from(width).ok())
                .unwrap_or(0);
            machine.fits(width)?;
            let fill = words(1).and_then(|fill| fill.chars().next()).unwrap_or(' ');
            Ok(Value::str(padded(text, name, width, fill)))
        }
        "partition" | "rpartition" => {
            let by = words(0).unwrap_or_default();
            let found =
                if name == "partition" { text.split_once(&*by) } else { text.rsplit_once(&*by) };
            let parts = match found {
                Some((before, after)) => [before, &by, after],
                None if name == "partition" => [&**text, "", ""],
                None => ["", "", &**text],
            };
            Ok(Value::tuple(parts.iter().map(Value::str).gather()))
        }
        "removeprefix" => {
            Ok(Value::str(words(0).and_then(|part| text.strip_prefix(&*part)).unwrap_or(text)))
        }
        "removesuffix" => {
            Ok(Value::str(words(0).and_then(|part| text.strip_suffix(&*part)).unwrap_or(text)))
        }
        "encode" => Ok(Value::Bytes(text.as_bytes().into())),
        _ => Ok(Value::str(text.replace('\t', "        "))),
    }
}

fn titled(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in text.chars() {
        if inside {
            out.extend(letter.to_lowercase())
        } else {
            out.extend(letter.to_uppercase())
        }
        inside = letter.is_alphabetic();
    }
    out
}

fn split(text: &str, name: &str, args: Args) -> Outcome {
    let function = if name == "split" { "split" } else { "rsplit" };
    let [by, most] = args.bind(function, ["sep", "maxsplit"], 0)?;
    let most = most.and_then(|most| most.as_int()).and_then(|most| usize::try_from(most).ok());
    let by = by.filter(|by| !by.is_none());
    let parts: Vec<&str> = match (by.as_ref().and_then(Value::as_str), most) {
        (Some(""), _) => return Err(raise("ValueError", "empty separator")),
        (Some(by), None) => text.split(by).gather(),
        (Some(by), Some(most)) if name == "split" => text.splitn(most + 1, by).gather(),
        (Some(by), Some(most)) => {
            let mut parts: Vec<&str> = text.rsplitn(most + 1, by).gather();
            parts.reverse();
            parts
        }
        (None, None) => text.split_whitespace().gather(),
        (None, Some(most)) => {
            let mut parts = Vec::new();
            let mut rest = text.trim_start();
            while parts.len() < most
                && let Some((part, after)) = rest.split_once(char::is_whitespace)
            {
                parts.push(part);
                rest = after.trim_start();
            }
            if !rest.is_empty() {
                parts.push(rest.trim_end());
            }
            parts
        }
    };
    Ok(Value::list(parts.into_iter().map(Value::str).gather()))
}

fn padded(text: &str, name: &str, width: usize, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let fill = |count: usize| fill.to_string().repeat(count);
    match name {
        "ljust" => text.to_owned() + &fill(missing),
        "rjust" => fill(missing) + text,
        "zfill" => {
            let zeros = "0".repeat(missing);
            match text.strip_prefix(['-', '+']) {
                Some(rest) => format!("{}{zeros}{rest}", text.get(..1).unwrap_or_default()),
                None => zeros + text,
            }
        }
        _ => {
            // An odd blank goes to the left where the width is odd.
            let left = missing / 2 + (missing & width & 1);
            fill(left) + text + &fill(missing - left)
        }
    }
}
