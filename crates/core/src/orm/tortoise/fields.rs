//! Tortoise's field classes: what they are called, what they take by position, what columns they make.
//!
//! Source: `tortoise/fields/data.py` and `relational.py` of 1.1.9; recorded in `tortoise/034`.

use crate::document::{ColumnType, Value};
use crate::python::Args;

/// What a field class makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A column.
    Column,
    /// A foreign key.
    ForeignKey,
    /// A unique foreign key.
    OneToOne,
    /// A table in between.
    ManyToMany,
}

/// How Python words a wrong call of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callable {
    /// A class: its `__init__` is named, and takes `self`.
    Class,
    /// A function that returns a field.
    Function,
}

/// A field class of Tortoise's own.
#[derive(Debug)]
pub(super) struct Known {
    /// Its name.
    pub(super) name: &'static str,
    /// What it makes.
    pub(super) shape: Shape,
    /// What its positional arguments are.
    pub(super) positional: &'static [&'static str],
    /// How many of these must be given.
    pub(super) required: usize,
    /// Class or function.
    pub(super) callable: Callable,
    /// Whether it can have an index (`indexable`).
    pub(super) indexable: bool,
    /// Whether the database can number rows by it (`allows_generated`).
    pub(super) generates: bool,
}

const fn class(name: &'static str, positional: &'static [&'static str]) -> Known {
    Known {
        name,
        shape: Shape::Column,
        positional,
        required: 0,
        callable: Callable::Class,
        indexable: true,
        generates: false,
    }
}

const fn requiring(required: usize, known: Known) -> Known {
    Known { required, ..known }
}

const fn not_indexable(known: Known) -> Known {
    Known { indexable: false, ..known }
}

const fn whole_number(name: &'static str) -> Known {
    Known { generates: true, ..class(name, &["primary_key"]) }
}

const fn function(name: &'static str, shape: Shape, positional: &'static [&'static str]) -> Known {
    Known { shape, required: 1, callable: Callable::Function, ..class(name, positional) }
}

const MOMENT: &[&str] = &["auto_now", "auto_now_add"];
const KEY: &[&str] = &["to", "related_name", "on_delete", "db_constraint", "null"];
const MANY: &[&str] = &[
    "to",
    "through",
    "forward_key",
    "backward_key",
    "related_name",
    "on_delete",
    "db_constraint",
    "unique",
];

/// What `Field.__init__` itself takes: all of it may be given to any class by keyword.
pub(super) const COMMON: &[&str] = &[
    "source_field",
    "generated",
    "primary_key",
    "null",
    "default",
    "db_default",
    "unique",
    "db_index",
    "description",
    "model",
    "validators",
];

static KNOWN: &[Known] = &[
    requiring(1, class("CharField", &["max_length"])),
    not_indexable(class("TextField", &["primary_key", "unique", "db_index"])),
    whole_number("IntField"),
    whole_number("BigIntField"),
    whole_number("SmallIntField"),
    class("BooleanField", &[]),
    class("DateField", &[]),
    class("DatetimeField", MOMENT),
    class("TimeField", MOMENT),
    class("TimeDeltaField", &[]),
    class("FloatField", &[]),
    requiring(2, class("DecimalField", &["max_digits", "decimal_places"])),
    class("UUIDField", &[]),
    not_indexable(class("JSONField", &["encoder", "decoder"])),
    not_indexable(class("BinaryField", &[])),
    function("IntEnumField", Shape::Column, &["enum_type", "description"]),
    function("CharEnumField", Shape::Column, &["enum_type", "description", "max_length"]),
    function("ForeignKeyField", Shape::ForeignKey, KEY),
    function("OneToOneField", Shape::OneToOne, KEY),
    function("ManyToManyField", Shape::ManyToMany, MANY),
    class("ArrayField", &["element_type"]),
    class("TSVectorField", &["source_fields", "config", "weights", "stored"]),
    class("GeometryField", COMMON),
    class("Field", COMMON),
];

/// Names under which Tortoise also has some of them, as Django calls them.
static ALIASES: &[(&str, &str)] = &[
    ("IntegerField", "IntField"),
    ("SmallIntegerField", "SmallIntField"),
    ("BigIntegerField", "BigIntField"),
    ("DurationField", "TimeDeltaField"),
    ("DateTimeField", "DatetimeField"),
    ("ForeignKey", "ForeignKeyField"),
    ("ForeignKeyFieldInstance", "ForeignKeyField"),
    ("OneToOneFieldInstance", "OneToOneField"),
    ("ManyToManyFieldInstance", "ManyToManyField"),
    ("IntEnumFieldInstance", "IntEnumField"),
    ("CharEnumFieldInstance", "CharEnumField"),
];

/// Tortoise's own field class of this name.
pub(super) fn known(name: &str) -> Option<&'static Known> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, own)| own);
    KNOWN.iter().find(|known| known.name == name)
}

/// The type of a column; `None` for a class that is not Tortoise's. `choices` are those of an enumeration.
pub(super) fn column_type(
    class: &str,
    args: &Args<'_>,
    choices: &[(Value, Value)],
) -> Option<ColumnType> {
    Some(match class {
        "CharField" => ColumnType::Varchar(args.value("max_length").and_then(length)),
        "CharEnumField" => ColumnType::Varchar(match args.value("max_length") {
            None | Some(Value::Int(0)) => longest(choices),
            Some(said) => length(said),
        }),
        "TextField" => ColumnType::Text,
        "IntField" => ColumnType::Integer,
        "BigIntField" => ColumnType::BigInt,
        "SmallIntField" | "IntEnumField" => ColumnType::SmallInt,
        "BooleanField" => ColumnType::Boolean,
        "FloatField" => ColumnType::Float,
        "DecimalField" => {
            let digits = |name| args.value(name).and_then(Value::as_u32);
            ColumnType::Decimal(digits("max_digits").zip(digits("decimal_places")))
        }
        "DateField" => ColumnType::Date,
        "DatetimeField" => ColumnType::DateTime,
        "TimeField" => ColumnType::Time,
        "TimeDeltaField" => ColumnType::Duration,
        "JSONField" => ColumnType::Json,
        "BinaryField" => ColumnType::Binary,
        "UUIDField" => ColumnType::Uuid,
        _ => return None,
    })
}

/// Python's `int()` of a length.
fn length(value: &Value) -> Option<u32> {
    match value {
        Value::Str(text) => text.trim().parse().ok(),
        other => other.as_u32(),
    }
}

/// The longest value of an enumeration: `CharEnumField` makes its column as wide. `None` where a value is not known.
fn longest(choices: &[(Value, Value)]) -> Option<u32> {
    let lengths = choices.iter().map(|(value, _)| Some(text(value)?.chars().count() as u32));
    lengths.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Python's `str()` of a constant.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) | Value::Number(text) => Some(text.clone()),
        Value::Int(int) => Some(int.to_string()),
        Value::Bool(yes) => Some(if *yes { "True" } else { "False" }.into()),
        Value::None => Some("None".into()),
        Value::List(_) | Value::Dict(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => {
            None
        }
    }
}

/// SQLite's name of a type (`SQL_TYPE`, or that of `_db_sqlite`).
pub(super) fn sqlite_type(ty: &ColumnType) -> String {
    match ty {
        ColumnType::SmallInt | ColumnType::SmallIntUnsigned => "SMALLINT",
        ColumnType::Integer | ColumnType::IntegerUnsigned | ColumnType::Boolean => "INT",
        ColumnType::BigInt | ColumnType::BigIntUnsigned | ColumnType::Duration => "BIGINT",
        ColumnType::Varchar(Some(length)) => return format!("VARCHAR({length})"),
        ColumnType::Varchar(None) => "VARCHAR",
        ColumnType::Char(length) => return format!("CHAR({length})"),
        ColumnType::Text => "TEXT",
        ColumnType::Decimal(_) => "VARCHAR(40)",
        ColumnType::Float => "REAL",
        ColumnType::Date => "DATE",
        ColumnType::DateTime => "TIMESTAMP",
        ColumnType::Time => "TIME",
        ColumnType::Json => "JSON",
        ColumnType::Binary => "BLOB",
        ColumnType::Uuid => "CHAR(36)",
        ColumnType::Ip => "VARCHAR(39)",
        ColumnType::Unknown(class) => class,
    }
    .to_owned()
}

/// How the schema document words a type that is only known by its name in SQLite (a class of the file's own).
pub(super) fn word(native: &str) -> String {
    let lower = native.to_lowercase();
    match lower.as_str() {
        "int" | "integer" => "integer".into(),
        "bool" | "boolean" => "boolean".into(),
        "real" => "float".into(),
        "double precision" => "double".into(),
        "timestamp" => "datetime".into(),
        "blob" => "binary".into(),
        "char(36)" | "char(32)" => "uuid".into(),
        _ => lower,
    }
}
