//! Types that meet: comparisons, arithmetic, branches, assignments.

use gluesql_core::data::Value;
use throughline_order::Gather as _;

use super::Binder;
use crate::error::{Result, SqlError};
use crate::functions;
use crate::ir::{Comparison, Expr, Kind, Operator};
use crate::types::{self, Type};

impl<'a> Binder<'a> {
    pub(crate) fn as_condition(&self, expr: Expr) -> Result<Expr> {
        self.condition(expr)
    }

    /// A condition: a boolean, or a number that is true where it is not zero.
    pub(super) fn condition(&self, expr: Expr) -> Result<Expr> {
        match expr.ty {
            Type::Bool => Ok(expr),
            Type::Null => Ok(Expr { ty: Type::Bool, ..expr }),
            Type::Int | Type::Float | Type::Decimal | Type::Number => {
                let zero = Expr::integer(0);
                self.compare(Comparison::NotEqual, expr, zero)
            }
            other => Err(SqlError::refused(format!(
                "a condition is needed here, and this is {}",
                other.name()
            ))
            .hint("compare it with something")
            .at(expr.span)),
        }
    }

    /// A comparison of two expressions brought to one type.
    pub(super) fn compare(&self, comparison: Comparison, left: Expr, right: Expr) -> Result<Expr> {
        let span = left.span.or(right.span);
        let (left, right) = self.alike(left, right)?;
        let (left, right) = (settled(left), settled(right));
        Ok(Expr {
            kind: Kind::Compare(comparison, Box::new(left), Box::new(right)),
            ty: Type::Bool,
            span,
        })
    }

    /// Two expressions brought to one type for a comparison.
    pub(super) fn alike(&self, left: Expr, right: Expr) -> Result<(Expr, Expr)> {
        use Type::{Bool, Date, Int, Json, Null, Text, Timestamp};
        if left.ty == right.ty || left.ty == Null || right.ty == Null {
            return Ok((left, right));
        }
        let span = left.span.or(right.span);
        match (left.ty, right.ty) {
            (a, b) if a.is_numeric() && b.is_numeric() => {
                let common = common_number(a, b);
                Ok((widen(left, common), widen(right, common)))
            }
            (Bool, b) if b.is_numeric() => self.truth_and_number(left, right),
            (a, Bool) if a.is_numeric() => {
                self.truth_and_number(right, left).map(|(truth, number)| (number, truth))
            }
            // SQLite takes a literal number next to a text column as text.
            (Text, b) if b.is_numeric() && right.as_value().is_some() && is_column(&left) => {
                Ok((left, to_text(right)))
            }
            (a, Text) if a.is_numeric() && left.as_value().is_some() && is_column(&right) => {
                Ok((to_text(left), right))
            }
            (ty, Text | Json) if right.as_value().is_some() => {
                read_literal(right, ty).map(|right| (left, right))
            }
            (Text | Json, ty) if left.as_value().is_some() => {
                read_literal(left, ty).map(|left| (left, right))
            }
            (Text, Json) | (Json, Text) => Ok((left, right)),
            (Date, Timestamp) => Ok((convert(left, Timestamp), right)),
            (Timestamp, Date) => Ok((left, convert(right, Timestamp))),
            // Dates are text in SQLite, and compare as such.
            (Date | Timestamp | Type::Time | Type::Uuid, Text) => Ok((to_text(left), right)),
            (Text, Date | Timestamp | Type::Time | Type::Uuid) => Ok((left, to_text(right))),
            (a, b) => {
                let error =
                    SqlError::refused(format!("{} and {} cannot be compared", a.name(), b.name()));
                let wanted = if a == Text || b == Int { a } else { b };
                Err(error
                    .hint(format!("convert one side, such as CAST(… AS {})", wanted.name()))
                    .at(span))
            }
        }
    }

    fn truth_and_number(&self, truth: Expr, number: Expr) -> Result<(Expr, Expr)> {
        match number.as_value() {
            Some(Value::I64(0)) => Ok((truth, Expr::truth(false))),
            Some(Value::I64(1)) => Ok((truth, Expr::truth(true))),
            _ => self.alike(truth_as_number(truth), number),
        }
    }

    /// `+ - * / % ||`.
    pub(super) fn arithmetic(&self, operator: Operator, left: Expr, right: Expr) -> Result<Expr> {
        let span = left.span.or(right.span);
        if operator == Operator::Concat {
            let (left, right) = (to_text_checked(left)?, to_text_checked(right)?);
            return Ok(Expr {
                kind: Kind::Arithmetic(operator, Box::new(left), Box::new(right)),
                ty: Type::Text,
                span,
            });
        }
        let (left, right) = (number(left)?, number(right)?);
        if left.ty == Type::Null || right.ty == Type::Null {
            let ty = if left.ty == Type::Null { right.ty } else { left.ty };
            return Ok(
                Expr::value(Value::Null, if ty == Type::Null { Type::Int } else { ty }).at(span)
            );
        }
        let common = common_number(left.ty, right.ty);
        if operator == Operator::Modulo && common != Type::Int {
            return Err(SqlError::refused(
                "% of numbers that are not whole is not supported: databases disagree on it",
            )
            .hint("use MOD(a, b), or CAST(… AS INTEGER)")
            .at(span));
        }
        if matches!(operator, Operator::Bits(_)) && common != Type::Int {
            return Err(SqlError::refused("only whole numbers have bits")
                .hint("write CAST(… AS INTEGER)")
                .at(span));
        }
        if operator == Operator::Divide && common == Type::Number {
            return Err(SqlError::refused(
                "this division could be of whole numbers in one row and of others in the next",
            )
            .hint("write CAST(… AS REAL) around one side")
            .at(span));
        }
        let ty = if common == Type::Number { Type::Float } else { common };
        let (left, mut right) = (widen(left, ty), widen(right, ty));
        let result = if common == Type::Number { Type::Number } else { ty };
        if matches!(operator, Operator::Divide | Operator::Modulo) {
            right = nonzero(right);
        }
        Ok(Expr {
            kind: Kind::Arithmetic(operator, Box::new(left), Box::new(right)),
            ty: result,
            span,
        })
    }

    /// Branches of CASE, COALESCE and the like brought to one type.
    pub(super) fn unify(&self, branches: Vec<Expr>) -> Result<(Vec<Expr>, Type)> {
        let mut ty = Type::Null;
        for branch in &branches {
            ty = common(ty, branch.ty).ok_or_else(|| {
                SqlError::refused(format!(
                    "{} and {} meet in one expression",
                    ty.name(),
                    branch.ty.name()
                ))
                .hint("convert one of them with CAST")
                .at(branch.span)
            })?;
        }
        let branches = branches
            .into_iter()
            .map(|branch| match (branch.ty, ty) {
                (Type::Bool, Type::Int) => truth_as_number(branch),
                (Type::Bool, Type::Float | Type::Decimal | Type::Number) => {
                    widen(truth_as_number(branch), ty)
                }
                (own, Type::Decimal) if own != Type::Decimal && own != Type::Null => {
                    widen(branch, ty)
                }
                _ => branch,
            })
            .gather();
        Ok((branches, ty))
    }

    /// A value for an argument of a function.
    pub(super) fn argument(&self, expr: Expr, takes: functions::Takes) -> Result<Expr> {
        use functions::Takes;
        match takes {
            Takes::Any => Ok(settled(expr)),
            Takes::Text => to_text_checked(expr),
            Takes::Number => number(expr).map(settled),
            Takes::Float => number(expr).map(|expr| widen(expr, Type::Float)),
            Takes::Int => match expr.ty {
                Type::Int | Type::Null => Ok(expr),
                Type::Bool => Ok(truth_as_number(expr)),
                other => Err(SqlError::refused(format!(
                    "a whole number is needed here, and this is {}",
                    other.name()
                ))
                .hint("write CAST(… AS INTEGER)")
                .at(expr.span)),
            },
            Takes::Moment => match expr.ty {
                Type::Date | Type::Timestamp | Type::Time | Type::Text | Type::Null => Ok(expr),
                other => Err(SqlError::refused(format!(
                    "a date is needed here, and this is {}",
                    other.name()
                ))
                .at(expr.span)),
            },
        }
    }
}

fn is_column(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Column(..))
}

/// One type for two branches, if there is one.
pub(super) fn common(a: Type, b: Type) -> Option<Type> {
    Some(match (a, b) {
        (a, b) if a == b => a,
        (Type::Null, other) | (other, Type::Null) => other,
        (a, b) if a.is_numeric() && b.is_numeric() => match (a, b) {
            (Type::Decimal, Type::Int) | (Type::Int, Type::Decimal) => Type::Decimal,
            _ => Type::Number,
        },
        (Type::Bool, other) | (other, Type::Bool) if other.is_numeric() => other,
        (Type::Text, Type::Json) | (Type::Json, Type::Text) => Type::Text,
        _ => return None,
    })
}

fn common_number(a: Type, b: Type) -> Type {
    match (a, b) {
        (a, b) if a == b => a,
        (Type::Number, _) | (_, Type::Number) => Type::Number,
        (Type::Float, _) | (_, Type::Float) => Type::Float,
        _ => Type::Decimal,
    }
}

/// A number where one is needed.
pub(super) fn number(expr: Expr) -> Result<Expr> {
    match expr.ty {
        Type::Bool => Ok(truth_as_number(expr)),
        ty if ty.is_numeric() || ty == Type::Null => Ok(expr),
        ty => {
            let hint = match ty {
                Type::Date | Type::Timestamp => {
                    "use date(x, '+1 day') and julianday(x) for calculations with dates"
                }
                _ => "write CAST(… AS INTEGER) or CAST(… AS REAL)",
            };
            Err(SqlError::refused(format!("a number is needed here, and this is {}", ty.name()))
                .hint(hint)
                .at(expr.span))
        }
    }
}

/// TRUE is 1 and FALSE is 0.
pub(super) fn truth_as_number(expr: Expr) -> Expr {
    if expr.ty != Type::Bool {
        return expr;
    }
    if let Some(Value::Bool(truth)) = expr.as_value() {
        return Expr::integer(i64::from(*truth)).at(expr.span);
    }
    let span = expr.span;
    let not = Expr::new(Kind::Not(Box::new(expr.clone())), Type::Bool);
    Expr {
        kind: Kind::Case(vec![(expr, Expr::integer(1)), (not, Expr::integer(0))], None),
        ty: Type::Int,
        span,
    }
}

/// A number as a wider kind of number.
#[expect(clippy::cast_precision_loss, reason = "widening, as SQLite does")]
pub(super) fn widen(expr: Expr, ty: Type) -> Expr {
    let target = if ty == Type::Number { Type::Float } else { ty };
    if expr.ty == target || expr.ty == Type::Null {
        return expr;
    }
    match (expr.as_value(), target) {
        (Some(Value::I64(number)), Type::Float) => {
            return Expr::value(Value::F64(*number as f64), Type::Float).at(expr.span);
        }
        (Some(Value::I64(number)), Type::Decimal) => {
            return Expr::value(Value::Decimal((*number).into()), Type::Decimal).at(expr.span);
        }
        (Some(Value::F64(number)), Type::Decimal) => {
            if let Some(exact) = types::decimal(&format!("{number:?}")) {
                return Expr::value(Value::Decimal(exact), Type::Decimal).at(expr.span);
            }
        }
        _ => {}
    }
    convert(expr, target)
}

fn convert(expr: Expr, ty: Type) -> Expr {
    let span = expr.span;
    Expr { kind: Kind::Convert(Box::new(expr)), ty, span }
}

/// An expression whose values are all of one type.
pub(super) fn settled(expr: Expr) -> Expr {
    if expr.ty == Type::Number { widen(expr, Type::Float) } else { expr }
}

fn nonzero(expr: Expr) -> Expr {
    let zero = match expr.as_value() {
        Some(Value::I64(number)) => *number == 0,
        Some(Value::F64(number)) => *number == 0.0,
        Some(_) | None => true,
    };
    if expr.as_value().is_some() && !zero {
        return expr;
    }
    let (ty, span) = (expr.ty, expr.span);
    match functions::find("nonzero") {
        Some(function) => Expr { kind: Kind::Call(function, vec![expr]), ty, span },
        None => expr,
    }
}

/// Any value as its text.
pub(super) fn to_text(expr: Expr) -> Expr {
    if matches!(expr.ty, Type::Text | Type::Json | Type::Null) {
        return Expr { ty: Type::Text, ..expr };
    }
    let span = expr.span;
    if let Some(value) = expr.as_value() {
        return Expr::value(types::text(value).map_or(Value::Null, Value::Str), Type::Text)
            .at(span);
    }
    match functions::find("to_text") {
        Some(function) => Expr { kind: Kind::Call(function, vec![expr]), ty: Type::Text, span },
        None => expr,
    }
}

fn to_text_checked(expr: Expr) -> Result<Expr> {
    if expr.ty == Type::Number {
        return Err(SqlError::refused("this could be a whole number in one row and not in the next, which read differently as text").hint("write CAST(… AS REAL) or CAST(… AS INTEGER)").at(expr.span));
    }
    Ok(to_text(expr))
}

/// A literal text read as a value of the type that it meets.
fn read_literal(expr: Expr, ty: Type) -> Result<Expr> {
    let Some(Value::Str(text)) = expr.as_value() else { return Ok(expr) };
    match types::parse(text, ty) {
        Some(value) => Ok(Expr::value(value, ty).at(expr.span)),
        None => Err(SqlError::refused(format!(
            "'{text}' is compared with {}, and is not one",
            ty.name()
        ))
        .at(expr.span)),
    }
}

/// An expression for a column of this type. Literals are read as the column's type; what else does not fit is refused before anything runs.
pub(crate) fn assign(expr: Expr, ty: Type, column: impl FnOnce() -> String) -> Result<Expr> {
    let fits = match (ty, expr.ty) {
        (_, Type::Null) => true,
        (a, b) if a == b => true,
        (a, b) if a.is_numeric() && (b.is_numeric() || b == Type::Bool) => true,
        (Type::Bool, Type::Int | Type::Number) => true,
        (Type::Text | Type::Json, b) => b != Type::Blob,
        (_, Type::Text | Type::Json) => true,
        (Type::Date, Type::Timestamp) | (Type::Timestamp, Type::Date) => true,
        _ => false,
    };
    if !fits {
        return Err(SqlError::error(format!(
            "{} is {}, and this is {}",
            column(),
            ty.name(),
            expr.ty.name()
        ))
        .at(expr.span));
    }
    Ok(expr)
}

/// CAST.
pub(crate) fn cast_type(expr: Expr, ty: Type) -> Result<Expr> {
    let span = expr.span;
    if expr.ty == ty || expr.ty == Type::Null {
        return Ok(Expr { ty, ..expr });
    }
    let name = match ty {
        Type::Int => "to_int",
        Type::Float => "to_float",
        Type::Decimal => "to_decimal",
        Type::Text => return to_text_checked(expr),
        Type::Date => "to_date",
        Type::Time => "to_time",
        Type::Timestamp => "to_timestamp",
        Type::Bool if expr.ty.is_numeric() => {
            let zero = widen(Expr::integer(0), expr.ty);
            let expr = settled(expr);
            return Ok(Expr {
                kind: Kind::Compare(Comparison::NotEqual, Box::new(expr), Box::new(zero)),
                ty: Type::Bool,
                span,
            });
        }
        Type::Bool | Type::Uuid | Type::Json | Type::Blob | Type::Number | Type::Null => {
            if let Some(value) =
                expr.as_value().and_then(types::text).and_then(|text| types::parse(&text, ty))
            {
                return Ok(Expr::value(value, ty).at(span));
            }
            return Err(
                SqlError::refused(format!("CAST to {} is not supported", ty.name())).at(span)
            );
        }
    };
    if matches!(expr.ty, Type::Blob | Type::Uuid) || (expr.ty == Type::Text && ty == Type::Bool) {
        return Err(SqlError::refused(format!(
            "CAST of {} to {} is not supported",
            expr.ty.name(),
            ty.name()
        ))
        .at(span));
    }
    if matches!(expr.ty, Type::Date | Type::Timestamp | Type::Time) && ty.is_numeric() {
        return Err(SqlError::refused("a date is not a number")
            .hint("use strftime('%Y', x) or EXTRACT(YEAR FROM x)")
            .at(span));
    }
    match functions::find(name) {
        Some(function) => Ok(Expr { kind: Kind::Call(function, vec![settled(expr)]), ty, span }),
        None => Err(SqlError::refused("this CAST is not supported")),
    }
}
