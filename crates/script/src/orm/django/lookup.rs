//! Lookups and transforms: `contains`, `gt`, `year`.

use throughline_core::document::ColumnType;

use super::query::{Query, plain};
use super::{expression, raise_field_error};
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{Expr, Is};
use crate::value::{Outcome, Value};
use crate::world::to_cell;

/// A part of a date or a time.
pub(super) fn transform(name: &str, of: Expr) -> Option<Expr> {
    let part = match name {
        "year" => "YEAR",
        "month" => "MONTH",
        "day" => "DAY",
        "week" => "WEEK",
        "quarter" => "QUARTER",
        "iso_week_day" => "ISODOW",
        // Sunday is one.
        "week_day" => {
            let day =
                Expr::call("EXTRACT", vec![Expr::binary("FROM", Expr::Raw("DOW".into()), of)]);
            return Some(Expr::Group(Box::new(Expr::binary("+", day, Expr::Raw("1".into())))));
        }
        "hour" => "HOUR",
        "minute" => "MINUTE",
        "second" => "SECOND",
        "date" => return Some(Expr::Cast(Box::new(of), "DATE")),
        "lower" => return Some(Expr::call("LOWER", vec![of])),
        "upper" => return Some(Expr::call("UPPER", vec![of])),
        "length" => return Some(Expr::call("LENGTH", vec![of])),
        _ => return None,
    };
    Some(Expr::call("EXTRACT", vec![Expr::binary("FROM", Expr::Raw(part.into()), of)]))
}

/// The type of what a transform gives.
fn type_after(name: &str, ty: Option<&ColumnType>) -> Option<ColumnType> {
    match name {
        "date" => Some(ColumnType::Date),
        "lower" | "upper" => ty.cloned(),
        _ => Some(ColumnType::Integer),
    }
}

/// Transforms one after the other, with the type of what they give.
pub(super) fn transformed(
    machine: &mut Machine,
    column: Expr,
    ty: Option<ColumnType>,
    names: &[String],
    class: &str,
) -> Outcome<(Expr, Option<ColumnType>)> {
    let (mut expr, mut ty) = (column, ty);
    if matches!(ty, Some(ColumnType::Json)) && !names.is_empty() {
        return Err(within_json());
    }
    for (at, name) in names.iter().enumerate() {
        expr = match transform(name, expr).filter(|_| suits(name, ty.as_ref())) {
            Some(expr) => expr,
            None if name == "iso_year" || name == "time" => return Err(lacking(name)),
            None => {
                let rest = names.get(at..).unwrap_or_default().join("__");
                return Err(unsupported(machine, &rest, class));
            }
        };
        ty = type_after(name, ty.as_ref());
    }
    Ok((expr, ty))
}

/// Whether a type has a transform.
pub(super) fn suits(name: &str, ty: Option<&ColumnType>) -> bool {
    let date = matches!(ty, None | Some(ColumnType::Date | ColumnType::DateTime));
    let time = matches!(ty, None | Some(ColumnType::Time | ColumnType::DateTime));
    match name {
        "hour" | "minute" | "second" => time,
        "date" => matches!(ty, None | Some(ColumnType::DateTime)),
        // Django knows these where a script registers them.
        "lower" | "upper" | "length" => false,
        _ => date,
    }
}

/// `FieldError` for a lookup that a field does not have.
pub(super) fn unsupported(machine: &mut Machine, name: &str, class: &str) -> Box<crate::Raised> {
    if class == "JSONField" {
        return within_json();
    }
    let message =
        format!("Unsupported lookup '{name}' for {class} or join on the field not permitted.");
    raise_field_error(machine, &message)
}

/// What is inside of JSON is not looked into by the database.
fn within_json() -> Box<crate::Raised> {
    refuse(
        "Conditions on what is inside of JSON are not supported here: take the rows and compare in Python, or ask with `isnull`.",
    )
}

fn lacking(name: &str) -> Box<crate::Raised> {
    refuse(format!(
        "The lookup `{name}` is not supported here: the playground's database has nothing that gives the same. Use `contains`, `startswith` or a range."
    ))
}

/// `column lookup value`
pub(super) fn apply(
    machine: &mut Machine,
    query: &mut Query,
    column: Expr,
    ty: Option<&ColumnType>,
    (named, lookup, class): (&str, &str, &str),
    value: &Value,
) -> Outcome<Expr> {
    if value.is_none() && !matches!(lookup, "exact" | "iexact" | "isnull") {
        return Err(raise("ValueError", "Cannot use None as a query value"));
    }
    if matches!(ty, Some(ColumnType::Json)) && matches!(lookup, "contains" | "contained_by") {
        let message = format!("{lookup} lookup is not supported on this database backend.");
        return Err(match super::class_of(machine, "django.db", "NotSupportedError") {
            Some(class) => machine.exception(&class, vec![Value::from(message)]),
            None => refuse(message),
        });
    }
    let compare = |op, machine: &mut Machine, query: &mut Query, column: Expr| {
        Ok(Expr::binary(op, column, operand(machine, query, ty, named, value)?))
    };
    let text = |machine: &mut Machine, before: &str, after: &str| -> Outcome<Expr> {
        let written = machine.str(value)?;
        let escaped = written.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Ok(Expr::Param(Cell::Text(format!("{before}{escaped}{after}").into())))
    };
    // LIKE takes upper and lower case for the same, in the engine as in SQLite; so Django's `contains` does there.
    let like =
        |column: Expr, pattern: Expr| Expr::Like(Box::new(column), Box::new(pattern), Some('\\'));
    // A pattern that is made of another column: what stands for anything in it stands for itself.
    if let (Value::Object(object), Some((before, after, escapes))) = (value, pattern(lookup))
        && object.any().is::<expression::Written>()
    {
        let right = operand(machine, query, ty, named, value)?;
        let quoted = |text: &str| Expr::Raw(format!("'{text}'"));
        let mut pattern = right;
        if escapes {
            for sign in ["\\", "%", "_"] {
                let args = vec![pattern, quoted(sign), quoted(&format!("\\{sign}"))];
                pattern = Expr::call("REPLACE", args);
            }
        }
        if before {
            pattern = Expr::binary("||", quoted("%"), pattern);
        }
        if after {
            pattern = Expr::binary("||", pattern, quoted("%"));
        }
        return Ok(like(column, pattern));
    }
    match lookup {
        "exact" if value.is_none() => Ok(Expr::IsNull(Box::new(column), Is::So)),
        "exact" => {
            one_row(value)?;
            compare("=", machine, query, column)
        }
        "iexact" if value.is_none() => Ok(Expr::IsNull(Box::new(column), Is::So)),
        "iexact" => Ok(like(column, text(machine, "", "")?)),
        "contains" | "icontains" => Ok(like(column, text(machine, "%", "%")?)),
        "startswith" | "istartswith" => Ok(like(column, text(machine, "", "%")?)),
        "endswith" | "iendswith" => Ok(like(column, text(machine, "%", "")?)),
        "gt" => compare(">", machine, query, column),
        "gte" => compare(">=", machine, query, column),
        "lt" => compare("<", machine, query, column),
        "lte" => compare("<=", machine, query, column),
        "isnull" => {
            let Value::Bool(wanted) = value else {
                return Err(raise(
                    "ValueError",
                    "The QuerySet value for an isnull lookup must be True or False.",
                ));
            };
            Ok(Expr::IsNull(Box::new(column), if *wanted { Is::So } else { Is::Not }))
        }
        "in" => {
            let set = match (value, expression::node_of(value)) {
                (_, expression::Node::Subquery(set)) => Some(set),
                (Value::Object(object), _) => super::queryset::query_set(object),
                _ => None,
            };
            if let Some(set) = set {
                let chosen = set.chosen();
                if chosen != 1 {
                    let message = format!(
                        "The QuerySet value for the 'in' lookup must have 1 selected fields (received {chosen})"
                    );
                    return Err(raise("ValueError", message));
                }
                if set.is_empty() && set.combined.is_empty() {
                    return Ok(Expr::Or(Vec::new()));
                }
                let select = set.select_inside(machine, query)?;
                return Ok(Expr::InSelect(Box::new(column), Box::new(select), Is::So));
            }
            let mut items = Vec::new();
            for item in machine.list_of(value)? {
                if is_written(&item) {
                    items.push(operand(machine, query, ty, named, &item)?);
                    continue;
                }
                let item = saved(query, &item)?;
                if item.is_none() {
                    continue;
                }
                items.push(Expr::Param(cell(ty, &item)?));
            }
            if items.is_empty() {
                // Django asks nothing where nothing can be found.
                return Ok(Expr::Or(Vec::new()));
            }
            Ok(Expr::In(Box::new(column), items, Is::So))
        }
        "range" => {
            let bounds = machine.list_of(value)?;
            let [from, to] = bounds.as_slice() else {
                return Err(raise("ValueError", "range needs two values"));
            };
            let mut bound = |value: &Value| match is_written(value) {
                true => operand(machine, query, ty, named, value),
                false => cell(ty, value).map(Expr::Param),
            };
            let (from, to) = (bound(from)?, bound(to)?);
            Ok(Expr::Between(Box::new(column), Box::new(from), Box::new(to)))
        }
        "year" => {
            let Some(year) = value.as_int() else {
                let column = transform("year", column).unwrap_or(Expr::Star);
                let right = operand(machine, query, Some(&ColumnType::Integer), named, value)?;
                return Ok(Expr::binary("=", column, right));
            };
            let day = |month: u32, day: u32| format!("{year:04}-{month:02}-{day:02}");
            let (from, to) = match ty {
                Some(ColumnType::DateTime) => (
                    Cell::Timestamp(format!("{} 00:00:00", day(1, 1))),
                    Cell::Timestamp(format!("{} 23:59:59.999999", day(12, 31))),
                ),
                _ => (Cell::Date(day(1, 1)), Cell::Date(day(12, 31))),
            };
            Ok(Expr::Between(
                Box::new(column),
                Box::new(Expr::Param(from)),
                Box::new(Expr::Param(to)),
            ))
        }
        "regex" | "iregex" => Err(lacking(lookup)),
        other => {
            let name = [other.to_owned()];
            let (column, ty) = transformed(machine, column, ty.cloned(), &name, class)?;
            let right = operand(machine, query, ty.as_ref(), named, value)?;
            Ok(Expr::binary("=", column, right))
        }
    }
}

/// A query set on the right side of `=` gives one value.
fn one_row(value: &Value) -> Outcome<()> {
    let Value::Object(object) = value else { return Ok(()) };
    let Some(set) = super::queryset::query_set(object) else { return Ok(()) };
    if set.query.limit != Some(1) {
        let message =
            "The QuerySet value for an exact lookup must be limited to one result using slicing.";
        return Err(raise("ValueError", message));
    }
    let chosen = set.chosen();
    if chosen != 1 {
        let message = format!(
            "The QuerySet value for the exact lookup must have 1 selected fields (received {chosen})"
        );
        return Err(raise("ValueError", message));
    }
    Ok(())
}

/// What a lookup puts before and after a text that it compares with, and whether signs in it stand for themselves.
fn pattern(lookup: &str) -> Option<(bool, bool, bool)> {
    match lookup {
        "iexact" => Some((false, false, false)),
        "contains" | "icontains" => Some((true, true, true)),
        "startswith" | "istartswith" => Some((false, true, true)),
        "endswith" | "iendswith" => Some((true, false, true)),
        _ => None,
    }
}

/// Whether it is an expression: `F("other")`.
fn is_written(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.any().is::<expression::Written>())
}

/// The right side of a comparison.
fn operand(
    machine: &mut Machine,
    query: &mut Query,
    ty: Option<&ColumnType>,
    named: &str,
    value: &Value,
) -> Outcome<Expr> {
    if let Value::Object(object) = value {
        if let Some(written) = object.any().downcast_ref::<expression::Written>() {
            let (expr, _) = query.expression(machine, &written.0)?;
            // An expression on the right side stands in parentheses.
            let bare = matches!(expr, Expr::Group(_) | Expr::Subquery(_) | Expr::Param(_));
            return Ok(if bare { expr } else { Expr::Group(Box::new(expr)) });
        }
        if object.any().is::<super::q::WrittenQ>() {
            return Ok(query.expression(machine, &expression::node_of(value))?.0);
        }
        if let Some(set) = super::queryset::query_set(object) {
            let select = set.select_inside(machine, query)?;
            return Ok(Expr::Subquery(Box::new(select)));
        }
    }
    let value = saved(query, value)?;
    if matches!(ty, Some(ColumnType::Json)) && !value.is_none() {
        return Err(within_json());
    }
    fits(machine, ty, named, &value)?;
    cell(ty, &value).map(Expr::Param)
}

/// A value, or the key of an instance that has one.
fn saved(query: &Query, value: &Value) -> Outcome {
    let key = plain(&query.world, value);
    if key.is_none() && matches!(value, Value::Instance(_)) {
        let message = "Model instances passed to related filters must be saved.";
        return Err(raise("ValueError", message));
    }
    Ok(key)
}

/// Text where a number or a date is needed must read as one.
pub(super) fn fits(
    machine: &mut Machine,
    ty: Option<&ColumnType>,
    named: &str,
    value: &Value,
) -> Outcome<()> {
    let Value::Str(text) = value else { return Ok(()) };
    let plain = text.trim();
    match ty {
        Some(
            ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::SmallInt
            | ColumnType::IntegerUnsigned
            | ColumnType::BigIntUnsigned
            | ColumnType::SmallIntUnsigned,
        ) if plain.parse::<i64>().is_err() => {}
        Some(ColumnType::Float) if plain.parse::<f64>().is_err() => {}
        Some(ColumnType::Date)
            if crate::builtins::clock::date(plain).is_none()
                && crate::builtins::moment(plain).is_none() =>
        {
            let shaped = plain.len() == 10
                && plain.bytes().enumerate().all(|(at, byte)| {
                    if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
                });
            let wrong = if shaped {
                "value has the correct format (YYYY-MM-DD) but it is an invalid date."
            } else {
                "value has an invalid date format. It must be in YYYY-MM-DD format."
            };
            return Err(invalid(machine, &format!("“{text}” {wrong}")));
        }
        Some(ColumnType::DateTime)
            if crate::builtins::moment(plain).is_none()
                && crate::builtins::clock::date(plain).is_none() =>
        {
            return Err(invalid(
                machine,
                &format!(
                    "“{text}” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
                ),
            ));
        }
        Some(ColumnType::Decimal(_)) if plain.parse::<rust_decimal::Decimal>().is_err() => {
            return Err(invalid(machine, &format!("“{text}” value must be a decimal number.")));
        }
        Some(ColumnType::Uuid)
            if to_cell(ty, value).is_some_and(|cell| matches!(cell, Cell::Text(_))) =>
        {
            return Err(invalid(machine, &format!("“{text}” is not a valid UUID.")));
        }
        Some(ColumnType::Boolean) if !["t", "True", "1", "f", "False", "0"].contains(&plain) => {
            return Err(invalid(machine, &format!("“{text}” value must be either True or False.")));
        }
        _ => return Ok(()),
    }
    let shown = machine.repr(value)?;
    Err(raise("ValueError", format!("Field '{named}' expected a number but got {shown}.")))
}

/// `ValidationError`, which shows its messages as a list.
fn invalid(machine: &mut Machine, message: &str) -> Box<crate::Raised> {
    let list = Value::list(vec![Value::str(message)]);
    match super::class_of(machine, "django.core.exceptions", "ValidationError") {
        Some(class) => machine.exception(&class, vec![list]),
        None => raise("ValueError", message),
    }
}

fn cell(ty: Option<&ColumnType>, value: &Value) -> Outcome<Cell> {
    to_cell(ty, value).ok_or_else(|| {
        raise("TypeError", format!("Cannot compare with a value of type {}", value.type_name()))
    })
}
