//! `TimestampField`: a moment that the database keeps as a number; and fields of bits, which are not here.

use chrono::{DateTime, NaiveTime};
use throughline_core::document::{ColumnType, Value as Constant};

use crate::Machine;
use crate::database::Cell;
use crate::value::Value;
use crate::world::{Field, Model};

const CLASS: &str = "TimestampField";

fn is(field: &Field, class: &str) -> bool {
    field.declared.as_ref().is_some_and(|declared| declared.class.text == class)
}

/// How many parts of a second it counts; `None` for another field.
fn resolution(field: &Field) -> Option<i64> {
    let declared = field.declared.as_ref().filter(|declared| declared.class.text == CLASS)?;
    Some(match declared.arg("resolution").map(|arg| &arg.value) {
        Some(Constant::Int(digits @ 2..=6)) => 10_i64.pow(u32::try_from(*digits).unwrap_or(0)),
        Some(Constant::Int(parts)) if *parts > 0 => *parts,
        _ => 1,
    })
}

/// The type by which rows are read: it says how many parts of a second the number counts.
pub(super) fn column_type(field: &Field) -> Option<ColumnType> {
    resolution(field).map(|parts| ColumnType::Unknown(format!("{CLASS} {parts}")))
}

/// What a field without a default starts with.
pub(super) fn default(machine: &Machine, field: &Field) -> Option<Value> {
    let given = field.declared.as_ref().is_some_and(|declared| declared.arg("default").is_some());
    if given {
        return None;
    }
    if is(field, CLASS) {
        return Some(Value::datetime(machine.now, None));
    }
    if is(field, "BigBitField") {
        return Some(Value::Bytes([].into()));
    }
    is(field, "BitField").then_some(Value::Int(0))
}

/// Whether a field has a value of its own where none is declared.
pub(super) fn starts(field: &Field) -> bool {
    let given = field.declared.as_ref().is_some_and(|declared| declared.arg("default").is_some());
    !given && (is(field, CLASS) || is(field, "BigBitField") || is(field, "BitField"))
}

/// The number of a moment.
pub(super) fn stored(field: &Field, value: &Value) -> Option<Cell> {
    let parts = resolution(field)?;
    let moment = match value {
        Value::DateTime(moment, zone) => {
            **moment - chrono::Duration::seconds(i64::from(zone.unwrap_or(0)))
        }
        Value::Date(day) => day.and_time(NaiveTime::MIN),
        Value::Int(number) => return Some(Cell::Int(number.checked_mul(parts)?)),
        _ => return None,
    };
    let micros = moment.and_utc().timestamp_micros();
    // Python rounds halves to the even neighbour; whole seconds leave the rest away.
    let number = if parts == 1 {
        micros.div_euclid(1_000_000)
    } else {
        let step = 1_000_000 / parts;
        let (whole, rest) = (micros.div_euclid(step), micros.rem_euclid(step));
        let up = rest * 2 > step || (rest * 2 == step && whole % 2 != 0);
        whole + i64::from(up)
    };
    Some(Cell::Int(number))
}

/// The moment of a number.
pub(super) fn read(ty: &ColumnType, cell: &Cell) -> Option<Value> {
    let ColumnType::Unknown(name) = ty else { return None };
    let parts: i64 = name.strip_prefix(CLASS)?.trim().parse().ok()?;
    let Cell::Int(number) = cell else { return None };
    let micros = number.checked_mul(1_000_000 / parts)?;
    Some(Value::datetime(DateTime::from_timestamp_micros(micros)?.naive_utc(), None))
}

/// Why an attribute cannot be had: flags of bits stand in the class body as calls of a field.
pub(super) fn unsupported(model: &Model, name: &str) -> Option<String> {
    let bits = |field: &&Field| is(field, "BitField") || is(field, "BigBitField");
    let field = model.fields.iter().find(bits)?;
    let whole =
        model.field(name).is_some_and(|field| is(field, "BigBitField") || is(field, "BitField"));
    let public = !name.starts_with('_') && model.field(name).is_none();
    let known = super::class::METHODS.iter().any(|(known, _)| *known == name)
        || super::save::method(name).is_some()
        || matches!(name, "DoesNotExist" | "dirty_fields")
        || model.by_accessor(name).is_some()
        || model.relation(name).is_some();
    (whole || (public && !known))
        .then(|| format!("`{}`, a field of bits, is not supported here.", field.name))
}
