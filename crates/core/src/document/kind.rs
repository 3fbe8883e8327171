//! The logical types of columns.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A column's type as the user means it, neutral between ORMs and databases.
///
/// `Display` writes the form of the recorded cases: `varchar(100)`, `decimal(8,2)`, `integer_unsigned`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColumnType {
    /// 16 bits.
    SmallInt,
    /// 32 bits.
    Integer,
    /// 64 bits.
    BigInt,
    /// 16 bits, not negative.
    SmallIntUnsigned,
    /// 32 bits, not negative.
    IntegerUnsigned,
    /// 64 bits, not negative.
    BigIntUnsigned,
    /// Text of at most so many characters; without a bound where the ORM has none.
    Varchar(Option<u32>),
    /// Text of exactly so many characters.
    Char(u32),
    /// Text without a bound.
    Text,
    /// True or false.
    Boolean,
    /// Exact number: digits in all, digits after the point.
    Decimal(Option<(u32, u32)>),
    /// Binary floating point.
    Float,
    /// A calendar day.
    Date,
    /// A day and a time of day.
    DateTime,
    /// A time of day.
    Time,
    /// A span of time.
    Duration,
    /// JSON.
    Json,
    /// Bytes.
    Binary,
    /// A UUID.
    Uuid,
    /// An IP address.
    Ip,
    /// A type that this tool does not know, by the name of the field class.
    Unknown(String),
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::SmallInt => "smallint",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::SmallIntUnsigned => "smallint_unsigned",
            Self::IntegerUnsigned => "integer_unsigned",
            Self::BigIntUnsigned => "bigint_unsigned",
            Self::Varchar(Some(length)) => return write!(f, "varchar({length})"),
            Self::Varchar(None) => "varchar",
            Self::Char(length) => return write!(f, "char({length})"),
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Decimal(Some((digits, places))) => {
                return write!(f, "decimal({digits},{places})");
            }
            Self::Decimal(None) => "decimal",
            Self::Float => "float",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Json => "json",
            Self::Binary => "binary",
            Self::Uuid => "uuid",
            Self::Ip => "ip",
            Self::Unknown(class) => class,
        };
        f.write_str(name)
    }
}
