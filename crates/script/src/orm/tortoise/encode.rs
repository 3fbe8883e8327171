//! Values on their way between Python and columns: `Field.to_python_value`, `Field.to_db_value`.

use throughline_core::document::ColumnType;

use super::raised;
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::value::{Outcome, Value};
use crate::world::{Field, to_cell, to_value};

/// As the field's type takes it: `int(value)`, `str(value)`, and its validators.
pub(super) fn to_python(machine: &mut Machine, field: &Field, value: &Value) -> Outcome {
    let value = typed(machine, &field.ty, value)?;
    validate(machine, field, &value)?;
    Ok(value)
}

/// The same as a cell.
pub(super) fn to_db(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<Cell> {
    let value = to_python(machine, field, value)?;
    cell(machine, &field.ty, &value)
}

/// A typed value as a cell.
pub(super) fn cell(machine: &mut Machine, ty: &ColumnType, value: &Value) -> Outcome<Cell> {
    match (to_cell(Some(ty), value), ty, value) {
        (_, ColumnType::Json, Value::List(_) | Value::Dict(_)) => {
            let Some(json) = machine.modules.get("json").and_then(|json| json.get("dumps")) else {
                return Err(raise("TypeError", "JSON cannot be written here"));
            };
            let text = machine.call(&json, crate::Args::one(value.clone()))?;
            Ok(to_cell(None, &text).unwrap_or(Cell::Null))
        }
        (Some(cell), ..) => Ok(cell),
        (None, ..) => {
            let message =
                format!("Error binding parameter: type '{}' is not supported", value.type_name());
            Err(raised(machine, "OperationalError", message))
        }
    }
}

/// A value of a row.
pub(super) fn from_db(ty: Option<&ColumnType>, cell: &Cell) -> Value {
    match (to_value(ty, cell), ty) {
        // Moments are in UTC and say so.
        (Value::DateTime(moment, None), _) => Value::DateTime(moment, Some(0)),
        #[allow(clippy::cast_possible_truncation, reason = "as Python's int() does")]
        (
            Value::Float(number),
            Some(ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt),
        ) => Value::Int(number as i64),
        (value, _) => value,
    }
}

fn typed(machine: &mut Machine, ty: &ColumnType, value: &Value) -> Outcome {
    if value.is_none() {
        return Ok(Value::None);
    }
    let member = |value: &Value| match value {
        Value::Instance(instance) if instance.class.get("__members__").is_some() => {
            instance.get("value")
        }
        _ => None,
    };
    if let Some(value) = member(value) {
        return Ok(value);
    }
    match ty {
        ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt => match value {
            Value::Int(_) | Value::Bool(_) => Ok(value.clone()),
            Value::Instance(instance) => Err(raise(
                "TypeError",
                format!(
                    "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                    instance.class.name
                ),
            )),
            other => match machine.class("int") {
                Some(int) => machine.call(&Value::Class(int), crate::Args::one(other.clone())),
                None => Ok(other.clone()),
            },
        },
        ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text => {
            machine.str(value).map(Value::Str)
        }
        ColumnType::Boolean => machine.truth(value).map(Value::Bool),
        ColumnType::Float => match value {
            Value::Float(_) => Ok(value.clone()),
            other => match machine.class("float") {
                Some(float) => machine.call(&Value::Class(float), crate::Args::one(other.clone())),
                None => Ok(other.clone()),
            },
        },
        ColumnType::Decimal(_)
        | ColumnType::Date
        | ColumnType::DateTime
        | ColumnType::Time
        | ColumnType::Uuid => Ok(match to_cell(Some(ty), value) {
            Some(cell) => match from_db(Some(ty), &cell) {
                Value::Str(_) => value.clone(),
                typed => typed,
            },
            None => value.clone(),
        }),
        _ => Ok(value.clone()),
    }
}

/// `MaxLengthValidator`, which also refuses NULL where the column does.
fn validate(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<()> {
    let ColumnType::Varchar(Some(limit)) = &field.ty else { return Ok(()) };
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
    let message = match value {
        Value::None if !field.null => "Value must not be None".to_owned(),
        Value::Str(text) if text.chars().count() > limit => {
            format!("Length of '{text}' {} > {limit}", text.chars().count())
        }
        _ => return Ok(()),
    };
    Err(raised(machine, "ValidationError", format!("{}: {message}", field.attname)))
}
