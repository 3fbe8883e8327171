//! Values on their way between Python and columns: `Field.to_python_value`, `Field.to_db_value`.

use throughline_core::document::{ColumnType, Value as Constant};

use super::raised;
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
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
            Ok(Cell::Text(crate::builtins::json::compact(machine, value)?.into()))
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
    if !(field.null && value.is_none()) {
        own_validators(machine, field, value)?;
    }
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

/// `validators=[…]` of a field: those that Tortoise brings and that compare a length or a number.
fn own_validators(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<()> {
    let Some(declared) = &field.declared else { return Ok(()) };
    let Some(Constant::List(validators)) = declared.arg("validators").map(|arg| &arg.value) else {
        return Ok(());
    };
    for validator in validators {
        let known = match validator {
            Constant::Call { callee, args } => limit_of(args).map(|limit| (callee.as_str(), limit)),
            _ => None,
        };
        let Some((callee, limit)) = known else {
            return Err(refuse(format!(
                "The validators of `{}` are not run here, so whether Tortoise takes the value cannot be told.",
                field.name
            )));
        };
        let shown = machine.str(value)?;
        let length = shown.chars().count();
        let number: Option<f64> = shown.parse().ok();
        let bound: f64 = limit.parse().unwrap_or_default();
        let problem = match callee.rsplit('.').next() {
            Some("MinLengthValidator")
                if bound > length.to_string().parse().unwrap_or_default() =>
            {
                Some(format!("Length of '{shown}' {length} < {limit}"))
            }
            Some("MaxLengthValidator")
                if bound < length.to_string().parse().unwrap_or_default() =>
            {
                Some(format!("Length of '{shown}' {length} > {limit}"))
            }
            Some("MinValueValidator") if number.is_some_and(|number| number < bound) => {
                Some(format!("Value should be greater or equal to {limit}"))
            }
            Some("MaxValueValidator") if number.is_some_and(|number| number > bound) => {
                Some(format!("Value should be less or equal to {limit}"))
            }
            Some(
                "MinLengthValidator" | "MaxLengthValidator" | "MinValueValidator"
                | "MaxValueValidator",
            ) => None,
            _ => {
                return Err(refuse(format!(
                    "The validator `{callee}` of `{}` is not run here, so whether Tortoise takes the value cannot be told.",
                    field.name
                )));
            }
        };
        if let Some(problem) = problem {
            let message = format!("{}: {problem}", field.attname);
            return Err(raised(machine, "ValidationError", message));
        }
    }
    Ok(())
}

/// The only argument of a validator, where it is a number, as it is written.
fn limit_of(args: &[throughline_core::document::Argument]) -> Option<String> {
    match args {
        [only] => match &only.value {
            Constant::Int(number) => Some(number.to_string()),
            Constant::Number(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}
