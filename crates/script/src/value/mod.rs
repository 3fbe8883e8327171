//! Python's values.

mod args;
mod class;
mod dict;
mod iter;
mod key;
mod object;
mod repr;

use std::cell::RefCell;
use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

pub use args::Args;
pub(crate) use args::{listed, too_many};
pub use class::{Class, Hooks, Instance, Named, Names};
pub use dict::{Dict, Set};
pub(crate) use iter::Steps;
pub use iter::{Each, Items, Iterate};
pub use key::Key;
pub(crate) use object::Body;
pub use object::{Bound, Function, Method, Native, Object, Side};
pub(crate) use repr::{datetime_text, float_text, quoted, time_text, uuid_text, zone_text};

use crate::eval::Raised;

/// A function's body of statements.
pub(crate) fn function_body(body: Vec<ruff_python_ast::Stmt>) -> Body {
    Body::Statements(body.into())
}

/// A lambda's body.
pub(crate) fn lambda_body(expr: ruff_python_ast::Expr) -> Body {
    Body::Expression(Rc::new(expr))
}

/// What evaluating gives: a value, or what ended it.
pub type Outcome<T = Value> = Result<T, Box<Raised>>;

/// A call of an `async def` that nothing has awaited yet.
pub type Started = (Rc<Function>, Args);

/// A value. What is larger than eight bytes lies behind a pointer: all code that runs calls moves values about, and of every
/// move a word more is a load and a store.
#[derive(Clone)]
pub enum Value {
    /// `None`.
    None,
    /// `...`
    Ellipsis,
    /// What a special method gives where it does not know the other side.
    NotImplemented,
    /// A boolean.
    Bool(bool),
    /// An integer; those beyond 64 bits are refused.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// `decimal.Decimal`.
    Decimal(Rc<Decimal>),
    /// `datetime.date`.
    Date(NaiveDate),
    /// `datetime.datetime`, with its distance from UTC in seconds where it has one.
    DateTime(Rc<NaiveDateTime>, Option<i32>),
    /// `datetime.time`.
    Time(NaiveTime),
    /// `datetime.timedelta`, in microseconds.
    Delta(i64),
    /// `datetime.timezone`, in seconds from UTC.
    Zone(i32),
    /// `uuid.UUID`.
    Uuid(Rc<u128>),
    /// A list.
    List(Rc<RefCell<Vec<Value>>>),
    /// A tuple.
    Tuple(Rc<[Value]>),
    /// A dictionary.
    Dict(Rc<RefCell<Dict>>),
    /// A set.
    Set(Rc<RefCell<Set>>),
    /// `range(start, stop, step)`.
    Range(Rc<[i64; 3]>),
    /// `slice(start, stop, step)`.
    Slice(Rc<[Value; 3]>),
    /// A function that the script defines.
    Function(Rc<Function>),
    /// A function of ours.
    Native(Rc<Native>),
    /// A function with its first argument.
    Bound(Rc<Bound>),
    /// A class.
    Class(Rc<Class>),
    /// An instance of a class: of a model, or an exception.
    Instance(Rc<Instance>),
    /// A module.
    Module(Rc<Class>),
    /// An iterator.
    Iter(Rc<Each>),
    /// What an `async def` gives until it is awaited.
    Coroutine(Rc<RefCell<Option<Started>>>),
    /// What an ORM adds.
    Object(Rc<dyn Object>),
}

impl Value {
    /// A string.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(text.as_ref().into())
    }

    /// A list.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A tuple.
    pub fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(items.into())
    }

    /// A dictionary.
    pub fn dict(dict: Dict) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }

    /// A set.
    pub fn set(set: Set) -> Self {
        Self::Set(Rc::new(RefCell::new(set)))
    }

    /// A moment, with its distance from UTC in seconds where it has one.
    pub fn datetime(moment: NaiveDateTime, zone: Option<i32>) -> Self {
        Self::DateTime(Rc::new(moment), zone)
    }

    /// `range(start, stop, step)`.
    pub fn range(start: i64, stop: i64, step: i64) -> Self {
        Self::Range(Rc::new([start, stop, step]))
    }

    /// A function of ours.
    pub fn native(
        name: &'static str,
        run: impl Fn(&mut crate::Machine, Args) -> Outcome + 'static,
    ) -> Self {
        Self::boxed_native(name, Box::new(run))
    }

    /// The same for all functions: there are hundreds.
    #[inline(never)]
    fn boxed_native(name: &'static str, run: Box<dyn object::Run>) -> Self {
        Self::Native(Rc::new(Native { name, run }))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// An integer, booleans among them.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(yes) => Some(i64::from(*yes)),
            _ => None,
        }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// `a is b`.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::NotImplemented, Self::NotImplemented) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (a, b) => match (a.address(), b.address()) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            },
        }
    }

    /// Where it lies, for what has an identity.
    pub fn address(&self) -> Option<usize> {
        fn at<T: ?Sized>(rc: &Rc<T>) -> Option<usize> {
            Some(Rc::as_ptr(rc).cast::<u8>() as usize)
        }
        match self {
            Self::Bytes(it) => at(it),
            Self::List(it) => at(it),
            Self::Tuple(it) => at(it),
            Self::Dict(it) => at(it),
            Self::Set(it) => at(it),
            Self::Slice(it) => at(it),
            Self::Function(it) => at(it),
            Self::Native(it) => at(it),
            Self::Bound(it) => at(it),
            Self::Class(it) | Self::Module(it) => at(it),
            Self::Instance(it) => at(it),
            Self::Iter(it) => at(it),
            Self::Coroutine(it) => at(it),
            Self::Object(it) => at(it),
            Self::Str(it) => at(it),
            Self::None
            | Self::Ellipsis
            | Self::NotImplemented
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Decimal(_)
            | Self::Date(_)
            | Self::DateTime(..)
            | Self::Time(_)
            | Self::Delta(_)
            | Self::Zone(_)
            | Self::Uuid(_)
            | Self::Range(..) => None,
        }
    }

    /// The name of its class, as messages say it.
    pub fn type_name(&self) -> Rc<str> {
        match self {
            Self::None => "NoneType".into(),
            Self::Ellipsis => "ellipsis".into(),
            Self::NotImplemented => "NotImplementedType".into(),
            Self::Bool(_) => "bool".into(),
            Self::Int(_) => "int".into(),
            Self::Float(_) => "float".into(),
            Self::Str(_) => "str".into(),
            Self::Bytes(_) => "bytes".into(),
            Self::Decimal(_) => "decimal.Decimal".into(),
            Self::Date(_) => "datetime.date".into(),
            Self::DateTime(..) => "datetime.datetime".into(),
            Self::Time(_) => "datetime.time".into(),
            Self::Delta(_) => "datetime.timedelta".into(),
            Self::Zone(_) => "datetime.timezone".into(),
            Self::Uuid(_) => "UUID".into(),
            Self::List(_) => "list".into(),
            Self::Tuple(_) => "tuple".into(),
            Self::Dict(_) => "dict".into(),
            Self::Set(_) => "set".into(),
            Self::Range(..) => "range".into(),
            Self::Slice(_) => "slice".into(),
            Self::Function(_) => "function".into(),
            Self::Native(_) => "builtin_function_or_method".into(),
            Self::Bound(_) => "method".into(),
            Self::Class(class) => {
                class.meta.as_ref().map_or("type".into(), |meta| meta.name.clone())
            }
            Self::Module(_) => "module".into(),
            Self::Instance(instance) => instance.class.name.clone(),
            Self::Iter(each) => each.name.into(),
            Self::Coroutine(_) => "coroutine".into(),
            Self::Object(object) => object.class().name.clone(),
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.type_name())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Decimal(Rc::new(number))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::list(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        // Pointers are half as long where the browser runs it.
        assert_eq!(
            size_of::<Outcome<Option<Value>>>(),
            if cfg!(target_pointer_width = "32") { 16 } else { 24 }
        );
    }
}
