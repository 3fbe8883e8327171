//! Python expressions, as far as the meaning of a models file needs them.

use serde::{Deserialize, Serialize};

use super::Argument;

/// The value of an argument or a class attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// A float or a larger integer, as it is written.
    Number(String),
    /// A string, implicit concatenation and constant f-strings included.
    Str(String),
    /// A list, tuple or set display.
    List(Vec<Value>),
    /// A dictionary display.
    Dict(Vec<(Value, Value)>),
    /// A name or dotted path: `CASCADE`, `models.CASCADE`, `uuid.uuid4`.
    Name(String),
    /// A call: `Q(number=1)`, `models.Index(fields=[…])`.
    Call {
        /// The dotted path of what is called.
        callee: String,
        /// Its arguments in order.
        args: Vec<Argument>,
    },
    /// Anything else, as it is written.
    Other(String),
}

impl Value {
    /// The string, where the value is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, where the value is a list, tuple or set.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The number, where the value is a small one that is not negative.
    pub fn as_u32(&self) -> Option<u32> {
        match self {
            Self::Int(int) => u32::try_from(*int).ok(),
            _ => None,
        }
    }

    /// The last segment of a dotted path: `CASCADE` of `models.CASCADE`.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Self::Name(path) => path.rsplit('.').next(),
            _ => None,
        }
    }
}
