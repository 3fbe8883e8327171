//! Python's format specification: `>10`, `05.2f`, `,`, `%`.

use crate::Machine;
use crate::eval::{float_of, raise};
use crate::value::{Outcome, Value, float_text};

/// A specification that was read.
#[derive(Clone, Copy, Debug, Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

fn read(text: &str) -> Option<Spec> {
    let mut spec = Spec::default();
    let mut letters = text.chars().peekable();
    let is_align = |letter: char| "<>^=".contains(letter);
    let mut ahead = text.chars();
    match (ahead.next(), ahead.next()) {
        (Some(fill), Some(align)) if is_align(align) => {
            (spec.fill, spec.align) = (Some(fill), Some(align));
            letters.next();
            letters.next();
        }
        (Some(align), _) if is_align(align) => {
            spec.align = Some(align);
            letters.next();
        }
        _ => {}
    }
    spec.sign = letters.next_if(|letter| "+- ".contains(*letter));
    spec.alternate = letters.next_if_eq(&'#').is_some();
    spec.zero = letters.next_if_eq(&'0').is_some();
    let number = |letters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut digits = String::new();
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse::<usize>().ok()
    };
    spec.width = number(&mut letters).unwrap_or(0);
    spec.grouping = letters.next_if(|letter| ",_".contains(*letter));
    if letters.next_if_eq(&'.').is_some() {
        spec.precision = Some(number(&mut letters)?);
    }
    spec.kind = letters.next();
    letters.next().is_none().then_some(spec)
}

pub(super) fn apply(machine: &mut Machine, value: &Value, text: &str) -> Outcome<String> {
    let Some(spec) = read(text) else {
        return Err(raise("ValueError", "Invalid format specifier"));
    };
    machine.fits(spec.width.max(spec.precision.unwrap_or(0)))?;
    let unknown = |kind: char| {
        raise(
            "ValueError",
            format!("Unknown format code '{kind}' for object of type '{}'", value.type_name()),
        )
    };
    let (body, numeric) = match value {
        Value::Str(text) => match spec.kind {
            None | Some('s') => (
                spec.precision
                    .map_or_else(|| text.to_string(), |most| text.chars().take(most).collect()),
                false,
            ),
            Some(kind) => return Err(unknown(kind)),
        },
        Value::Int(number)
            if !matches!(spec.kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) =>
        {
            (integer(*number, spec).ok_or_else(|| unknown(spec.kind.unwrap_or(' ')))?, true)
        }
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            let number = float_of(value).unwrap_or(0.0);
            (
                float(number, spec, matches!(value, Value::Float(_)))
                    .ok_or_else(|| unknown(spec.kind.unwrap_or(' ')))?,
                true,
            )
        }
        Value::Decimal(number) => {
            let mut text = match (spec.kind, spec.precision) {
                (Some('f' | 'F'), places) => {
                    let places =
                        places.map_or(number.scale(), |places| u32::try_from(places).unwrap_or(28));
                    let mut rounded = number.round_dp(places);
                    rounded.rescale(places);
                    rounded.to_string()
                }
                (Some('%'), places) => {
                    let places = u32::try_from(places.unwrap_or(6)).unwrap_or(28);
                    let mut rounded =
                        (**number * rust_decimal::Decimal::ONE_HUNDRED).round_dp(places);
                    rounded.rescale(places);
                    format!("{rounded}%")
                }
                (None, None) => number.to_string(),
                _ => {
                    return float(float_of(value).unwrap_or(0.0), spec, true)
                        .map(|body| pad(body, spec, true))
                        .ok_or_else(|| unknown(spec.kind.unwrap_or(' ')));
                }
            };
            if let Some(by) = spec.grouping {
                text = grouped(&text, by);
            }
            (signed(text, spec), true)
        }
        Value::Object(_) | Value::Instance(_) if spec.kind.is_none() || spec.kind == Some('s') => {
            // A model's instance has no format of its own: Python refuses, too.
            return Err(raise(
                "TypeError",
                format!("unsupported format string passed to {}.__format__", value.type_name()),
            ));
        }
        other => {
            return Err(raise(
                "TypeError",
                format!("unsupported format string passed to {}.__format__", other.type_name()),
            ));
        }
    };
    Ok(pad(body, spec, numeric))
}

fn pad(body: String, spec: Spec, numeric: bool) -> String {
    let missing = spec.width.saturating_sub(body.chars().count());
    if missing == 0 {
        return body;
    }
    let zero = spec.zero && spec.align.is_none() && numeric;
    let fill = spec.fill.unwrap_or(if zero { '0' } else { ' ' }).to_string();
    match spec.align.unwrap_or(if zero {
        '='
    } else if numeric {
        '>'
    } else {
        '<'
    }) {
        '<' => body + &fill.repeat(missing),
        '^' => fill.repeat(missing / 2) + &body + &fill.repeat(missing - missing / 2),
        '=' => match body.strip_prefix(['-', '+', ' ']) {
            Some(rest) => {
                format!("{}{}{rest}", body.get(..1).unwrap_or_default(), fill.repeat(missing))
            }
            None => fill.repeat(missing) + &body,
        },
        _ => fill.repeat(missing) + &body,
    }
}

fn signed(text: String, spec: Spec) -> String {
    match spec.sign {
        Some(sign @ ('+' | ' ')) if !text.starts_with('-') => format!("{sign}{text}"),
        _ => text,
    }
}

fn integer(number: i64, spec: Spec) -> Option<String> {
    let size = number.unsigned_abs();
    let digits = match spec.kind {
        None | Some('d' | 'n') => size.to_string(),
        Some('b') => format!("{}{size:b}", if spec.alternate { "0b" } else { "" }),
        Some('o') => format!("{}{size:o}", if spec.alternate { "0o" } else { "" }),
        Some('x') => format!("{}{size:x}", if spec.alternate { "0x" } else { "" }),
        Some('X') => format!("{}{size:X}", if spec.alternate { "0X" } else { "" }),
        Some('c') => char::from_u32(u32::try_from(size).ok()?)?.to_string(),
        Some(_) => return None,
    };
    let digits = spec.grouping.map_or_else(|| digits.clone(), |by| grouped(&digits, by));
    let minus = if number < 0 { "-" } else { "" };
    Some(signed(format!("{minus}{digits}"), spec))
}

fn float(number: f64, spec: Spec, is_float: bool) -> Option<String> {
    let precision = spec.precision;
    let mut text = match spec.kind {
        Some('f' | 'F') => format!("{number:.*}", precision.unwrap_or(6)),
        Some('%') => format!("{:.*}%", precision.unwrap_or(6), number * 100.0),
        Some('e' | 'E') => exponent(number, precision.unwrap_or(6)),
        Some('g' | 'G') => general(number, precision.unwrap_or(6)),
        None => match precision {
            Some(digits) => {
                let text = general(number, digits);
                if is_float && !text.contains(['.', 'e', 'n']) { text + ".0" } else { text }
            }
            None => float_text(number),
        },
        Some(_) => return None,
    };
    if let Some(by) = spec.grouping {
        text = grouped(&text, by);
    }
    if matches!(spec.kind, Some('E' | 'G')) {
        text = text.to_uppercase();
    }
    Some(signed(text, spec))
}

fn exponent(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{mantissa}e{sign}{exponent:0>2}")
}

fn general(number: f64, digits: usize) -> String {
    let digits = digits.max(1);
    let written = exponent(number, digits - 1);
    let power: i64 = written.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let most = i64::try_from(digits).unwrap_or(i64::MAX);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if (-4..most).contains(&power) {
        trim(&format!("{number:.*}", usize::try_from(most - 1 - power).unwrap_or(0)))
    } else {
        let (mantissa, power) = written.split_once('e').unwrap_or((&written, "+00"));
        format!("{}e{power}", trim(mantissa))
    }
}

/// Puts a separator before every third digit of the whole part.
fn grouped(text: &str, by: char) -> String {
    let (minus, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (whole, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let mut out = minus.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(by);
        }
        out.push(digit);
    }
    out + tail
}
