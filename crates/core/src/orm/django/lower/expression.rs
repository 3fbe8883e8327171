//! Expressions (`F`, `Lower`, arithmetic) as SQL.
//!
//! Every form was taken from what Django's schema editor writes on SQLite; what is not listed here is refused with `None`.

use std::collections::HashMap;

use super::Flavour;
use super::columns::{Named, quote};
use super::{condition, literal};
use crate::document::{Argument, ColumnType, Value};

/// SQL with the type of its result, as far as that changes how it is written.
#[derive(Clone, Debug)]
pub(super) struct Sql {
    /// The text.
    pub(super) text: String,
    /// What it gives.
    pub(super) kind: Kind,
    /// For a bare column that may be NULL: the column, quoted.
    pub(super) nullable: Option<String>,
}

/// Types that change the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Exact numbers are cast on SQLite.
    Decimal,
    /// Floats make sums of decimals floats.
    Float,
    /// All others.
    Other,
}

/// What names mean, and how to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a> {
    /// The model's columns.
    pub(super) columns: &'a HashMap<String, Named>,
    /// For whom.
    pub(super) flavour: Flavour,
}

impl Writer<'_> {
    /// A column by the name of its field.
    pub(super) fn column(&self, name: &str) -> Option<Sql> {
        let named = self.columns.get(name)?;
        let kind = match named.ty {
            ColumnType::Decimal(_) => Kind::Decimal,
            ColumnType::Float => Kind::Float,
            _ => Kind::Other,
        };
        let text = quote(&named.column);
        Some(Sql { nullable: named.null.then(|| text.clone()), text, kind })
    }

    /// An expression. `None` where it is not understood.
    pub(super) fn expression(&self, value: &Value) -> Option<Sql> {
        match value {
            Value::Call { callee, args } => self.call(callee, args),
            other => self.constant(other),
        }
    }

    /// An argument of a function: there a string names a field.
    fn operand(&self, value: &Value) -> Option<Sql> {
        match value {
            Value::Str(name) => self.column(name),
            other => self.expression(other),
        }
    }

    fn constant(&self, value: &Value) -> Option<Sql> {
        let kind = match value {
            Value::Number(_) => Kind::Float,
            Value::Call { callee, .. } if callee.ends_with("Decimal") => Kind::Decimal,
            _ => Kind::Other,
        };
        Some(Sql { text: literal::plain(value, self.flavour)?, kind, nullable: None })
    }

    fn call(&self, callee: &str, args: &[Argument]) -> Option<Sql> {
        let name = callee.rsplit('.').next().unwrap_or(callee);
        let positional: Vec<&Value> = args.iter().filter(|arg| arg.keyword.is_none()).map(|arg| &arg.value).collect();
        match (callee, name, positional.as_slice()) {
            ("+" | "-" | "*" | "/" | "%", _, [left, right]) => self.arithmetic(callee, left, right),
            (_, "F", [Value::Str(field)]) => self.column(field),
            (_, "Value", [value]) => self.constant(value),
            (_, "ExpressionWrapper", [inner]) => self.expression(inner),
            (_, "Q", _) | ("&" | "|" | "~", ..) => {
                Some(Sql { text: condition::write(&Value::Call { callee: callee.to_owned(), args: args.to_vec() }, *self)?, kind: Kind::Other, nullable: None })
            }
            (_, "Lower" | "Upper" | "Length" | "Abs" | "Trim" | "LTrim" | "RTrim", [inner]) => {
                let inner = self.operand(inner)?;
                let numeric = name == "Abs" && inner.kind == Kind::Decimal;
                let text = format!("{}({})", name.to_uppercase(), inner.text);
                let kind = if name == "Abs" { inner.kind } else { Kind::Other };
                Some(Sql { text: self.cast(text, numeric), kind, nullable: None })
            }
            (_, "Coalesce", [_, _, ..]) => {
                let parts: Vec<Sql> = positional.iter().map(|part| self.operand(part)).collect::<Option<_>>()?;
                let kind = if parts.iter().any(|part| part.kind == Kind::Decimal) { Kind::Decimal } else { Kind::Other };
                let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                Some(Sql { text: self.cast(format!("COALESCE({})", texts.join(", ")), kind == Kind::Decimal), kind, nullable: None })
            }
            (_, "Concat", [first, rest @ ..]) if !rest.is_empty() => {
                Some(Sql { text: self.concat(first, rest)?, kind: Kind::Other, nullable: None })
            }
            (_, "Now", []) => {
                let text = match self.flavour {
                    Flavour::Native => "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')",
                    Flavour::Plain => "CURRENT_TIMESTAMP",
                };
                Some(Sql { text: text.into(), kind: Kind::Other, nullable: None })
            }
            (_, "Decimal", _) => self.constant(&Value::Call { callee: callee.to_owned(), args: args.to_vec() }),
            (_, "timedelta" | "date" | "datetime" | "time", _) => self.constant(&Value::Call { callee: callee.to_owned(), args: args.to_vec() }),
            _ => None,
        }
    }

    fn arithmetic(&self, operator: &str, left: &Value, right: &Value) -> Option<Sql> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let kind = match (left.kind, right.kind) {
            (Kind::Float, _) | (_, Kind::Float) => Kind::Float,
            (Kind::Decimal, _) | (_, Kind::Decimal) => Kind::Decimal,
            (Kind::Other, Kind::Other) => Kind::Other,
        };
        let text = format!("({} {operator} {})", left.text, right.text);
        Some(Sql { text: self.cast(text, kind == Kind::Decimal), kind, nullable: None })
    }

    /// SQLite keeps no exact numbers, so Django casts every expression that gives one.
    fn cast(&self, text: String, decimal: bool) -> String {
        match (self.flavour, decimal) {
            (Flavour::Native, true) => format!("(CAST({text} AS NUMERIC))"),
            (Flavour::Native | Flavour::Plain, _) => text,
        }
    }

    fn concat(&self, first: &Value, rest: &[&Value]) -> Option<String> {
        let first = self.operand(first)?.text;
        let second = match rest {
            [] => return Some(first),
            [last] => self.operand(last)?.text,
            [next, rest @ ..] => self.concat(next, rest)?,
        };
        Some(format!("(COALESCE({first}, '') || COALESCE({second}, ''))"))
    }
}
