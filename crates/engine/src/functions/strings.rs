//! Text, counted in characters.

use gluesql_core::data::Value;

use super::{int, text};
use crate::types;

type Given = Result<Value, String>;

/// The longest text that a function makes.
pub(crate) const LONGEST: usize = 10_000_000;
pub(crate) const TOO_LONG: &str = "the text would be longer than 10,000,000 bytes";

fn ok(text: impl Into<String>) -> Given {
    Ok(Value::Str(text.into()))
}

fn count(number: usize) -> Given {
    Ok(Value::I64(i64::try_from(number).unwrap_or(i64::MAX)))
}

pub(super) fn length(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Bytea(bytes)) => count(bytes.len()),
        Some(value) => count(types::text(value).unwrap_or_default().chars().count()),
        None => Ok(Value::Null),
    }
}

pub(super) fn octet_length(arguments: &[Value]) -> Given {
    count(text(arguments, 0).len())
}

pub(super) fn upper(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).to_ascii_uppercase())
}

pub(super) fn lower(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).to_ascii_lowercase())
}

/// SQLite's rule: positions count from 1, negative ones from the end; a negative length takes what stands before.
pub(super) fn substr(arguments: &[Value]) -> Given {
    let chars: Vec<char> = text(arguments, 0).chars().collect();
    let total = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    let mut start = int(arguments, 1).clamp(i64::MIN / 4, i64::MAX / 4);
    let mut length = arguments
        .get(2)
        .map_or(i64::MAX / 4, |_| int(arguments, 2))
        .clamp(i64::MIN / 4, i64::MAX / 4);
    let backwards = length < 0;
    if backwards {
        length = -length;
    }
    if start < 0 {
        start += total;
        if start < 0 {
            length = (length + start).max(0);
            start = 0;
        }
    } else if start > 0 {
        start -= 1;
    } else if length > 0 && !backwards {
        length -= 1;
    }
    if backwards {
        start -= length;
        if start < 0 {
            length += start;
            start = 0;
        }
    }
    let skip = usize::try_from(start).unwrap_or(0);
    let take = usize::try_from(length).unwrap_or(0);
    ok(chars.into_iter().skip(skip).take(take).collect::<String>())
}

pub(super) fn left(arguments: &[Value]) -> Given {
    let (text, wanted) = (text(arguments, 0), int(arguments, 1));
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let take = if wanted < 0 { (length + wanted).max(0) } else { wanted };
    ok(text.chars().take(usize::try_from(take).unwrap_or(0)).collect::<String>())
}

pub(super) fn right(arguments: &[Value]) -> Given {
    let (text, wanted) = (text(arguments, 0), int(arguments, 1));
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let skip = if wanted < 0 { wanted.saturating_neg() } else { (length - wanted).max(0) };
    ok(text.chars().skip(usize::try_from(skip).unwrap_or(0)).collect::<String>())
}

fn set(arguments: &[Value]) -> Vec<char> {
    if arguments.len() > 1 { text(arguments, 1).chars().collect() } else { vec![' '] }
}

pub(super) fn trim(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).trim_matches(&set(arguments)[..]))
}

pub(super) fn ltrim(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).trim_start_matches(&set(arguments)[..]))
}

pub(super) fn rtrim(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).trim_end_matches(&set(arguments)[..]))
}

pub(super) fn replace(arguments: &[Value]) -> Given {
    let (whole, old, new) = (text(arguments, 0), text(arguments, 1), text(arguments, 2));
    if old.is_empty() {
        return ok(whole);
    }
    let grown = whole.matches(old).count().saturating_mul(new.len()).saturating_add(whole.len());
    if grown > LONGEST { too_long() } else { ok(whole.replace(old, new)) }
}

pub(super) fn instr(arguments: &[Value]) -> Given {
    let (whole, part) = (text(arguments, 0), text(arguments, 1));
    match whole.find(part) {
        Some(at) => count(whole.get(..at).unwrap_or_default().chars().count() + 1),
        None => Ok(Value::I64(0)),
    }
}

fn padding(arguments: &[Value]) -> Result<(String, Option<String>), String> {
    let wanted = usize::try_from(int(arguments, 1)).unwrap_or(0);
    if wanted > LONGEST {
        return Err(TOO_LONG.to_owned());
    }
    let whole = text(arguments, 0);
    let length = whole.chars().count();
    if length >= wanted {
        return Ok((whole.chars().take(wanted).collect(), None));
    }
    let fill = if arguments.len() > 2 { text(arguments, 2) } else { " " };
    Ok((whole.to_owned(), Some(fill.chars().cycle().take(wanted - length).collect())))
}

pub(super) fn lpad(arguments: &[Value]) -> Given {
    let (whole, padding) = padding(arguments)?;
    ok(padding.unwrap_or_default() + &whole)
}

pub(super) fn rpad(arguments: &[Value]) -> Given {
    let (whole, padding) = padding(arguments)?;
    ok(whole + &padding.unwrap_or_default())
}

fn too_long() -> Given {
    Err(TOO_LONG.to_owned())
}

pub(super) fn repeat(arguments: &[Value]) -> Given {
    let times = usize::try_from(int(arguments, 1)).unwrap_or(0);
    let whole = text(arguments, 0);
    if whole.len().saturating_mul(times) > LONGEST { too_long() } else { ok(whole.repeat(times)) }
}

pub(super) fn reverse(arguments: &[Value]) -> Given {
    ok(text(arguments, 0).chars().rev().collect::<String>())
}

pub(super) fn initcap(arguments: &[Value]) -> Given {
    let mut start = true;
    let fold = |ch: char| {
        let out = if start { ch.to_ascii_uppercase() } else { ch.to_ascii_lowercase() };
        start = !ch.is_alphanumeric();
        out
    };
    ok(text(arguments, 0).chars().map(fold).collect::<String>())
}

pub(super) fn concat(arguments: &[Value]) -> Given {
    ok(arguments.iter().filter_map(types::text).collect::<String>())
}

pub(super) fn concat_ws(arguments: &[Value]) -> Given {
    let Some((Value::Str(separator), rest)) = arguments.split_first() else {
        return Ok(Value::Null);
    };
    ok(rest.iter().filter_map(types::text).collect::<Vec<_>>().join(separator))
}

pub(super) fn hex(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Bytea(bytes)) => ok(types::hex(bytes)),
        Some(value) => ok(types::hex(types::text(value).unwrap_or_default().as_bytes())),
        None => Ok(Value::Null),
    }
}

pub(super) fn char(arguments: &[Value]) -> Given {
    let one = |at: usize| {
        u32::try_from(int(arguments, at)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    };
    ok((0..arguments.len()).map(one).collect::<String>())
}

pub(super) fn unicode(arguments: &[Value]) -> Given {
    Ok(text(arguments, 0)
        .chars()
        .next()
        .map_or(Value::Null, |ch| Value::I64(i64::from(u32::from(ch)))))
}

pub(super) fn quote(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Bool(truth)) => ok(i64::from(*truth).to_string()),
        Some(value) => ok(types::literal(value)),
        None => ok("NULL"),
    }
}

/// SQLite's storage classes.
pub(super) fn type_of(arguments: &[Value]) -> Given {
    ok(match arguments.first() {
        None | Some(Value::Null) => "null",
        Some(Value::I64(_) | Value::Bool(_)) => "integer",
        Some(Value::F64(_) | Value::Decimal(_)) => "real",
        Some(Value::Bytea(_)) => "blob",
        Some(_) => "text",
    })
}

pub(super) fn to_text(arguments: &[Value]) -> Given {
    Ok(arguments.first().and_then(types::text).map_or(Value::Null, Value::Str))
}
