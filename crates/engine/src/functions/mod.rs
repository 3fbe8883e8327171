//! Scalar functions with SQLite's results. GlueSQL's own count bytes, panic on letters beyond ASCII, or differ in their types.

mod dates;
mod like;
mod numbers;
mod strings;

use gluesql_core::data::Value;

use crate::types::Type;

pub(crate) use dates::now_value;
pub(crate) use like::Pattern;
pub(crate) use strings::{LONGEST, TOO_LONG};

/// What an argument must be. The checker converts to it, or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Text; numbers and dates are turned into theirs.
    Text,
    /// A whole number.
    Int,
    /// A floating-point number; whole and exact ones are widened.
    Float,
    /// A number, as it is.
    Number,
    /// A date, a timestamp, or text.
    Moment,
    /// Anything.
    Any,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    A(Type),
    /// The type of its first argument.
    First,
}

/// A function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Fewest and most arguments.
    pub(crate) arity: (usize, usize),
    /// What each argument is; the last stands for all that follow.
    pub(crate) takes: &'static [Takes],
    pub(crate) gives: Gives,
    /// Whether a NULL argument gives NULL.
    pub(crate) strict: Strict,
    body: fn(&[Value]) -> Result<Value, String>,
}

/// How a function takes NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    Yes,
    No,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    pub(crate) fn call(&self, arguments: &[Value]) -> Result<Value, String> {
        if self.strict == Strict::Yes && arguments.iter().any(Value::is_null) {
            return Ok(Value::Null);
        }
        (self.body)(arguments)
    }
}

const fn function(
    name: &'static str,
    arity: (usize, usize),
    takes: &'static [Takes],
    gives: Gives,
    body: fn(&[Value]) -> Result<Value, String>,
) -> Function {
    Function { name, arity, takes, gives, strict: Strict::Yes, body }
}

const fn lenient(
    name: &'static str,
    arity: (usize, usize),
    takes: &'static [Takes],
    gives: Gives,
    body: fn(&[Value]) -> Result<Value, String>,
) -> Function {
    Function { name, arity, takes, gives, strict: Strict::No, body }
}

const MANY: usize = 100;

/// A value as one of a wider type: a number, or a moment for a day.
///
/// # Errors
/// Where it is out of that type's range.
pub(crate) fn converted(value: &Value, ty: Type) -> Result<Value, String> {
    let value = std::slice::from_ref(value);
    match ty {
        Type::Decimal => numbers::to_decimal(value),
        Type::Timestamp => dates::to_timestamp(value),
        _ => numbers::to_float(value),
    }
}

use Gives::{A, First};
use Takes::{Any, Float, Int, Moment, Number, Text};

/// All functions, by name in lower case.
static FUNCTIONS: &[Function] = &[
    function("length", (1, 1), &[Any], A(Type::Int), strings::length),
    function("octet_length", (1, 1), &[Text], A(Type::Int), strings::octet_length),
    function("upper", (1, 1), &[Text], A(Type::Text), strings::upper),
    function("lower", (1, 1), &[Text], A(Type::Text), strings::lower),
    function("substr", (2, 3), &[Text, Int, Int], A(Type::Text), strings::substr),
    function("left", (2, 2), &[Text, Int], A(Type::Text), strings::left),
    function("right", (2, 2), &[Text, Int], A(Type::Text), strings::right),
    function("trim", (1, 2), &[Text, Text], A(Type::Text), strings::trim),
    function("ltrim", (1, 2), &[Text, Text], A(Type::Text), strings::ltrim),
    function("rtrim", (1, 2), &[Text, Text], A(Type::Text), strings::rtrim),
    function("replace", (3, 3), &[Text, Text, Text], A(Type::Text), strings::replace),
    function("instr", (2, 2), &[Text, Text], A(Type::Int), strings::instr),
    function("find_idx", (2, 2), &[Text, Text], A(Type::Int), strings::instr),
    function("strpos", (2, 2), &[Text, Text], A(Type::Int), strings::instr),
    function("lpad", (2, 3), &[Text, Int, Text], A(Type::Text), strings::lpad),
    function("rpad", (2, 3), &[Text, Int, Text], A(Type::Text), strings::rpad),
    function("repeat", (2, 2), &[Text, Int], A(Type::Text), strings::repeat),
    function("reverse", (1, 1), &[Text], A(Type::Text), strings::reverse),
    function("initcap", (1, 1), &[Text], A(Type::Text), strings::initcap),
    lenient("concat", (1, MANY), &[Text], A(Type::Text), strings::concat),
    lenient("concat_ws", (2, MANY), &[Text], A(Type::Text), strings::concat_ws),
    function("hex", (1, 1), &[Any], A(Type::Text), strings::hex),
    function("char", (1, MANY), &[Int], A(Type::Text), strings::char),
    function("chr", (1, 1), &[Int], A(Type::Text), strings::char),
    function("unicode", (1, 1), &[Text], A(Type::Int), strings::unicode),
    function("ascii", (1, 1), &[Text], A(Type::Int), strings::unicode),
    lenient("quote", (1, 1), &[Any], A(Type::Text), strings::quote),
    lenient("typeof", (1, 1), &[Any], A(Type::Text), strings::type_of),
    function("like", (2, 3), &[Text, Text, Text], A(Type::Bool), like::like),
    function("like_exact", (2, 3), &[Text, Text, Text], A(Type::Bool), like::like_exact),
    function("glob", (2, 2), &[Text, Text], A(Type::Bool), like::glob),
    function("to_text", (1, 1), &[Any], A(Type::Text), strings::to_text),
    function("to_int", (1, 1), &[Any], A(Type::Int), numbers::to_int),
    function("to_float", (1, 1), &[Any], A(Type::Float), numbers::to_float),
    function("to_decimal", (1, 1), &[Any], A(Type::Decimal), numbers::to_decimal),
    function("to_date", (1, 1), &[Any], A(Type::Date), dates::to_date),
    function("to_time", (1, 1), &[Any], A(Type::Time), dates::to_time),
    function("to_timestamp", (1, 1), &[Any], A(Type::Timestamp), dates::to_timestamp),
    function("abs", (1, 1), &[Number], First, numbers::abs),
    function("sign", (1, 1), &[Number], A(Type::Int), numbers::sign),
    function("round", (1, 2), &[Float, Int], A(Type::Float), numbers::round),
    function("round_exact", (1, 2), &[Number, Int], A(Type::Decimal), numbers::round_exact),
    function("ceil", (1, 1), &[Number], First, numbers::ceil),
    function("ceiling", (1, 1), &[Number], First, numbers::ceil),
    function("floor", (1, 1), &[Number], First, numbers::floor),
    function("trunc", (1, 1), &[Number], First, numbers::trunc),
    function("mod", (2, 2), &[Float], A(Type::Float), numbers::modulo),
    function("sqrt", (1, 1), &[Float], A(Type::Float), numbers::sqrt),
    function("power", (2, 2), &[Float], A(Type::Float), numbers::power),
    function("pow", (2, 2), &[Float], A(Type::Float), numbers::power),
    function("exp", (1, 1), &[Float], A(Type::Float), numbers::exp),
    function("ln", (1, 1), &[Float], A(Type::Float), numbers::ln),
    function("log", (1, 2), &[Float], A(Type::Float), numbers::log),
    function("log10", (1, 1), &[Float], A(Type::Float), numbers::log10),
    function("log2", (1, 1), &[Float], A(Type::Float), numbers::log2),
    function("sin", (1, 1), &[Float], A(Type::Float), numbers::sin),
    function("cos", (1, 1), &[Float], A(Type::Float), numbers::cos),
    function("tan", (1, 1), &[Float], A(Type::Float), numbers::tan),
    function("radians", (1, 1), &[Float], A(Type::Float), numbers::radians),
    function("degrees", (1, 1), &[Float], A(Type::Float), numbers::degrees),
    function("strftime", (2, MANY), &[Text, Moment, Text], A(Type::Text), dates::strftime),
    function("date", (1, MANY), &[Moment, Text], A(Type::Date), dates::date),
    function("time", (1, MANY), &[Moment, Text], A(Type::Text), dates::time),
    function("datetime", (1, MANY), &[Moment, Text], A(Type::Timestamp), dates::datetime),
    function("julianday", (1, MANY), &[Moment, Text], A(Type::Float), dates::julianday),
    function("date_part", (2, 2), &[Text, Moment], A(Type::Int), dates::date_part),
    // Helpers that only the checker writes.
    function("nonzero", (1, 1), &[Number], First, numbers::nonzero),
    function("least", (2, MANY), &[Any], First, numbers::least),
    function("greatest", (2, MANY), &[Any], First, numbers::greatest),
];

/// The function of this name (lower case).
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let name = match name {
        "substring" => "substr",
        "char_length" | "character_length" => "length",
        "to_char" => "strftime_unsupported",
        other => other,
    };
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names that a user may write, for suggestions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let more = [
        "count",
        "sum",
        "avg",
        "min",
        "max",
        "total",
        "group_concat",
        "string_agg",
        "coalesce",
        "ifnull",
        "nullif",
        "iif",
        "now",
    ];
    FUNCTIONS
        .iter()
        .map(|function| function.name)
        .filter(|name| !matches!(*name, "nonzero" | "like_exact" | "round_exact"))
        .chain(more)
}

/// The function behind `gen_random_uuid()`. Its argument is of no account.
pub(crate) fn uuid() -> &'static Function {
    static UUID: Function = function("uuid", (1, 1), &[Int], A(Type::Uuid), random_uuid);
    &UUID
}

fn random_uuid(_: &[Value]) -> Result<Value, String> {
    let mut bytes = [0_u8; 16];
    getrandom::getrandom(&mut bytes).map_err(|_| "there is no randomness here".to_owned())?;
    let random = u128::from_be_bytes(bytes) & !(0xF000_u128 << 64) & !(0xC000_u128 << 48);
    Ok(Value::Uuid(random | (0x4000_u128 << 64) | (0x8000_u128 << 48)))
}

fn text(arguments: &[Value], at: usize) -> &str {
    match arguments.get(at) {
        Some(Value::Str(text)) => text,
        _ => "",
    }
}

fn int(arguments: &[Value], at: usize) -> i64 {
    match arguments.get(at) {
        Some(Value::I64(number)) => *number,
        _ => 0,
    }
}

fn float(arguments: &[Value], at: usize) -> f64 {
    match arguments.get(at) {
        Some(Value::F64(number)) => *number,
        #[expect(clippy::cast_precision_loss, reason = "widening, as SQLite does")]
        Some(Value::I64(number)) => *number as f64,
        _ => 0.0,
    }
}
