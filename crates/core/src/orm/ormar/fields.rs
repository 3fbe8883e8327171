//! ormar's field classes: what their arguments mean and what columns they make.
//!
//! Source: `ormar/fields/model_fields.py`, `foreign_key.py` and `many_to_many.py` of 0.26; recorded in `ormar/027`.

use crate::document::{Argument, ColumnType, Value};

/// What a field class makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A column.
    Column,
    /// A foreign key.
    ForeignKey,
    /// A table in between.
    ManyToMany,
}

/// What a field class does with positional arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Positional {
    /// It takes these and no more; without any it takes only keywords.
    Named(&'static [&'static str]),
    /// It takes any number, and passes over them.
    Ignored,
}

/// A field class of ormar's own.
#[derive(Debug)]
pub(super) struct Known {
    /// Its name.
    pub(super) name: &'static str,
    /// What it makes.
    pub(super) shape: Shape,
    /// Its positional arguments.
    pub(super) positional: Positional,
    /// Arguments that it cannot do without.
    pub(super) required: &'static [&'static str],
    /// Keywords that only it and its like know.
    pub(super) keywords: &'static [&'static str],
}

const fn column(name: &'static str, keywords: &'static [&'static str]) -> Known {
    Known {
        name,
        shape: Shape::Column,
        positional: Positional::Named(&[]),
        required: &[],
        keywords,
    }
}

const RANGE: &[&str] = &["minimum", "maximum", "multiple_of"];

const DECIMAL: &[&str] =
    &["minimum", "maximum", "multiple_of", "precision", "scale", "max_digits", "decimal_places"];

const RELATION: &[&str] = &[
    "to",
    "related_name",
    "virtual",
    "onupdate",
    "ondelete",
    "foreign_key_name",
    "orders_by",
    "related_orders_by",
    "skip_reverse",
    "skip_field",
    "self_reference",
    "owner",
    "real_name",
];

const MANY: &[&str] = &[
    "to",
    "through",
    "related_name",
    "virtual",
    "orders_by",
    "related_orders_by",
    "skip_reverse",
    "skip_field",
    "self_reference",
    "owner",
    "through_relation_name",
    "through_reverse_relation_name",
    "through_foreign_key_name",
    "through_reverse_foreign_key_name",
    "through_relation_nullable",
    "through_reverse_relation_nullable",
];

static KNOWN: &[Known] = &[
    Known { required: &["max_length"], ..column("String", &["max_length", "min_length", "regex"]) },
    column("Integer", RANGE),
    column("Text", &[]),
    column("Float", RANGE),
    Known { positional: Positional::Ignored, ..column("Boolean", &[]) },
    column("DateTime", &["timezone"]),
    Known { positional: Positional::Ignored, ..column("Date", &[]) },
    column("Time", &["timezone"]),
    Known { positional: Positional::Ignored, ..column("JSON", &[]) },
    Known {
        required: &["max_length"],
        ..column("LargeBinary", &["max_length", "represent_as_base64_str"])
    },
    column("BigInteger", RANGE),
    column("SmallInteger", RANGE),
    column("Decimal", DECIMAL),
    column("UUID", &["uuid_format"]),
    Known { required: &["enum_class"], ..column("Enum", &["enum_class"]) },
    Known {
        name: "ForeignKey",
        shape: Shape::ForeignKey,
        positional: Positional::Named(&["to"]),
        required: &["to"],
        keywords: RELATION,
    },
    Known {
        name: "ManyToMany",
        shape: Shape::ManyToMany,
        positional: Positional::Named(&["to", "through"]),
        required: &["to"],
        keywords: MANY,
    },
];

/// ormar's own field class of this name.
pub(super) fn known(class: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == class)
}

/// The names of all field classes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.name)
}

/// Whether a primary key of this class is numbered by the database unless it says otherwise.
pub(super) fn is_integer(class: &str) -> bool {
    matches!(class, "Integer" | "BigInteger" | "SmallInteger")
}

/// The argument of this name, however it is written.
pub(super) fn argument<'a>(
    class: Option<&Known>,
    args: &'a [Argument],
    name: &str,
) -> Option<&'a Argument> {
    if let Some(found) = args.iter().find(|arg| arg.keyword.as_deref() == Some(name)) {
        return Some(found);
    }
    let Positional::Named(names) = class?.positional else { return None };
    let at = names.iter().position(|parameter| *parameter == name)?;
    args.iter().filter(|arg| arg.keyword.is_none()).nth(at)
}

/// Its value; `None` also where it is Python's `None`.
pub(super) fn value<'a>(
    class: Option<&Known>,
    args: &'a [Argument],
    name: &str,
) -> Option<&'a Value> {
    argument(class, args, name).map(|arg| &arg.value).filter(|value| **value != Value::None)
}

/// Whether Python takes a value for true; `None` where that is not known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::None => Some(false),
        Value::Bool(bool) => Some(*bool),
        Value::Int(int) => Some(*int != 0),
        Value::Str(text) => Some(!text.is_empty()),
        Value::List(items) => Some(!items.is_empty()),
        Value::Dict(entries) => Some(!entries.is_empty()),
        Value::Number(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => None,
    }
}

/// A boolean argument, where it is given and not `None`.
pub(super) fn boolean(args: &[Argument], name: &str) -> Option<bool> {
    value(None, args, name).and_then(truth)
}

/// The digits of a `Decimal`: in all, and after the point. `None` where ormar refuses them (a `decimal_places` of 0 counts as not given).
pub(super) fn digits(args: &[Argument]) -> Option<(u32, u32)> {
    let number = |name| value(None, args, name).and_then(Value::as_u32);
    let given = |new, old| number(new).filter(|number| *number != 0).or_else(|| number(old));
    given("max_digits", "precision").zip(given("decimal_places", "scale"))
}

/// The type of a column. `None` for a class that is not ormar's.
pub(super) fn column_type(class: &str, args: &[Argument]) -> Option<ColumnType> {
    Some(match class {
        "String" => ColumnType::Varchar(value(None, args, "max_length").and_then(Value::as_u32)),
        "Integer" => ColumnType::Integer,
        "BigInteger" => ColumnType::BigInt,
        "SmallInteger" => ColumnType::SmallInt,
        "Text" => ColumnType::Text,
        "Float" => ColumnType::Float,
        "Boolean" => ColumnType::Boolean,
        "DateTime" => ColumnType::DateTime,
        "Date" => ColumnType::Date,
        "Time" => ColumnType::Time,
        "JSON" => ColumnType::Json,
        "LargeBinary" => ColumnType::Binary,
        "Decimal" => ColumnType::Decimal(digits(args)),
        "UUID" => ColumnType::Uuid,
        _ => return None,
    })
}
