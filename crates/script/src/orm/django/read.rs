//! Values of rows as Django gives them.

use rust_decimal::Decimal;
use throughline_core::document::ColumnType;

use crate::database::Cell;
use crate::sql::Expr;
use crate::value::Value;
use crate::world::to_value;

/// The type of what an expression gives. Decimals that are computed have no places of their own.
pub(super) fn computed(expr: &Expr, ty: Option<ColumnType>) -> Option<ColumnType> {
    match (expr, ty) {
        (Expr::Column(..), ty) => ty,
        (_, Some(ColumnType::Decimal(_))) => Some(ColumnType::Decimal(None)),
        (_, ty) => ty,
    }
}

/// A value of a row.
pub(super) fn value(ty: Option<&ColumnType>, cell: &Cell) -> Value {
    let number = match (ty, cell) {
        (Some(ColumnType::Decimal(None)), Cell::Decimal(digits)) => digits.parse::<f64>().ok(),
        (Some(ColumnType::Decimal(None)), Cell::Float(number)) => Some(*number),
        (Some(ColumnType::Decimal(None)), Cell::Int(number)) => number.to_string().parse().ok(),
        (Some(ColumnType::Duration), Cell::Float(micros)) => {
            // The mean of durations.
            return format!("{micros:.0}").parse().map_or(Value::Float(*micros), Value::Delta);
        }
        (Some(ColumnType::Float), Cell::Decimal(digits)) => {
            return digits.parse().map_or_else(|_| Value::str(digits), Value::Float);
        }
        (Some(ColumnType::Float), Cell::Int(number)) => {
            return number.to_string().parse().map_or(Value::Int(*number), Value::Float);
        }
        // A type that was stated holds: what was computed is cut to it.
        (Some(ColumnType::Integer | ColumnType::BigInt), Cell::Float(number)) => {
            return format!("{:.0}", number.trunc())
                .parse()
                .map_or(Value::Float(*number), Value::Int);
        }
        _ => None,
    };
    match number.and_then(through_float) {
        Some(number) => number.into(),
        None => to_value(ty, cell),
    }
}

/// What SQLite computes with decimals are floats; Django takes the first fifteen digits of their exact value.
fn through_float(number: f64) -> Option<Decimal> {
    let exact = format!("{number:.60}");
    let exact = exact.trim_end_matches('0').trim_end_matches('.');
    let digits = exact.trim_start_matches('-').trim_start_matches(['0', '.']);
    if digits.chars().filter(char::is_ascii_digit).count() <= 15 {
        return exact.parse().ok();
    }
    Decimal::from_scientific(&format!("{number:.14e}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_that_are_computed_went_through_a_float() {
        let text = |number| through_float(number).unwrap().to_string();
        assert_eq!(text(41.395), "41.3950000000000");
        assert_eq!(text(30.0), "30");
        assert_eq!(text(23.5), "23.5");
        assert_eq!(text(-82.8), "-82.8000000000000");
        assert_eq!(text(129_722.62), "129722.620000000");
    }
}
