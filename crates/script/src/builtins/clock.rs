//! Dates and times as text: `strftime` and `strptime` as CPython does them in the C locale, and what ISO 8601 writes.
//!
//! `chrono` has formats of its own, which are not quite Python's, and ten times the code.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

use super::dates::{date_from, date_of, time_from, time_part};
use crate::eval::{raise, refuse};
use crate::value::{Outcome, Value, quoted, zone_text};

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What stands for other directives.
fn spelled_out(letter: char) -> Option<&'static str> {
    Some(match letter {
        'c' => "%a %b %e %H:%M:%S %Y",
        'x' | 'D' => "%m/%d/%y",
        'X' | 'T' => "%H:%M:%S",
        'F' => "%Y-%m-%d",
        'R' => "%H:%M",
        'r' => "%I:%M:%S %p",
        _ => return None,
    })
}

/// Of names of days or months: as long as the directive wants them.
fn name(names: &'static [&'static str], at: u32, letter: char) -> &'static str {
    let name = usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default();
    if letter.is_uppercase() { name } else { name.get(..3).unwrap_or(name) }
}

/// `value.strftime(format)`
pub(crate) fn strftime(value: &Value, format: &str) -> String {
    let date = date_of(value).unwrap_or(NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default());
    let moment = NaiveDateTime::new(date, time_part(value).unwrap_or_default());
    let zone = match value {
        Value::DateTime(_, zone) => *zone,
        _ => None,
    };
    let mut out = String::new();
    write(&mut out, &moment, zone, format);
    out
}

fn write(out: &mut String, moment: &NaiveDateTime, zone: Option<i32>, format: &str) {
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let rest = letters.as_str();
        let bare = rest.starts_with('-');
        if bare {
            letters.next();
        }
        let Some(letter) = letters.next() else {
            out.push('%');
            out.push_str(rest);
            return;
        };
        if let Some(format) = spelled_out(letter) {
            write(out, moment, zone, format);
        } else if let Some((number, width, fill)) = number(letter, moment) {
            let digits = number.to_string();
            let missing = if bare { 0 } else { width.saturating_sub(digits.len()) };
            out.extend(std::iter::repeat_n(fill, missing));
            out.push_str(&digits);
        } else {
            match letter {
                'a' | 'A' => {
                    out.push_str(name(&DAYS, moment.weekday().num_days_from_monday(), letter));
                }
                'b' | 'B' | 'h' => {
                    let letter = if letter == 'h' { 'b' } else { letter };
                    out.push_str(name(&MONTHS, moment.month0(), letter));
                }
                'p' => out.push_str(if moment.hour12().0 { "PM" } else { "AM" }),
                'P' => out.push_str(if moment.hour12().0 { "pm" } else { "am" }),
                'z' => {
                    if let Some(zone) = zone {
                        let (hours, minutes) = (zone.abs() / 3600, zone.abs() / 60 % 60);
                        let sign = if zone < 0 { '-' } else { '+' };
                        out.push_str(&format!("{sign}{hours:02}{minutes:02}"));
                    }
                }
                'Z' => match zone {
                    Some(0) => out.push_str("UTC"),
                    Some(zone) => out.push_str(&format!("UTC{}", zone_text(zone))),
                    None => {}
                },
                '%' => out.push('%'),
                'n' => out.push('\n'),
                't' => out.push('\t'),
                letter => {
                    out.push_str(if bare { "%-" } else { "%" });
                    out.push(letter);
                }
            }
        }
    }
}

/// The number that a directive writes, how wide, and what fills it up.
fn number(letter: char, moment: &NaiveDateTime) -> Option<(i64, usize, char)> {
    let of = |number: u32| i64::from(number);
    let year = i64::from(moment.year());
    let week = moment.iso_week();
    let weeks = |before: u32| of((moment.ordinal0() + 7 - before) / 7);
    let day = moment.weekday();
    Some(match letter {
        // Those of the C library are not filled up.
        'Y' => (year, 1, '0'),
        'G' => (i64::from(week.year()), 1, '0'),
        'C' => (year / 100, 1, '0'),
        'y' => (year.rem_euclid(100), 2, '0'),
        'g' => (i64::from(week.year()).rem_euclid(100), 2, '0'),
        'm' => (of(moment.month()), 2, '0'),
        'd' => (of(moment.day()), 2, '0'),
        'e' => (of(moment.day()), 2, ' '),
        'H' => (of(moment.hour()), 2, '0'),
        'k' => (of(moment.hour()), 2, ' '),
        'I' => (of(moment.hour12().1), 2, '0'),
        'l' => (of(moment.hour12().1), 2, ' '),
        'M' => (of(moment.minute()), 2, '0'),
        'S' => (of(moment.second()), 2, '0'),
        'f' => (of(moment.nanosecond() / 1_000), 6, '0'),
        'j' => (of(moment.ordinal()), 3, '0'),
        'U' => (weeks(day.num_days_from_sunday()), 2, '0'),
        'W' => (weeks(day.num_days_from_monday()), 2, '0'),
        'V' => (of(week.week()), 2, '0'),
        'u' => (of(day.number_from_monday()), 1, '0'),
        'w' => (of(day.num_days_from_sunday()), 1, '0'),
        _ => return None,
    })
}

/// What a text holds, by the letters of the directives.
type Found = Vec<(char, i64)>;

/// `datetime.strptime(text, format)`
///
/// # Errors
/// `ValueError` where the text is not of the format.
pub(super) fn strptime(text: &str, format: &str) -> Outcome {
    let wrong = |message: String| Err(raise("ValueError", message));
    let mut letters = format.chars();
    while letters.find(|letter| *letter == '%').is_some() {
        match letters.next() {
            Some('U' | 'W' | 'V' | 'G') => {
                return Err(refuse("`strptime` does not read weeks of the year here."));
            }
            Some(known) if "aAbBcdfHIjmMpSuwxXyYzZ%".contains(known) => {}
            Some(other) => {
                return wrong(format!("'{other}' is a bad directive in format '{format}'"));
            }
            None => return wrong(format!("stray % in format '{format}'")),
        }
    }
    let mut found = Found::new();
    match fit(format, text, &mut found) {
        None => {
            wrong(format!("time data {} does not match format {}", quoted(text), quoted(format)))
        }
        Some("") => moment_of(&found),
        Some(rest) => wrong(format!("unconverted data remains: {rest}")),
    }
}

fn moment_of(found: &Found) -> Outcome {
    let get = |letter: char| found.iter().find(|(of, _)| *of == letter).map(|(_, number)| *number);
    let short = get('y').map(|year| if year <= 68 { 2000 + year } else { 1900 + year });
    let year = get('Y').or(short).unwrap_or(1900);
    let date = match get('j') {
        Some(day) => date_from([year, 1, 1])? + chrono::TimeDelta::days(day - 1),
        None => date_from([year, get('m').unwrap_or(1), get('d').unwrap_or(1)])?,
    };
    let hour = match (get('H'), get('I'), get('p')) {
        (_, Some(hour), Some(1)) => hour % 12 + 12,
        (_, Some(hour), _) => hour % 12,
        (hour, None, _) => hour.unwrap_or(0),
    };
    let of = |letter: char| get(letter).unwrap_or(0);
    let time = time_from([hour, of('M'), of('S'), of('f')])?;
    let zone = get('z').and_then(|zone| i32::try_from(zone).ok());
    Ok(Value::datetime(NaiveDateTime::new(date, time), zone))
}

/// What is left of the text behind what is of the format; the first way to read it counts, as with a regular expression.
fn fit<'t>(format: &str, text: &'t str, found: &mut Found) -> Option<&'t str> {
    let mut letters = format.chars();
    let Some(letter) = letters.next() else { return Some(text) };
    if letter.is_whitespace() {
        let rest = text.trim_start();
        return if rest.len() < text.len() {
            fit(letters.as_str().trim_start(), rest, found)
        } else {
            None
        };
    }
    if letter != '%' {
        return fit(letters.as_str(), literal(letter, text)?, found);
    }
    let letter = letters.next()?;
    let format = letters.as_str();
    let mut go_on = |key: char, number: i64, rest: &'t str| {
        let end = fit(format, rest, found)?;
        found.push((key, number));
        Some(end)
    };
    let (widths, least, most) = match letter {
        'd' => (1..=2, 1, 31),
        'f' => (1..=6, 0, 999_999),
        'H' => (1..=2, 0, 23),
        'I' | 'm' => (1..=2, 1, 12),
        'j' => (1..=3, 1, 366),
        'M' => (1..=2, 0, 59),
        'S' => (1..=2, 0, 61),
        'u' => (1..=1, 1, 7),
        'w' => (1..=1, 0, 6),
        'y' => (2..=2, 0, 99),
        'Y' => (4..=4, 0, 9999),
        'a' | 'A' => return named(&DAYS, letter, text, &mut |_, rest| go_on('a', 0, rest)),
        'b' | 'B' => {
            return named(&MONTHS, letter, text, &mut |at, rest| go_on('m', at + 1, rest));
        }
        'p' => return named(&["AM", "PM"], 'P', text, &mut |at, rest| go_on('p', at, rest)),
        'Z' => return named(&["UTC", "GMT"], 'Z', text, &mut |_, rest| go_on('Z', 0, rest)),
        'z' => {
            let (zone, rest) = offset(text)?;
            return go_on('z', zone, rest);
        }
        '%' => return fit(format, text.strip_prefix('%')?, found),
        'c' => return fit(&format!("%a %b %d %H:%M:%S %Y{format}"), text, found),
        letter => return fit(&format!("{}{format}", spelled_out(letter)?), text, found),
    };
    for width in widths.rev() {
        let Some((digits, rest)) = text.split_at_checked(width) else { continue };
        let Some(number) = whole(digits).filter(|number| (least..=most).contains(number)) else {
            continue;
        };
        let scale =
            if letter == 'f' { 10_i64.pow(u32::try_from(6 - width).unwrap_or(0)) } else { 1 };
        if let Some(end) = go_on(letter, number * scale, rest) {
            return Some(end);
        }
    }
    // A day may have a space for its first digit.
    let (digit, rest) = text.strip_prefix(' ').filter(|_| letter == 'd')?.split_at_checked(1)?;
    go_on('d', whole(digit).filter(|number| *number > 0)?, rest)
}

fn literal(letter: char, text: &str) -> Option<&str> {
    let mut letters = text.chars();
    letters.next().filter(|other| other.to_lowercase().eq(letter.to_lowercase()))?;
    Some(letters.as_str())
}

fn named<'t>(
    names: &'static [&'static str],
    letter: char,
    text: &'t str,
    go_on: &mut dyn FnMut(i64, &'t str) -> Option<&'t str>,
) -> Option<&'t str> {
    (0_u32..).zip(names).find_map(|(at, _)| {
        let (start, rest) = text.split_at_checked(name(names, at, letter).len())?;
        let is = start.eq_ignore_ascii_case(name(names, at, letter));
        if is { go_on(i64::from(at), rest) } else { None }
    })
}

/// `+01:00`, `+0100`, `Z`: in seconds.
fn offset(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some((0, rest));
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, rest) = rest.split_at_checked(2)?;
    let (minutes, rest) = rest.strip_prefix(':').unwrap_or(rest).split_at_checked(2)?;
    let minutes = whole(minutes).filter(|minutes| *minutes < 60)?;
    Some((sign * (whole(hours)? * 3600 + minutes * 60), rest))
}

/// A number of nothing but digits.
fn whole(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// What `date.fromisoformat` reads: `2020-01-02`, `20200102`, `2020-W01-4`, `2020W014`, `2020-W01`.
pub(super) fn iso_date(text: &str) -> Option<NaiveDate> {
    let dashes = text.get(4..5) == Some("-");
    let (year, rest) = text.split_at_checked(4)?;
    let year = i32::try_from(whole(year)?).ok()?;
    let rest = if dashes { rest.get(1..)? } else { rest };
    let weekly = rest.starts_with('W');
    let (first, rest) = rest.strip_prefix('W').unwrap_or(rest).split_at_checked(2)?;
    let first = u32::try_from(whole(first)?).ok()?;
    let day = if dashes && !rest.is_empty() { rest.strip_prefix('-')? } else { rest };
    match (weekly, day.len()) {
        (false, 2) => NaiveDate::from_ymd_opt(year, first, u32::try_from(whole(day)?).ok()?),
        (true, 0) if rest.is_empty() => NaiveDate::from_isoywd_opt(year, first, Weekday::Mon),
        (true, 1) => {
            let day = u8::try_from(whole(day)?).ok()?.checked_sub(1)?;
            NaiveDate::from_isoywd_opt(year, first, Weekday::try_from(day).ok()?)
        }
        _ => None,
    }
}

/// `2020-01-02`
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().splitn(3, '-');
    let mut part = |widths: std::ops::RangeInclusive<usize>| {
        let digits = parts.next().filter(|digits| widths.contains(&digits.len()))?;
        whole(digits).and_then(|number| u32::try_from(number).ok())
    };
    let (year, month, day) = (part(4..=4)?, part(1..=2)?, part(1..=2)?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `03:04`, `03:04:05`, `03:04:05.000006`
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = match text.trim().split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text.trim(), None),
    };
    let mut parts = clock.splitn(3, ':');
    let mut part = || {
        parts.next().map(|digits| {
            whole(digits)
                .filter(|_| matches!(digits.len(), 1 | 2))
                .and_then(|number| u32::try_from(number).ok())
        })
    };
    let (hour, minute) = (part()??, part()??);
    let second = match part() {
        Some(second) => second?,
        None if fraction.is_some() => return None,
        None => 0,
    };
    let nanos = match fraction {
        Some("") => return None,
        Some(digits) => {
            whole(digits)?;
            format!("{digits:0<9}").get(..9)?.parse().ok()?
        }
        None => 0,
    };
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Raised;
    use crate::value::datetime_text;

    fn read(text: &str, format: &str) -> String {
        match strptime(text, format) {
            Ok(Value::DateTime(moment, zone)) => datetime_text(&moment, zone, "T"),
            Ok(other) => format!("{other:?}"),
            Err(raised) => match *raised {
                Raised::Named { class, message, .. } => {
                    format!("{class}: {}", message.as_str().unwrap_or_default())
                }
                _ => "refused".to_owned(),
            },
        }
    }

    /// What CPython 3.11 gives, on Linux and in the C locale.
    #[test]
    fn directives_write_what_python_writes() {
        let format = "%a|%A|%b|%B|%c|%C|%d|%D|%e|%f|%F|%g|%G|%h|%H|%I|%j|%k|%l|%m|%M|%n|%p|%P|%r|%R|%S|%t|%T|%u|%U|%V|%w|%W|%x|%X|%y|%Y|%z|%Z|%%|%-d|%-m|%-H|%-I|%-j|%-y|%-A";
        let moment = at("2024-01-01 00:00:00");
        assert_eq!(
            strftime(&Value::datetime(moment, None), format),
            "Mon|Monday|Jan|January|Mon Jan  1 00:00:00 2024|20|01|01/01/24| 1|000000|2024-01-01|24|2024|Jan|00|12|001| 0|12|01|00|\n|AM|am|12:00:00 AM|00:00|00|\t|00:00:00|1|00|01|1|01|01/01/24|00:00:00|24|2024|||%|1|1|0|12|1|24|Monday"
        );
        let moment = at("2021-01-03 12:05:09.000042");
        assert_eq!(
            strftime(&Value::datetime(moment, None), format),
            "Sun|Sunday|Jan|January|Sun Jan  3 12:05:09 2021|20|03|01/03/21| 3|000042|2021-01-03|20|2020|Jan|12|12|003|12|12|01|05|\n|PM|pm|12:05:09 PM|12:05|09|\t|12:05:09|7|01|53|0|00|01/03/21|12:05:09|21|2021|||%|3|1|12|12|3|21|Sunday"
        );
        let moment = at("2020-12-31 23:59:59.999999");
        assert_eq!(
            strftime(&Value::datetime(moment, Some(0)), format),
            "Thu|Thursday|Dec|December|Thu Dec 31 23:59:59 2020|20|31|12/31/20|31|999999|2020-12-31|20|2020|Dec|23|11|366|23|11|12|59|\n|PM|pm|11:59:59 PM|23:59|59|\t|23:59:59|4|52|53|4|52|12/31/20|23:59:59|20|2020|+0000|UTC|%|31|12|23|11|366|20|Thursday"
        );
        let moment = at("0999-06-07 13:01:02");
        assert_eq!(
            strftime(&Value::datetime(moment, Some(-12600)), format),
            "Fri|Friday|Jun|June|Fri Jun  7 13:01:02 999|9|07|06/07/99| 7|000000|999-06-07|99|999|Jun|13|01|158|13| 1|06|01|\n|PM|pm|01:01:02 PM|13:01|02|\t|13:01:02|5|22|23|5|22|06/07/99|13:01:02|99|999|-0330|UTC-03:30|%|7|6|13|1|158|99|Friday"
        );
        let moment = at("2023-01-01 05:06:07");
        assert_eq!(
            strftime(&Value::datetime(moment, None), format),
            "Sun|Sunday|Jan|January|Sun Jan  1 05:06:07 2023|20|01|01/01/23| 1|000000|2023-01-01|22|2022|Jan|05|05|001| 5| 5|01|06|\n|AM|am|05:06:07 AM|05:06|07|\t|05:06:07|7|01|52|0|00|01/01/23|05:06:07|23|2023|||%|1|1|5|5|1|23|Sunday"
        );
    }

    fn at(text: &str) -> NaiveDateTime {
        let (day, clock) = text.split_once(' ').unwrap();
        date(day).unwrap().and_time(time(clock).unwrap())
    }

    /// The same Python's answers.
    #[test]
    fn texts_are_read_as_python_reads_them() {
        for (text, format, expected) in [
            ("2024-01-02 10", "%Y-%m-%d %H", "2024-01-02T10:00:00"),
            ("2024-01-02", "%Y-%m-%d", "2024-01-02T00:00:00"),
            ("1/2/24 3:04 pm", "%m/%d/%y %I:%M %p", "2024-01-02T15:04:00"),
            ("12:00 AM", "%I:%M %p", "1900-01-01T00:00:00"),
            ("12:00", "%I:%M", "1900-01-01T00:00:00"),
            ("111", "%m%d", "1900-11-01T00:00:00"),
            ("1123", "%m%d", "1900-11-23T00:00:00"),
            ("2024 060", "%Y %j", "2024-02-29T00:00:00"),
            ("Jan  5 2024", "%b %d %Y", "2024-01-05T00:00:00"),
            ("january 5, 69", "%B %d, %y", "1969-01-05T00:00:00"),
            ("5.12", "%S.%f", "1900-01-01T00:00:05.120000"),
            ("5.123456", "%S.%f", "1900-01-01T00:00:05.123456"),
            ("2024-01-02T03:04:05+0230", "%Y-%m-%dT%H:%M:%S%z", "2024-01-02T03:04:05+02:30"),
            ("2024-01-02 Z", "%Y-%m-%d %z", "2024-01-02T00:00:00+00:00"),
            ("Mon Feb  3 04:05:06 2020", "%c", "2020-02-03T04:05:06"),
            ("2024-02-30", "%Y-%m-%d", "ValueError: day is out of range for month"),
            (
                "2024-13-01",
                "%Y-%m-%d",
                "ValueError: time data '2024-13-01' does not match format '%Y-%m-%d'",
            ),
            ("2024-01-02 x", "%Y-%m-%d", "ValueError: unconverted data remains:  x"),
            ("2024", "%Q", "ValueError: 'Q' is a bad directive in format '%Q'"),
            ("2024", "%Y%", "ValueError: stray % in format '%Y%'"),
            ("10:61", "%M:%S", "ValueError: second must be in 0..59"),
            ("02 29", "%m %d", "ValueError: day is out of range for month"),
            ("12 30", "%d  %H", "ValueError: unconverted data remains: 0"),
            ("a%b", "a%%b", "1900-01-01T00:00:00"),
            ("A-b", "a-B", "1900-01-01T00:00:00"),
            ("2024-01-02-05:30", "%Y-%m-%d%z", "2024-01-02T00:00:00-05:30"),
            ("", "%Y", "ValueError: time data '' does not match format '%Y'"),
            ("2024", " %Y", "ValueError: time data '2024' does not match format ' %Y'"),
            ("3 2024", "%w %Y", "2024-01-01T00:00:00"),
            ("11:59 pM", "%H:%M %p", "1900-01-01T11:59:00"),
            ("12 12:30 pm", "%H %I:%M %p", "1900-01-01T12:30:00"),
            ("it's", "%Y", "ValueError: time data \"it's\" does not match format '%Y'"),
        ] {
            assert_eq!(read(text, format), expected, "{text} as {format}");
        }
    }

    /// `date.fromisoformat` of the same Python.
    #[test]
    fn iso_dates_are_those_of_python() {
        for (text, expected) in [
            ("2024-01-02", "2024-01-02"),
            ("20240102", "2024-01-02"),
            ("2024-W01-2", "2024-01-02"),
            ("2024W012", "2024-01-02"),
            ("2024-W01", "2024-01-01"),
            ("2024W01", "2024-01-01"),
            ("2024-1-2", ""),
            ("2024-01-02T00:00", ""),
            (" 2024-01-02", ""),
            ("2024-02-30", ""),
            ("2024-W53-1", ""),
            ("2020-W53-7", "2021-01-03"),
            ("2024-W01-0", ""),
            ("2024-W01-8", ""),
            ("2024-0102", ""),
            ("202401-02", ""),
            ("2024-01", ""),
            ("2024", ""),
            ("", ""),
            ("2024-WW01-1", ""),
            ("2024W01-1", ""),
            ("2024-W011", ""),
            ("+024-01-02", ""),
            ("2024-01-2é", ""),
            ("2024-W01-", ""),
        ] {
            let read = iso_date(text).map(|date| date.to_string()).unwrap_or_default();
            assert_eq!(read, expected, "{text}");
        }
    }
}
