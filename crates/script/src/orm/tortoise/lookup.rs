//! Lookups: `name__contains`, `age__gt`. Follows `tortoise.filters`.

use throughline_order::Gather as _;

use super::encode;
use crate::Machine;
use crate::database::Cell;
use crate::eval::refuse;
use crate::sql::{Expr, Is, Select};
use crate::value::{Outcome, Value};
use crate::world::{Field, to_cell};

/// The lookups of a plain field.
pub(super) const NAMES: &[&str] = &[
    "not",
    "in",
    "not_in",
    "isnull",
    "not_isnull",
    "gte",
    "lte",
    "gt",
    "lt",
    "range",
    "contains",
    "startswith",
    "search",
    "endswith",
    "iexact",
    "icontains",
    "istartswith",
    "iendswith",
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "microsecond",
    "date",
    "posix_regex",
    "iposix_regex",
];

/// Whether it is a lookup; nothing is one, too.
pub(super) fn known(name: &str) -> bool {
    name.is_empty() || NAMES.contains(&name)
}

/// The right side of a lookup.
pub(super) enum Right {
    One(Expr),
    Many(Vec<Cell>),
    Truth(bool),
    Text(String),
    Select(Box<Select>),
}

fn is_text(lookup: &str) -> bool {
    matches!(
        lookup,
        "contains"
            | "startswith"
            | "endswith"
            | "iexact"
            | "icontains"
            | "istartswith"
            | "iendswith"
    )
}

impl Right {
    /// For a field: its type and its validators decide.
    pub(super) fn of_field(
        machine: &mut Machine,
        lookup: &str,
        field: &Field,
        value: &Value,
    ) -> Outcome<Self> {
        if lookup == "contains" && matches!(field.ty, throughline_core::document::ColumnType::Json)
        {
            let message = "must be overridden in each executor";
            return Err(crate::eval::raise("NotImplementedError", message));
        }
        match lookup {
            "in" | "not_in" | "range" => {
                let mut cells = Vec::new();
                for item in machine.list_of(value)? {
                    cells.push(encode::to_db(machine, field, &item)?);
                }
                Ok(Self::Many(cells))
            }
            "isnull" | "not_isnull" => machine.truth(value).map(Self::Truth),
            _ if is_text(lookup) => Ok(Self::Text(machine.str(value)?.to_string())),
            _ => encode::to_db(machine, field, value).map(|cell| Self::One(Expr::Param(cell))),
        }
    }

    /// For an annotation: values as they are.
    pub(super) fn plain(machine: &mut Machine, lookup: &str, value: &Value) -> Outcome<Self> {
        match lookup {
            "in" | "not_in" | "range" => {
                let items = machine.list_of(value)?;
                Ok(Self::Many(items.iter().filter_map(|item| to_cell(None, item)).gather()))
            }
            "isnull" | "not_isnull" => machine.truth(value).map(Self::Truth),
            _ if is_text(lookup) => Ok(Self::Text(machine.str(value)?.to_string())),
            _ => Ok(Self::One(Expr::Param(to_cell(None, value).unwrap_or(Cell::Null)))),
        }
    }
}

/// `term lookup right`
pub(super) fn apply(
    machine: &mut Machine,
    lookup: &str,
    term: Expr,
    right: Right,
) -> Outcome<Expr> {
    let or_null = |test: Expr| Expr::Or(vec![test, Expr::IsNull(Box::new(term.clone()), Is::So)]);
    let op = match lookup {
        "" => "=",
        "not" => "<>",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        _ => "",
    };
    Ok(match (lookup, right) {
        ("not", Right::One(value)) => or_null(Expr::binary(op, term.clone(), value)),
        ("in", Right::Many(cells)) if cells.is_empty() => one_is("0"),
        ("not_in", Right::Many(cells)) if cells.is_empty() => one_is("1"),
        ("in", Right::Many(cells)) => Expr::In(Box::new(term), params(cells), Is::So),
        ("not_in", Right::Many(cells)) => {
            or_null(Expr::In(Box::new(term.clone()), params(cells), Is::Not))
        }
        ("in", Right::Select(select)) => Expr::InSelect(Box::new(term), select, Is::So),
        ("not_in", Right::Select(select)) => {
            or_null(Expr::InSelect(Box::new(term.clone()), select, Is::Not))
        }
        ("isnull", Right::Truth(yes)) => {
            Expr::IsNull(Box::new(term), if yes { Is::So } else { Is::Not })
        }
        ("not_isnull", Right::Truth(yes)) => {
            Expr::IsNull(Box::new(term), if yes { Is::Not } else { Is::So })
        }
        ("range", Right::Many(cells)) => match params(cells).as_slice() {
            [from, to, ..] => {
                Expr::Between(Box::new(term), Box::new(from.clone()), Box::new(to.clone()))
            }
            _ => return Err(crate::eval::raise("IndexError", "list index out of range")),
        },
        (_, Right::Text(text)) => text_lookup(lookup, term, &text),
        // SQLite has no EXTRACT: what Tortoise sends is an error there.
        (
            "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second"
            | "microsecond",
            _,
        ) => {
            let message = "near \"FROM\": syntax error";
            return Err(super::raised(machine, "OperationalError", message));
        }
        (_, Right::One(value)) if !op.is_empty() => Expr::binary(op, term, value),
        (other, _) => {
            return Err(refuse(format!("The lookup `{other}` is not supported here yet.")));
        }
    })
}

fn one_is(other: &str) -> Expr {
    Expr::binary("=", Expr::Raw("1".into()), Expr::Raw(other.into()))
}

fn params(cells: Vec<Cell>) -> Vec<Expr> {
    cells.into_iter().map(Expr::Param).gather()
}

/// SQLite's LIKE takes upper and lower case for the same, so `contains` does, too.
fn text_lookup(lookup: &str, term: Expr, text: &str) -> Expr {
    let term = Box::new(Expr::Cast(Box::new(term), "VARCHAR"));
    if lookup == "iexact" {
        let upper = |expr| Expr::call("UPPER", vec![expr]);
        return Expr::binary("=", upper(*term), upper(Expr::Param(Cell::Text(text.into()))));
    }
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = match lookup.trim_start_matches('i') {
        "startswith" => format!("{escaped}%"),
        "endswith" => format!("%{escaped}"),
        _ => format!("%{escaped}%"),
    };
    Expr::Like(term, Box::new(Expr::Param(Cell::Text(pattern.into()))), Some('\\'))
}
