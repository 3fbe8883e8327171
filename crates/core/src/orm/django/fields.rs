//! Django's field classes: what they are called, what their positional arguments mean, what columns they make.
//!
//! Source: `django/db/models/fields` of 5.2; recorded in `django/041` and `django/045`.

use crate::document::{ColumnType, Value};

use crate::python::Args;

/// What a field class makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A column.
    Column,
    /// A column that the database computes.
    Generated,
    /// A foreign key.
    ForeignKey,
    /// A unique foreign key.
    OneToOne,
    /// A table in between.
    ManyToMany,
    /// Nothing in the table: `GenericForeignKey`, `GenericRelation`, `ForeignObject`.
    Virtual,
    /// A primary key of several fields.
    Composite,
}

/// A field class of Django's own.
#[derive(Debug)]
pub(super) struct Known {
    /// Its name.
    pub(super) name: &'static str,
    /// What it makes.
    pub(super) shape: Shape,
    /// What its positional arguments are.
    pub(super) positional: &'static [&'static str],
}

const PLAIN: &[&str] = &[
    "verbose_name",
    "name",
    "primary_key",
    "max_length",
    "unique",
    "blank",
    "null",
    "db_index",
    "rel",
    "default",
    "editable",
    "serialize",
    "unique_for_date",
    "unique_for_month",
    "unique_for_year",
    "choices",
    "help_text",
    "db_column",
    "db_tablespace",
    "auto_created",
    "validators",
    "error_messages",
    "db_comment",
    "db_default",
];
const MOMENT: &[&str] = &["verbose_name", "name", "auto_now", "auto_now_add"];
const FOREIGN_KEY: &[&str] = &[
    "to",
    "on_delete",
    "related_name",
    "related_query_name",
    "limit_choices_to",
    "parent_link",
    "to_field",
    "db_constraint",
];
const ONE_TO_ONE: &[&str] = &["to", "on_delete", "to_field"];
const MANY_TO_MANY: &[&str] = &[
    "to",
    "related_name",
    "related_query_name",
    "limit_choices_to",
    "symmetrical",
    "through",
    "through_fields",
    "db_constraint",
    "db_table",
    "swappable",
];

const fn plain(name: &'static str) -> Known {
    Known { name, shape: Shape::Column, positional: PLAIN }
}

const fn with(name: &'static str, positional: &'static [&'static str]) -> Known {
    Known { name, shape: Shape::Column, positional }
}

const fn shaped(name: &'static str, shape: Shape, positional: &'static [&'static str]) -> Known {
    Known { name, shape, positional }
}

static KNOWN: &[Known] = &[
    plain("CharField"),
    plain("TextField"),
    plain("IntegerField"),
    plain("BooleanField"),
    plain("AutoField"),
    plain("BigAutoField"),
    plain("SmallAutoField"),
    plain("BigIntegerField"),
    plain("SmallIntegerField"),
    plain("PositiveIntegerField"),
    plain("PositiveBigIntegerField"),
    plain("PositiveSmallIntegerField"),
    plain("FloatField"),
    plain("DurationField"),
    plain("BinaryField"),
    plain("EmailField"),
    plain("SlugField"),
    plain("NullBooleanField"),
    plain("CommaSeparatedIntegerField"),
    plain("IPAddressField"),
    with("URLField", &["verbose_name", "name"]),
    with("DateField", MOMENT),
    with("DateTimeField", MOMENT),
    with("TimeField", MOMENT),
    with("DecimalField", &["verbose_name", "name", "max_digits", "decimal_places"]),
    with("UUIDField", &["verbose_name"]),
    with("JSONField", &["verbose_name", "name", "encoder", "decoder"]),
    with("FileField", &["verbose_name", "name", "upload_to", "storage"]),
    with("ImageField", &["verbose_name", "name", "width_field", "height_field"]),
    with(
        "FilePathField",
        &["verbose_name", "name", "path", "match", "recursive", "allow_files", "allow_folders"],
    ),
    with("GenericIPAddressField", &["verbose_name", "name", "protocol", "unpack_ipv4"]),
    shaped("GeneratedField", Shape::Generated, &[]),
    shaped("ForeignKey", Shape::ForeignKey, FOREIGN_KEY),
    shaped("OneToOneField", Shape::OneToOne, ONE_TO_ONE),
    shaped("ManyToManyField", Shape::ManyToMany, MANY_TO_MANY),
    shaped("ForeignObject", Shape::Virtual, &["to", "on_delete", "from_fields", "to_fields"]),
    shaped("GenericForeignKey", Shape::Virtual, &["ct_field", "fk_field", "for_concrete_model"]),
    shaped(
        "GenericRelation",
        Shape::Virtual,
        &["to", "object_id_field", "content_type_field", "for_concrete_model"],
    ),
    shaped("CompositePrimaryKey", Shape::Composite, &[]),
];

/// Django's own field class of this name.
pub(super) fn known(class: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == class)
}

/// The type of a column, and whether the database numbers the rows by it. `None` for a class that is not Django's.
pub(super) fn column_type(class: &str, args: &Args<'_>) -> Option<(ColumnType, bool)> {
    let length = |default: Option<u32>| match args.value("max_length") {
        None => default,
        Some(Value::Int(length)) => u32::try_from(*length).ok(),
        Some(_) => None,
    };
    let plain = |ty| Some((ty, false));
    match class {
        "CharField" | "CommaSeparatedIntegerField" => plain(ColumnType::Varchar(length(None))),
        "EmailField" => plain(ColumnType::Varchar(length(Some(254)))),
        "SlugField" => plain(ColumnType::Varchar(length(Some(50)))),
        "URLField" => plain(ColumnType::Varchar(length(Some(200)))),
        "FileField" | "ImageField" | "FilePathField" => {
            plain(ColumnType::Varchar(length(Some(100))))
        }
        "TextField" => plain(ColumnType::Text),
        "IntegerField" => plain(ColumnType::Integer),
        "BigIntegerField" => plain(ColumnType::BigInt),
        "SmallIntegerField" => plain(ColumnType::SmallInt),
        "PositiveIntegerField" => plain(ColumnType::IntegerUnsigned),
        "PositiveBigIntegerField" => plain(ColumnType::BigIntUnsigned),
        "PositiveSmallIntegerField" => plain(ColumnType::SmallIntUnsigned),
        "AutoField" => Some((ColumnType::Integer, true)),
        "BigAutoField" => Some((ColumnType::BigInt, true)),
        "SmallAutoField" => Some((ColumnType::SmallInt, true)),
        "BooleanField" | "NullBooleanField" => plain(ColumnType::Boolean),
        "FloatField" => plain(ColumnType::Float),
        "DecimalField" => {
            let digits = |name| args.value(name).and_then(Value::as_u32);
            plain(ColumnType::Decimal(digits("max_digits").zip(digits("decimal_places"))))
        }
        "DateField" => plain(ColumnType::Date),
        "DateTimeField" => plain(ColumnType::DateTime),
        "TimeField" => plain(ColumnType::Time),
        "DurationField" => plain(ColumnType::Duration),
        "JSONField" => plain(ColumnType::Json),
        "BinaryField" => plain(ColumnType::Binary),
        "UUIDField" => plain(ColumnType::Uuid),
        "GenericIPAddressField" | "IPAddressField" => plain(ColumnType::Ip),
        _ => None,
    }
}
