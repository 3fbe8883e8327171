//! Dates and times, with SQLite's formats and modifiers.

use gluesql_core::chrono::{
    DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc,
};
use gluesql_core::data::Value;

use super::text;
use crate::types;

type Given = Result<Value, String>;

/// The current moment, in whole seconds as CURRENT_TIMESTAMP gives it.
pub(crate) fn now_value() -> NaiveDateTime {
    let now = Utc::now();
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or_default().naive_utc()
}

/// A moment from a value: a date, a timestamp, a time (on 2000-01-01), text, or a Julian day number.
fn moment(value: &Value) -> Option<NaiveDateTime> {
    match value {
        Value::Date(day) => day.and_hms_opt(0, 0, 0),
        Value::Timestamp(moment) => Some(*moment),
        Value::Time(time) => Some(NaiveDate::from_ymd_opt(2000, 1, 1)?.and_time(*time)),
        Value::Str(text) => {
            let text = text.trim();
            if text.eq_ignore_ascii_case("now") {
                return Some(now_value());
            }
            types::timestamp(text)
                .or_else(|| Some(NaiveDate::from_ymd_opt(2000, 1, 1)?.and_time(types::time(text)?)))
        }
        _ => None,
    }
}

/// The moment of an argument with the modifiers after it. None: SQLite gives NULL.
fn modified(arguments: &[Value], at: usize) -> Result<Option<NaiveDateTime>, String> {
    let Some(mut moment) = arguments.get(at).and_then(moment) else { return Ok(None) };
    for index in at + 1..arguments.len() {
        let modifier = text(arguments, index).trim().to_lowercase();
        match modify(moment, &modifier)? {
            Some(next) => moment = next,
            None => return Ok(None),
        }
    }
    Ok(Some(moment))
}

fn modify(moment: NaiveDateTime, modifier: &str) -> Result<Option<NaiveDateTime>, String> {
    let midnight = |day: Option<NaiveDate>| day.and_then(|day| day.and_hms_opt(0, 0, 0));
    match modifier {
        "start of day" => return Ok(midnight(Some(moment.date()))),
        "start of month" => return Ok(midnight(moment.date().with_day(1))),
        "start of year" => {
            return Ok(midnight(moment.date().with_month(1).and_then(|day| day.with_day(1))));
        }
        "utc" | "localtime" => {
            return Err(format!(
                "the modifier '{modifier}' is not supported: there is no time zone here"
            ));
        }
        _ => {}
    }
    let mut words = modifier.split_whitespace();
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    if number == "weekday" {
        // The same day, or the next one that is this day of the week.
        let Some(wanted) = unit.parse::<u32>().ok().filter(|day| *day < 7) else { return Ok(None) };
        let ahead = (wanted + 7 - moment.weekday().num_days_from_sunday()) % 7;
        return Ok(moment.checked_add_days(Days::new(u64::from(ahead))));
    }
    let Ok(number) = number.parse::<i32>() else { return Ok(None) };
    let size = number.unsigned_abs();
    let months = |months: u32| {
        if number < 0 {
            overflow_months(moment, -i64::from(months))
        } else {
            overflow_months(moment, i64::from(months))
        }
    };
    Ok(match unit.trim_end_matches('s') {
        "day" if number < 0 => moment.checked_sub_days(Days::new(u64::from(size))),
        "day" => moment.checked_add_days(Days::new(u64::from(size))),
        "hour" => moment.checked_add_signed(Duration::hours(i64::from(number))),
        "minute" => moment.checked_add_signed(Duration::minutes(i64::from(number))),
        "second" => moment.checked_add_signed(Duration::seconds(i64::from(number))),
        "month" => months(size),
        "year" => months(size.saturating_mul(12)),
        _ => None,
    })
}

/// SQLite lets a day that the month lacks run over into the next: 31 January + 1 month is 2 or 3 March.
fn overflow_months(moment: NaiveDateTime, months: i64) -> Option<NaiveDateTime> {
    let first = moment.date().with_day(1)?;
    let size = u32::try_from(months.unsigned_abs()).ok()?;
    let target = if months < 0 {
        first.checked_sub_months(Months::new(size))
    } else {
        first.checked_add_months(Months::new(size))
    }?;
    let day = target.checked_add_days(Days::new(u64::from(moment.day() - 1)))?;
    Some(day.and_time(moment.time()))
}

pub(super) fn date(arguments: &[Value]) -> Given {
    Ok(modified(arguments, 0)?.map_or(Value::Null, |moment| Value::Date(moment.date())))
}

pub(super) fn time(arguments: &[Value]) -> Given {
    Ok(modified(arguments, 0)?.map_or(Value::Null, |moment| {
        let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
        Value::Str(format!("{hour:02}:{minute:02}:{second:02}"))
    }))
}

pub(super) fn datetime(arguments: &[Value]) -> Given {
    Ok(modified(arguments, 0)?.map_or(Value::Null, |moment| {
        Value::Timestamp(moment.with_nanosecond(0).unwrap_or(moment))
    }))
}

#[expect(clippy::cast_precision_loss, reason = "a Julian day fits")]
fn julian(moment: &NaiveDateTime) -> f64 {
    moment.and_utc().timestamp_millis() as f64 / 86_400_000.0 + 2_440_587.5
}

pub(super) fn julianday(arguments: &[Value]) -> Given {
    Ok(modified(arguments, 0)?.map_or(Value::Null, |moment| Value::F64(julian(&moment))))
}

pub(super) fn strftime(arguments: &[Value]) -> Given {
    let Some(moment) = modified(arguments, 1)? else { return Ok(Value::Null) };
    let mut out = String::new();
    let mut format = text(arguments, 0).chars();
    while let Some(ch) = format.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let seconds = f64::from(moment.second()) + f64::from(moment.nanosecond()) / 1e9;
        match format.next() {
            Some('d') => out += &format!("{:02}", moment.day()),
            Some('f') => out += &format!("{seconds:06.3}"),
            Some('H') => out += &format!("{:02}", moment.hour()),
            Some('j') => out += &format!("{:03}", moment.ordinal()),
            Some('m') => out += &format!("{:02}", moment.month()),
            Some('M') => out += &format!("{:02}", moment.minute()),
            Some('s') => out += &moment.and_utc().timestamp().to_string(),
            Some('S') => out += &format!("{:02}", moment.second()),
            Some('w') => out += &moment.weekday().num_days_from_sunday().to_string(),
            Some('W') => {
                let before = moment.weekday().num_days_from_monday();
                out += &format!("{:02}", (moment.ordinal0() + 7 - before) / 7);
            }
            Some('Y') => out += &format!("{:04}", moment.year()),
            Some('%') => out.push('%'),
            Some(other) => return Err(format!("the format %{other} is not supported")),
            None => return Ok(Value::Null),
        }
    }
    Ok(Value::Str(out))
}

pub(super) fn to_date(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Str(text)) => match types::timestamp(text.trim()) {
            Some(moment) => Ok(Value::Date(moment.date())),
            None => Err(format!("'{text}' is not a date")),
        },
        Some(Value::Timestamp(moment)) => Ok(Value::Date(moment.date())),
        other => Ok(other.cloned().unwrap_or(Value::Null)),
    }
}

pub(super) fn to_time(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Str(text)) => types::time(text.trim())
            .map(Value::Time)
            .ok_or_else(|| format!("'{text}' is not a time")),
        Some(Value::Timestamp(moment)) => Ok(Value::Time(moment.time())),
        Some(Value::Date(_)) => Ok(Value::Time(NaiveTime::MIN)),
        other => Ok(other.cloned().unwrap_or(Value::Null)),
    }
}

pub(super) fn to_timestamp(arguments: &[Value]) -> Given {
    match arguments.first() {
        Some(Value::Str(text)) => types::timestamp(text.trim())
            .map(Value::Timestamp)
            .ok_or_else(|| format!("'{text}' is not a timestamp")),
        Some(Value::Date(day)) => {
            Ok(day.and_hms_opt(0, 0, 0).map_or(Value::Null, Value::Timestamp))
        }
        other => Ok(other.cloned().unwrap_or(Value::Null)),
    }
}

pub(super) fn date_part(arguments: &[Value]) -> Given {
    let Some(moment) = arguments.get(1).and_then(moment) else { return Ok(Value::Null) };
    extract(text(arguments, 0), &moment)
        .map(Value::I64)
        .ok_or_else(|| format!("there is no field {}", text(arguments, 0)))
}

/// A field of a moment.
pub(crate) fn extract(field: &str, moment: &NaiveDateTime) -> Option<i64> {
    Some(match field.to_lowercase().as_str() {
        "year" => i64::from(moment.year()),
        "quarter" => i64::from(moment.month0() / 3 + 1),
        "month" => i64::from(moment.month()),
        "week" => i64::from(moment.iso_week().week()),
        "day" => i64::from(moment.day()),
        "dow" => i64::from(moment.weekday().num_days_from_sunday()),
        "isodow" => i64::from(moment.weekday().number_from_monday()),
        "doy" => i64::from(moment.ordinal()),
        "hour" => i64::from(moment.hour()),
        "minute" => i64::from(moment.minute()),
        "second" => i64::from(moment.second()),
        "epoch" => moment.and_utc().timestamp(),
        _ => return None,
    })
}
