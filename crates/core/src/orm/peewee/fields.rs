//! Peewee's field classes: what they are called, what their arguments mean, what columns they make.
//!
//! Source: `peewee.py` 4.5.3 (`Field` and its subclasses) and `playhouse`; recorded in `peewee/028`.

use crate::document::{ColumnType, Value};
use crate::python::Args;

/// What a field class makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A column.
    Column,
    /// A foreign key.
    ForeignKey,
    /// A foreign key to a model that is declared later.
    Deferred,
    /// A table in between.
    ManyToMany,
    /// Nothing in the table.
    Virtual,
}

/// Where a class's `__init__` passes the arguments that it does not take itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// All of them to `Field.__init__`.
    Field,
    /// Keyword arguments to `Field.__init__`; more positional ones are an error.
    Keywords,
    /// Nowhere: others are an error.
    Refused,
    /// Keyword arguments are kept until later.
    Kept,
    /// Any number of positional ones.
    Names,
}

/// A field class of Peewee's own.
#[derive(Debug)]
pub(super) struct Known {
    /// Its name.
    pub(super) name: &'static str,
    /// What it makes.
    pub(super) shape: Shape,
    /// The class whose `__init__` it has.
    pub(super) init: &'static str,
    /// What its positional arguments are: its own, then those of `Field`.
    pub(super) positional: &'static [&'static str],
    /// How many of them are its own.
    pub(super) own: usize,
    /// How many of its own must be given.
    pub(super) required: usize,
    /// Where other arguments go.
    pub(super) rest: Rest,
    /// Peewee's word for the type of the column (`field_type`), before a database has its say.
    pub(super) native: &'static str,
}

/// Its own parameters, then those of `Field.__init__`.
macro_rules! after {
    ($($own:literal),*) => {
        &[
            $($own,)*
            "null", "index", "unique", "column_name", "default", "primary_key", "constraints", "sequence", "collation", "unindexed",
            "choices", "help_text", "verbose_name", "index_type", "db_column", "_hidden",
        ]
    };
}
/// Parameters of `Field.__init__`.
pub(super) const FIELD: &[&str] = after!();

const KEY: &[&str] = after!(
    "model",
    "field",
    "backref",
    "on_delete",
    "on_update",
    "deferrable",
    "_deferred",
    "rel_model",
    "to_field",
    "object_id_name",
    "lazy_load",
    "constraint_name",
    "related_name"
);
const MANY: &[&str] = &[
    "model",
    "backref",
    "through_model",
    "on_delete",
    "on_update",
    "prevent_unsaved",
    "_is_backref",
];

/// A class without an `__init__` of its own.
const fn plain(name: &'static str, native: &'static str) -> Known {
    with(name, native, "Field", FIELD, 0)
}

/// A class whose `__init__` takes so many arguments of its own and passes on the rest.
const fn with(
    name: &'static str,
    native: &'static str,
    init: &'static str,
    positional: &'static [&'static str],
    own: usize,
) -> Known {
    Known {
        name,
        shape: Shape::Column,
        init,
        positional,
        own,
        required: 0,
        rest: Rest::Field,
        native,
    }
}

/// Likewise, but more positional arguments are an error.
const fn keywords(name: &'static str, native: &'static str, own: &'static [&'static str]) -> Known {
    Known { rest: Rest::Keywords, ..with(name, native, name, own, own.len()) }
}

const fn shaped(
    name: &'static str,
    shape: Shape,
    positional: &'static [&'static str],
    own: usize,
    rest: Rest,
) -> Known {
    let required = match shape {
        Shape::ForeignKey | Shape::Deferred | Shape::ManyToMany => 1,
        Shape::Column | Shape::Virtual => 0,
    };
    Known { shape, required, rest, ..with(name, "DEFAULT", name, positional, own) }
}

const CHAR: &[&str] = after!("max_length");
const DECIMAL: &[&str] = after!("max_digits", "decimal_places", "auto_round", "rounding");
const MOMENT: &[&str] = after!("formats");
const BARE: &[&str] = after!("adapt");
const VIRTUAL: &[&str] = after!("field_class");
const COMPRESSED: &[&str] = after!("compression_level", "algorithm");
const ARRAY: &[&str] = after!("field_class", "field_kwargs", "dimensions", "convert_values");
const ENUM: &[&str] = after!("enum");

/// `EPOCH` is our word for `TimestampField`, which Peewee calls `BIGINT` like any other: only so is it told apart.
static KNOWN: &[Known] = &[
    with("CharField", "VARCHAR", "CharField", CHAR, 1),
    plain("TextField", "TEXT"),
    plain("IntegerField", "INT"),
    plain("BooleanField", "BOOL"),
    with("DateTimeField", "DATETIME", "_BaseFormattedField", MOMENT, 1),
    with("DateField", "DATE", "_BaseFormattedField", MOMENT, 1),
    with("TimeField", "TIME", "_BaseFormattedField", MOMENT, 1),
    plain("TimestampField", "EPOCH"),
    with("DecimalField", "DECIMAL", "DecimalField", DECIMAL, 4),
    plain("FloatField", "FLOAT"),
    plain("DoubleField", "DOUBLE"),
    plain("BigIntegerField", "BIGINT"),
    plain("SmallIntegerField", "SMALLINT"),
    with("FixedCharField", "CHAR", "CharField", CHAR, 1),
    plain("UUIDField", "UUID"),
    plain("BinaryUUIDField", "UUIDB"),
    plain("BlobField", "BLOB"),
    keywords("JSONField", "JSON", &["dumps", "loads"]),
    plain("IPField", "BIGINT"),
    plain("BitField", "BIGINT"),
    plain("BigBitField", "BLOB"),
    with("BareField", "", "BareField", BARE, 1),
    plain("AnyField", "ANY"),
    plain("AutoField", "AUTO"),
    plain("BigAutoField", "BIGAUTO"),
    keywords("IdentityField", "INT GENERATED BY DEFAULT AS IDENTITY", &["generate_always"]),
    plain("PrimaryKeyField", "AUTO"),
    plain("Field", "DEFAULT"),
    shaped("ForeignKeyField", Shape::ForeignKey, KEY, 13, Rest::Field),
    shaped("DeferredForeignKey", Shape::Deferred, &["rel_model_name"], 1, Rest::Kept),
    shaped("ManyToManyField", Shape::ManyToMany, MANY, 7, Rest::Refused),
    shaped("VirtualField", Shape::Virtual, VIRTUAL, 1, Rest::Field),
    shaped("CompositeKey", Shape::Virtual, &[], 0, Rest::Names),
];

/// Field classes of `playhouse` that are not in Peewee itself, or differ from those of the same name there.
static PLAYHOUSE: &[(&str, Known)] = &[
    ("sqlite_ext", keywords("JSONField", "TEXT", &["json_dumps", "json_loads"])),
    ("sqlite_ext", keywords("JSONBField", "JSONB", &["json_dumps", "json_loads"])),
    ("sqlite_ext", plain("RowIDField", "AUTO")),
    ("sqlite_ext", plain("DocIDField", "AUTO")),
    ("sqlite_ext", plain("AutoIncrementField", "AUTO")),
    ("sqlite_ext", with("TDecimalField", "TEXT", "DecimalField", DECIMAL, 4)),
    ("sqlite_ext", with("ISODateTimeField", "DATETIME", "_BaseFormattedField", MOMENT, 1)),
    ("sqlite_ext", keywords("SearchField", "DEFAULT", &["unindexed", "column_name"])),
    ("fields", with("CompressedField", "BLOB", "CompressedField", COMPRESSED, 2)),
    ("fields", plain("PickleField", "BLOB")),
    ("fields", with("EnumField", "VARCHAR", "EnumFieldMixin", ENUM, 1)),
    ("fields", with("IntEnumField", "INT", "EnumFieldMixin", ENUM, 1)),
    ("mysql_ext", keywords("MySQLJSONField", "JSON", &["dumps", "loads"])),
    ("postgres_ext", keywords("JSONField", "JSON", &["dumps"])),
    ("postgres_ext", with("ArrayField", "DEFAULT", "ArrayField", ARRAY, 4)),
    ("postgres_ext", with("DateTimeTZField", "TIMESTAMPTZ", "_BaseFormattedField", MOMENT, 1)),
    ("postgres_ext", plain("HStoreField", "HSTORE")),
    ("postgres_ext", keywords("BinaryJSONField", "JSONB", &["dumps"])),
    ("postgres_ext", plain("TSVectorField", "TSVECTOR")),
    ("postgres_ext", plain("IntervalField", "INTERVAL")),
];

/// Peewee's own field class of this name.
pub(super) fn known(class: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == class)
}

/// The field class of a module of `playhouse`.
pub(super) fn of_playhouse(module: &str, class: &str) -> Option<&'static Known> {
    PLAYHOUSE
        .iter()
        .find(|(of, known)| *of == module && known.name == class)
        .map(|(_, known)| known)
}

/// The field class of this name, of Peewee itself or else of `playhouse`.
pub(super) fn anywhere(class: &str) -> Option<&'static Known> {
    known(class)
        .or_else(|| PLAYHOUSE.iter().map(|(_, known)| known).find(|known| known.name == class))
}

/// Whether the database numbers the rows by a field of this class, and it is always the primary key.
pub(super) fn is_auto(known: &Known) -> bool {
    matches!(known.native, "AUTO" | "BIGAUTO") || known.name == "IdentityField"
}

/// What Python's `bool()` says of a value; what is not known is an object, and so true.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(yes) => *yes,
        Value::Int(number) => *number != 0,
        Value::Number(text) => crate::python::as_float(&Value::Number(text.clone())) != Some(0.0),
        Value::Str(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Dict(items) => !items.is_empty(),
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => true,
    }
}

/// What Python's `str()` makes of a constant.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Number(text) | Value::Str(text) | Value::Name(text) | Value::Other(text) => {
            text.clone()
        }
        Value::List(_) | Value::Dict(_) | Value::Call { .. } => "…".into(),
    }
}

/// A column's type: the neutral one, and Peewee's own word with its arguments (`VARCHAR(255)`), from which each database makes its own.
///
/// `own` is the name of the class itself, which may be one of the file.
pub(super) fn column_type(known: &Known, own: &str, args: &Args<'_>) -> (ColumnType, String) {
    let given = |name: &str, default: i64| {
        args.get(name).map(|arg| arg.value.clone()).unwrap_or(Value::Int(default))
    };
    let number = |value: &Value| match value {
        Value::Str(text) => text.trim().parse().ok(),
        other => other.as_u32(),
    };
    let sized = |size: &Value| {
        let size =
            args.value("max_length").filter(|_| args.get("max_length").is_none()).unwrap_or(size);
        let native = if truth(size) {
            [known.native, "(", &text(size), ")"].concat()
        } else {
            known.native.to_owned()
        };
        (number(size).filter(|_| truth(size)), native)
    };
    let ty = match known.native {
        "VARCHAR" => {
            let (length, native) = sized(&given("max_length", 255));
            return (ColumnType::Varchar(length), native);
        }
        "CHAR" => {
            let (length, native) = sized(&given("max_length", 255));
            return (length.map_or(ColumnType::Varchar(None), ColumnType::Char), native);
        }
        "DECIMAL" => {
            let preset = |name: &str, default| {
                args.value(name).cloned().unwrap_or_else(|| given(name, default))
            };
            let (digits, places) = (preset("max_digits", 10), preset("decimal_places", 5));
            return (
                ColumnType::Decimal(number(&digits).zip(number(&places))),
                ["DECIMAL(", &text(&digits), ", ", &text(&places), ")"].concat(),
            );
        }
        "TEXT" if own == "JSONField" => ColumnType::Json,
        "TEXT" => ColumnType::Text,
        "BIGINT" if own == "BitField" => ColumnType::Integer,
        "INT" | "AUTO" => ColumnType::Integer,
        "BIGINT" | "BIGAUTO" | "EPOCH" => ColumnType::BigInt,
        "SMALLINT" => ColumnType::SmallInt,
        "BOOL" => ColumnType::Boolean,
        "DATE" => ColumnType::Date,
        "DATETIME" | "TIMESTAMPTZ" => ColumnType::DateTime,
        "TIME" => ColumnType::Time,
        "FLOAT" | "DOUBLE" => ColumnType::Float,
        "UUID" => ColumnType::Uuid,
        "BLOB" | "UUIDB" => ColumnType::Binary,
        "JSON" | "JSONB" => ColumnType::Json,
        "INTERVAL" => ColumnType::Duration,
        native if native.starts_with("INT ") => {
            if args.flag("generate_always") {
                return (ColumnType::Integer, "INT GENERATED ALWAYS AS IDENTITY".into());
            }
            ColumnType::Integer
        }
        _ => ColumnType::Unknown(own.to_owned()),
    };
    (ty, known.native.to_owned())
}
