//! `Cast`: what types are called there.
//!
//! Recorded: `django/402`, `django/405`; source: `cast_db_type` of the fields, `cast_data_types` of the backends, `Cast.as_mysql` and `Cast.as_postgresql`.

use super::expression::Kind;
use crate::document::Value;
use crate::sql::Dialect;

/// What a value is cast to; `None` for field classes whose type needs more than that.
pub(super) fn type_name(field: &Value, dialect: Dialect) -> Option<(String, Kind)> {
    let Value::Call { callee, args } = field else { return None };
    let class = callee.rsplit('.').next()?;
    let kind = match class {
        "TextField" | "CharField" => Kind::Text,
        "FloatField" => Kind::Float,
        _ => Kind::Other,
    };
    let name = match (class, dialect) {
        ("TextField", Dialect::MySql) => "char",
        ("IntegerField" | "BigIntegerField", Dialect::MySql) => "signed integer",
        ("TextField", _) => "text",
        ("IntegerField", _) => "integer",
        ("BigIntegerField", _) => "bigint",
        ("FloatField", Dialect::Engine | Dialect::Sqlite) => "real",
        ("FloatField", Dialect::Postgres | Dialect::MySql) => FLOAT,
        ("CharField", _) => {
            let named = args.iter().find(|arg| arg.keyword.as_deref() == Some("max_length"))?;
            let Value::Int(length) = named.value else { return None };
            let base = if dialect == Dialect::MySql { "char" } else { "varchar" };
            return Some((format!("{base}({length})"), kind));
        }
        _ => return None,
    };
    Some((name.to_owned(), kind))
}

const FLOAT: &str = "double precision";

/// The cast itself.
pub(super) fn write(inner: &str, ty: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => format!("({inner})::{ty}"),
        // MySQL's CAST knew no floats for long.
        Dialect::MySql if ty == FLOAT => format!("({inner} + 0.0)"),
        Dialect::Engine | Dialect::Sqlite | Dialect::MySql => format!("CAST({inner} AS {ty})"),
    }
}
