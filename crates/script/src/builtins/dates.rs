//! Attributes and methods of dates and times.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::clock::strftime;
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Outcome, Value, datetime_text, time_text};

pub(super) const DATE: &[&str] = &[
    "isoformat",
    "strftime",
    "replace",
    "weekday",
    "isoweekday",
    "isocalendar",
    "toordinal",
    "timetuple",
];
pub(super) const DATETIME: &[&str] = &[
    "isoformat",
    "strftime",
    "replace",
    "weekday",
    "isoweekday",
    "isocalendar",
    "toordinal",
    "date",
    "time",
    "timestamp",
    "astimezone",
    "utcoffset",
];
pub(super) const TIME: &[&str] = &["isoformat", "strftime", "replace"];
pub(super) const DELTA: &[&str] = &["total_seconds"];

pub(super) fn property(value: &Value, name: &str) -> Option<Value> {
    let number = |number: u32| Some(Value::Int(i64::from(number)));
    if let Value::Delta(micros) = value {
        let day = 86_400_000_000;
        let rest = micros.rem_euclid(day);
        return match name {
            "days" => Some(Value::Int(micros.div_euclid(day))),
            "seconds" => Some(Value::Int(rest / 1_000_000)),
            "microseconds" => Some(Value::Int(rest % 1_000_000)),
            _ => None,
        };
    }
    if let Some(date) = date_of(value) {
        match name {
            "year" => return Some(Value::Int(i64::from(date.year()))),
            "month" => return number(date.month()),
            "day" => return number(date.day()),
            _ => {}
        }
    }
    let time = time_part(value)?;
    match (name, value) {
        ("hour", _) => number(time.hour()),
        ("minute", _) => number(time.minute()),
        ("second", _) => number(time.second()),
        ("microsecond", _) => number(time.nanosecond() / 1_000),
        ("tzinfo", Value::DateTime(_, zone)) => Some(zone.map_or(Value::None, Value::Zone)),
        ("tzinfo", _) => Some(Value::None),
        _ => None,
    }
}

pub(super) fn date_of(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Date(date) => Some(*date),
        Value::DateTime(moment, _) => Some(moment.date()),
        _ => None,
    }
}

pub(super) fn time_part(value: &Value) -> Option<NaiveTime> {
    match value {
        Value::Time(time) => Some(*time),
        Value::DateTime(moment, _) => Some(moment.time()),
        _ => None,
    }
}

pub(super) fn call(machine: &mut Machine, value: &Value, name: &str, args: Args) -> Outcome {
    match name {
        "isoformat" => {
            let between = args.positional.first().and_then(Value::as_str).unwrap_or("T").to_owned();
            Ok(Value::str(match value {
                Value::DateTime(moment, zone) => datetime_text(moment, *zone, &between),
                Value::Time(time) => time_text(time),
                other => machine.str(other)?.to_string(),
            }))
        }
        "strftime" => {
            let format = args.only("strftime")?;
            Ok(strftime(value, format.as_str().unwrap_or_default()).into())
        }
        "replace" => replace(value, args),
        "total_seconds" => match value {
            #[allow(clippy::cast_precision_loss, reason = "as Python does")]
            Value::Delta(micros) => Ok(Value::Float(*micros as f64 / 1e6)),
            _ => Ok(Value::None),
        },
        "date" => Ok(date_of(value).map_or(Value::None, Value::Date)),
        "time" => Ok(time_part(value).map_or(Value::None, Value::Time)),
        "utcoffset" => Ok(match value {
            Value::DateTime(_, Some(zone)) => Value::Delta(i64::from(*zone) * 1_000_000),
            _ => Value::None,
        }),
        "astimezone" => match (value, args.positional.first()) {
            (Value::DateTime(moment, zone), Some(Value::Zone(to))) => {
                let shift = i64::from(*to) - i64::from(zone.unwrap_or(0));
                Ok(Value::datetime(**moment + TimeDelta::seconds(shift), Some(*to)))
            }
            (Value::DateTime(moment, zone), _) => {
                Ok(Value::DateTime(moment.clone(), Some(zone.unwrap_or(0))))
            }
            _ => Ok(Value::None),
        },
        "timestamp" => match value {
            #[allow(clippy::cast_precision_loss, reason = "as Python does")]
            Value::DateTime(moment, zone) => {
                let micros =
                    moment.and_utc().timestamp_micros() - i64::from(zone.unwrap_or(0)) * 1_000_000;
                Ok(Value::Float(micros as f64 / 1e6))
            }
            _ => Ok(Value::None),
        },
        _ => {
            let Some(date) = date_of(value) else { return Ok(Value::None) };
            let number = |number: u32| Value::Int(i64::from(number));
            Ok(match name {
                "weekday" => number(date.weekday().num_days_from_monday()),
                "isoweekday" => number(date.weekday().number_from_monday()),
                "isocalendar" => {
                    let week = date.iso_week();
                    Value::tuple(vec![
                        Value::Int(i64::from(week.year())),
                        number(week.week()),
                        number(date.weekday().number_from_monday()),
                    ])
                }
                "toordinal" => Value::Int(i64::from(date.num_days_from_ce())),
                _ => Value::None,
            })
        }
    }
}

fn replace(value: &Value, mut args: Args) -> Outcome {
    let mut part =
        |name: &str, now: i64| args.take(name).and_then(|new| new.as_int()).unwrap_or(now);
    let date = date_of(value).unwrap_or_default();
    let time = time_part(value).unwrap_or_default();
    let (year, month, day) = (
        part("year", i64::from(date.year())),
        part("month", i64::from(date.month())),
        part("day", i64::from(date.day())),
    );
    let clock = [
        part("hour", i64::from(time.hour())),
        part("minute", i64::from(time.minute())),
        part("second", i64::from(time.second())),
        part("microsecond", i64::from(time.nanosecond() / 1_000)),
    ];
    let zone = match args.take("tzinfo") {
        Some(Value::Zone(zone)) => Some(Some(zone)),
        Some(_) => Some(None),
        None => None,
    };
    Ok(match value {
        Value::Date(_) => Value::Date(date_from([year, month, day])?),
        Value::Time(_) => Value::Time(time_from(clock)?),
        Value::DateTime(_, old) => Value::datetime(
            NaiveDateTime::new(date_from([year, month, day])?, time_from(clock)?),
            zone.unwrap_or(*old),
        ),
        other => other.clone(),
    })
}

/// A day, with Python's messages.
pub(super) fn date_from([year, month, day]: [i64; 3]) -> Outcome<NaiveDate> {
    if !(1..=9999).contains(&year) {
        return Err(raise("ValueError", format!("year {year} is out of range")));
    }
    if !(1..=12).contains(&month) {
        return Err(raise("ValueError", "month must be in 1..12"));
    }
    let small = |number: i64| u32::try_from(number).unwrap_or(0);
    i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, small(month), small(day)))
        .ok_or_else(|| raise("ValueError", "day is out of range for month"))
}

/// A time of day, with Python's messages.
pub(super) fn time_from([hour, minute, second, micro]: [i64; 4]) -> Outcome<NaiveTime> {
    for (name, number, most) in [
        ("hour", hour, 23),
        ("minute", minute, 59),
        ("second", second, 59),
        ("microsecond", micro, 999_999),
    ] {
        if !(0..=most).contains(&number) {
            return Err(raise("ValueError", format!("{name} must be in 0..{most}")));
        }
    }
    let micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro;
    u64::try_from(micros)
        .ok()
        .and_then(crate::eval::time_of)
        .ok_or_else(|| raise("ValueError", "hour must be in 0..23"))
}
