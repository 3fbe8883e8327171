//! Literals and type names.

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{CharacterLength, DataType, ExactNumberInfo, Value as Literal};
use rust_decimal::prelude::ToPrimitive;
use throughline_order::Gather as _;

use super::Binder;
use crate::error::{Result, SqlError};
use crate::ir::Expr;
use crate::text::{number, parameters, write};
use crate::types::{self, Type};

impl Binder<'_> {
    pub(super) fn literal(&self, literal: &Literal) -> Result<Expr> {
        Ok(match literal {
            Literal::Number(number, _) => {
                // The text of a number takes long to make, and the number's own `to_i64` divides: code for long divisions.
                let whole = match number.as_bigint_and_scale() {
                    (digits, 0) => digits.to_i64(),
                    (_, _) => None,
                };
                if let Some(whole) = whole {
                    return Ok(Expr::integer(whole));
                }
                let text = number::written(number);
                match text.parse::<i64>() {
                    Ok(whole) => Expr::integer(whole),
                    Err(_) => match text.parse::<f64>() {
                        Ok(number) => Expr::value(Value::F64(number), Type::Float),
                        Err(_) => return Err(SqlError::error(format!("{text} is not a number"))),
                    },
                }
            }
            Literal::SingleQuotedString(text)
            | Literal::EscapedStringLiteral(text)
            | Literal::NationalStringLiteral(text)
            | Literal::UnicodeStringLiteral(text) => {
                Expr::value(Value::Str(text.clone()), Type::Text)
            }
            Literal::DollarQuotedString(text) => {
                Expr::value(Value::Str(text.value.clone()), Type::Text)
            }
            Literal::HexStringLiteral(digits) => {
                let byte =
                    |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok();
                let digits: Vec<char> = digits.chars().gather();
                let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
                let bytes = bytes
                    .filter(|_| digits.len().is_multiple_of(2))
                    .ok_or_else(|| SqlError::error("X'…' takes pairs of hexadecimal digits"))?;
                Expr::value(Value::Bytea(bytes), Type::Blob)
            }
            Literal::Boolean(truth) => Expr::truth(*truth),
            Literal::Null => Expr::null(),
            Literal::Placeholder(name) => {
                let given = parameters::number(name)
                    .and_then(|number| self.parameters.get(number.checked_sub(1)?));
                return given.cloned().ok_or_else(|| {
                    SqlError::refused(format!("the parameter {name} has no value here"))
                        .hint("write the value itself")
                });
            }
            other => {
                return Err(SqlError::refused(format!(
                    "the literal {} is not supported",
                    write::literal(other)
                ))
                .hint("write text in single quotes"));
            }
        })
    }
}

/// A declared type: the engine's type, the length of text, precision and scale, and the range of whole numbers.
pub(crate) struct Declared {
    pub(crate) ty: Type,
    pub(crate) text: String,
    pub(crate) length: Option<u64>,
    pub(crate) precision: Option<(u64, u64)>,
    pub(crate) range: Option<(i64, i64)>,
    /// SERIAL and the like.
    pub(crate) numbered: bool,
}

/// Reads a type name.
pub(crate) fn data_type(data_type: &DataType) -> Result<Declared> {
    let text = write::type_name(data_type);
    let plain = |ty: Type| Declared {
        ty,
        text: text.clone(),
        length: None,
        precision: None,
        range: None,
        numbered: false,
    };
    let long = |length: &Option<CharacterLength>| match length {
        Some(CharacterLength::IntegerLength { length, .. }) => Some(*length),
        Some(CharacterLength::Max) | None => None,
    };
    Ok(match data_type {
        DataType::Character(length)
        | DataType::Char(length)
        | DataType::CharacterVarying(length)
        | DataType::CharVarying(length)
        | DataType::Varchar(length)
        | DataType::Nvarchar(length) => Declared { length: long(length), ..plain(Type::Text) },
        DataType::String(length)
        | DataType::CharacterLargeObject(length)
        | DataType::CharLargeObject(length)
        | DataType::Clob(length) => Declared { length: *length, ..plain(Type::Text) },
        DataType::Text => plain(Type::Text),
        DataType::Uuid => plain(Type::Uuid),
        DataType::Blob(_)
        | DataType::Binary(_)
        | DataType::Varbinary(_)
        | DataType::Bytes(_)
        | DataType::Bytea => plain(Type::Blob),
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => {
            let precision = match info {
                ExactNumberInfo::None => None,
                ExactNumberInfo::Precision(precision) => Some((*precision, 0)),
                ExactNumberInfo::PrecisionAndScale(precision, scale) => Some((*precision, *scale)),
            };
            Declared { precision, ..plain(Type::Decimal) }
        }
        DataType::Float(_)
        | DataType::Float4
        | DataType::Float8
        | DataType::Float32
        | DataType::Float64
        | DataType::Real
        | DataType::Double
        | DataType::DoublePrecision => plain(Type::Float),
        DataType::TinyInt(_) | DataType::SmallInt(_) | DataType::Int2(_) => {
            Declared { range: Some((i64::from(i16::MIN), i64::from(i16::MAX))), ..plain(Type::Int) }
        }
        DataType::Integer(_)
        | DataType::Int(_)
        | DataType::Int4(_)
        | DataType::Int8(_)
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::MediumInt(_)
        | DataType::BigInt(_) => plain(Type::Int),
        DataType::UnsignedInt(_)
        | DataType::UnsignedInteger(_)
        | DataType::UnsignedBigInt(_)
        | DataType::UnsignedSmallInt(_)
        | DataType::UnsignedTinyInt(_)
        | DataType::UnsignedMediumInt(_)
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Declared { range: Some((0, i64::MAX)), ..plain(Type::Int) },
        DataType::Bool | DataType::Boolean => plain(Type::Bool),
        DataType::Date => plain(Type::Date),
        DataType::Time(..) => plain(Type::Time),
        DataType::Timestamp(..) | DataType::Datetime(_) => plain(Type::Timestamp),
        DataType::JSON | DataType::JSONB => plain(Type::Json),
        DataType::Custom(name, _) => {
            let word = name
                .0
                .last()
                .map(|ident| crate::text::name(ident).text.to_uppercase())
                .unwrap_or_default();
            match word.as_str() {
                "SERIAL" | "BIGSERIAL" | "SMALLSERIAL" => {
                    Declared { numbered: true, text: "INTEGER".to_owned(), ..plain(Type::Int) }
                }
                "TIMESTAMPTZ" => plain(Type::Timestamp),
                "NUMBER" => plain(Type::Decimal),
                "STRING" | "CITEXT" | "NTEXT" | "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" => {
                    plain(Type::Text)
                }
                "LONGBLOB" | "MEDIUMBLOB" | "TINYBLOB" => plain(Type::Blob),
                _ => return Err(unknown(&text)),
            }
        }
        DataType::Unspecified => {
            return Err(SqlError::refused("a column without a type is not supported")
                .hint("give it one, such as TEXT or INTEGER"));
        }
        _ => return Err(unknown(&text)),
    })
}

fn unknown(text: &str) -> SqlError {
    SqlError::refused(format!("the type {text} is not supported"))
        .hint("use INTEGER, BIGINT, REAL, NUMERIC(p, s), TEXT, VARCHAR(n), BOOLEAN, DATE, TIME, TIMESTAMP, UUID, JSON or BLOB")
}

/// A whole number of rows, for LIMIT and OFFSET.
pub(crate) fn count(expr: &Expr) -> Option<i64> {
    match expr.as_value()? {
        Value::I64(number) => Some(*number),
        Value::F64(number) if number.fract() == 0.0 => number.to_i64(),
        Value::Str(text) => types::parse(text, Type::Int)
            .and_then(|value| if let Value::I64(number) = value { Some(number) } else { None }),
        _ => None,
    }
}
