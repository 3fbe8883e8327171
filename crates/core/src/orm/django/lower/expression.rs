//! Expressions (`F`, `Lower`, arithmetic) as SQL.
//!
//! Every form was taken from what Django's schema editor writes on each database; what is not listed here is refused with `None`.
//! Recorded: `django/309`, `django/402`, `django/405`.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::columns::Named;
use super::{cast, condition, literal, spelling};
use crate::document::{Argument, ColumnType, Value};
use crate::sql::Dialect;

fn named<'v>(args: &'v [Argument], keyword: &str) -> Option<&'v Value> {
    args.iter().find(|arg| arg.keyword.as_deref() == Some(keyword)).map(|arg| &arg.value)
}

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
    /// What is not text is cast before PostgreSQL joins it to text.
    Text,
    /// All others.
    Other,
}

/// What names mean, and how to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a> {
    /// The model's columns.
    pub(super) columns: &'a FxHashMap<String, Named>,
    /// For whom.
    pub(super) dialect: Dialect,
    /// Set as soon as a constant is written. Django hands those over apart from the statement, and then keeps constraints out of it.
    pub(super) constants: &'a Cell<bool>,
}

impl Writer<'_> {
    /// A constant of a column's type.
    pub(super) fn literal(&self, value: &Value, ty: &ColumnType) -> Option<String> {
        let sql = literal::literal(value, ty, self.dialect)?;
        if *value != Value::None {
            self.constants.set(true);
        }
        Some(sql)
    }

    /// A string.
    pub(super) fn string(&self, text: &str) -> String {
        self.constants.set(true);
        spelling::string(text, self.dialect)
    }

    /// A column by the name of its field.
    pub(super) fn column(&self, name: &str) -> Option<Sql> {
        let named = self.columns.get(name)?;
        let kind = match named.ty {
            ColumnType::Decimal(_) => Kind::Decimal,
            ColumnType::Float => Kind::Float,
            ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text => Kind::Text,
            _ => Kind::Other,
        };
        let text = spelling::quote(&named.column, self.dialect);
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
            Value::Str(_) => Kind::Text,
            _ => Kind::Other,
        };
        let text = literal::plain(value, self.dialect)?;
        if *value != Value::None {
            self.constants.set(true);
        }
        Some(Sql { text, kind, nullable: None })
    }

    fn call(&self, callee: &str, args: &[Argument]) -> Option<Sql> {
        let name = callee.rsplit('.').next().unwrap_or(callee);
        let positional: Vec<&Value> =
            args.iter().filter(|arg| arg.keyword.is_none()).map(|arg| &arg.value).collect();
        match (callee, name, positional.as_slice()) {
            ("+" | "-" | "*" | "/" | "%", _, [left, right]) => self.arithmetic(callee, left, right),
            ("-", _, [inner]) => self.arithmetic("*", inner, &Value::Int(-1)),
            ("**", _, [base, exponent]) => {
                let (base, exponent) = (self.expression(base)?, self.expression(exponent)?);
                let (base, exponent) = (base.text, exponent.text);
                Some(Sql {
                    text: match self.dialect {
                        Dialect::Engine | Dialect::Sqlite => format!("(POWER({base},{exponent}))"),
                        Dialect::Postgres => format!("({base} ^ {exponent})"),
                        Dialect::MySql => format!("(POW({base},{exponent}))"),
                    },
                    kind: Kind::Other,
                    nullable: None,
                })
            }
            (_, "F", [Value::Str(field)]) => self.column(field),
            (_, "Pi", []) => Some(Sql { text: "PI()".into(), kind: Kind::Float, nullable: None }),
            (_, "Case", whens) => self.case(whens, args),
            (_, "Round", [inner, ..]) => {
                let digits = positional
                    .get(1)
                    .copied()
                    .or_else(|| named(args, "precision"))
                    .map_or_else(|| self.constant(&Value::Int(0)), |value| self.expression(value))?
                    .text;
                let inner = self.operand(inner)?;
                let text = format!("ROUND({}, {digits})", inner.text);
                Some(Sql {
                    text: self.cast(text, inner.kind == Kind::Decimal),
                    kind: inner.kind,
                    nullable: None,
                })
            }
            (_, "Cast", [inner, field]) => {
                let inner = self.operand(inner)?.text;
                let (ty, kind) = cast::type_name(field, self.dialect)?;
                Some(Sql { text: cast::write(&inner, &ty, self.dialect), kind, nullable: None })
            }
            (_, "Substr", [inner, rest @ ..]) if !rest.is_empty() => {
                let inner = self.operand(inner)?.text;
                let rest = rest
                    .iter()
                    .map(|part| Some(self.expression(part)?.text))
                    .collect::<Option<Vec<_>>>()?;
                let function = match self.dialect {
                    Dialect::Engine | Dialect::Sqlite => "SUBSTR",
                    Dialect::Postgres | Dialect::MySql => "SUBSTRING",
                };
                Some(Sql {
                    text: format!("{function}({inner}, {})", rest.join(", ")),
                    kind: Kind::Text,
                    nullable: None,
                })
            }
            (_, "Value", [value]) => self.constant(value),
            (_, "ExpressionWrapper", [inner]) => self.expression(inner),
            (_, "Q", _) | ("&" | "|" | "~", ..) => Some(Sql {
                text: condition::write(
                    &Value::Call { callee: callee.to_owned(), args: args.to_vec() },
                    *self,
                )?,
                kind: Kind::Other,
                nullable: None,
            }),
            (_, "Lower" | "Upper" | "Length" | "Abs" | "Trim" | "LTrim" | "RTrim", [inner]) => {
                let inner = self.operand(inner)?;
                let numeric = name == "Abs" && inner.kind == Kind::Decimal;
                let function = match (name, self.dialect) {
                    ("Length", Dialect::MySql) => "CHAR_LENGTH".to_owned(),
                    _ => name.to_uppercase(),
                };
                let text = format!("{function}({})", inner.text);
                let kind = match name {
                    "Abs" => inner.kind,
                    "Length" => Kind::Other,
                    _ => Kind::Text,
                };
                Some(Sql { text: self.cast(text, numeric), kind, nullable: None })
            }
            (_, "Coalesce" | "Greatest" | "Least", [_, _, ..]) => {
                let function = match (name, self.dialect) {
                    ("Greatest", Dialect::Sqlite) => "MAX",
                    ("Least", Dialect::Sqlite) => "MIN",
                    ("Greatest", _) => "GREATEST",
                    ("Least", _) => "LEAST",
                    _ => "COALESCE",
                };
                let parts: Vec<Sql> =
                    positional.iter().map(|part| self.operand(part)).collect::<Option<_>>()?;
                let kind = if parts.iter().any(|part| part.kind == Kind::Decimal) {
                    Kind::Decimal
                } else {
                    parts.first().map_or(Kind::Other, |part| part.kind)
                };
                let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                Some(Sql {
                    text: self
                        .cast(format!("{function}({})", texts.join(", ")), kind == Kind::Decimal),
                    kind,
                    nullable: None,
                })
            }
            (_, "Concat", [first, rest @ ..]) if !rest.is_empty() => {
                Some(Sql { text: self.concat(first, rest)?, kind: Kind::Text, nullable: None })
            }
            (_, "Now", []) => {
                let text = match self.dialect {
                    Dialect::Sqlite => "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')",
                    Dialect::Engine => "CURRENT_TIMESTAMP",
                    Dialect::Postgres => "STATEMENT_TIMESTAMP()",
                    Dialect::MySql => "CURRENT_TIMESTAMP(6)",
                };
                Some(Sql { text: text.into(), kind: Kind::Other, nullable: None })
            }
            (_, "Decimal", _) => {
                self.constant(&Value::Call { callee: callee.to_owned(), args: args.to_vec() })
            }
            (_, "timedelta" | "date" | "datetime" | "time", _) => {
                self.constant(&Value::Call { callee: callee.to_owned(), args: args.to_vec() })
            }
            _ => None,
        }
    }

    /// `Case(When(a=1, then=Value("x")), default=Value("y"))`.
    fn case(&self, whens: &[&Value], args: &[Argument]) -> Option<Sql> {
        let mut text = String::from("CASE");
        for when in whens {
            let Value::Call { callee, args } = when else { return None };
            if callee.rsplit('.').next() != Some("When") {
                return None;
            }
            let then = named(args, "then")?;
            let rest: Vec<Argument> =
                args.iter().filter(|arg| arg.keyword.as_deref() != Some("then")).cloned().collect();
            let condition =
                condition::write(&Value::Call { callee: "Q".into(), args: rest }, *self)?;
            text.push_str(&format!(" WHEN {condition} THEN {}", self.operand(then)?.text));
        }
        let default = match named(args, "default") {
            Some(value) => self.operand(value)?.text,
            None => "NULL".into(),
        };
        Some(Sql { text: format!("{text} ELSE {default} END"), kind: Kind::Other, nullable: None })
    }

    fn arithmetic(&self, operator: &str, left: &Value, right: &Value) -> Option<Sql> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let kind = match (left.kind, right.kind) {
            (Kind::Float, _) | (_, Kind::Float) => Kind::Float,
            (Kind::Decimal, _) | (_, Kind::Decimal) => Kind::Decimal,
            (Kind::Other | Kind::Text, Kind::Other | Kind::Text) => Kind::Other,
        };
        let text = format!("({} {operator} {})", left.text, right.text);
        Some(Sql { text: self.cast(text, kind == Kind::Decimal), kind, nullable: None })
    }

    /// SQLite keeps no exact numbers, so Django casts every expression that gives one.
    fn cast(&self, text: String, decimal: bool) -> String {
        if decimal && self.dialect == Dialect::Sqlite {
            format!("(CAST({text} AS NUMERIC))")
        } else {
            text
        }
    }

    /// Pairs, from the right. What is NULL counts as empty.
    fn concat(&self, first: &Value, rest: &[&Value]) -> Option<String> {
        let first = self.joined(self.operand(first)?);
        let second = match rest {
            [] => return Some(first),
            [last] => self.joined(self.operand(last)?),
            [next, rest @ ..] => self.concat(next, rest)?,
        };
        Some(match self.dialect {
            Dialect::MySql => format!("CONCAT_WS('', {first}, {second})"),
            Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => {
                self.constants.set(true);
                format!("(COALESCE({first}, '') || COALESCE({second}, ''))")
            }
        })
    }

    /// What is to be joined to text.
    fn joined(&self, part: Sql) -> String {
        if self.dialect == Dialect::Postgres && part.kind != Kind::Text {
            cast::write(&part.text, "text", self.dialect)
        } else {
            part.text
        }
    }
}
