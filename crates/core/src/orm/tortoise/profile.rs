//! Tortoise's data.

use crate::document::RelationKind;
use crate::orm::{FieldClass, Marks, Profile};

pub(super) static PROFILE: Profile = Profile {
    id: "tortoise",
    title: "Tortoise",
    chip: "To",
    version: "1.1.9",
    field_classes: FIELD_CLASSES,
    related_name_keyword: "related_name",
    on_delete: &["CASCADE", "RESTRICT", "SET_NULL", "SET_DEFAULT", "NO_ACTION"],
    relations: &[RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany],
    imports: IMPORTS,
};

pub(super) static MARKS: Marks = Marks {
    packages: &["tortoise"],
    bases: &["Model", "tortoise.models.Model", "tortoise.Model"],
    calls: &["fields.", "ForeignKeyRelation", "ManyToManyRelation"],
    keywords: &["source_field", "forward_key", "backward_key", "pk", "db_constraint"],
    attributes: &["Meta.table", "Meta.table_description", "Meta.default_connection"],
};

/// Those of `tortoise.fields` 1.1.9 that can stand alone; the commonest first. Fields of enumerations need a class of the user's.
static FIELD_CLASSES: &[FieldClass] = &[
    with("CharField", "Char", &[("max_length", "100")]),
    plain("TextField", "Text"),
    plain("IntField", "Int"),
    plain("BooleanField", "Boolean"),
    plain("DateField", "Date"),
    plain("DatetimeField", "Datetime"),
    with("DecimalField", "Decimal", &[("max_digits", "10"), ("decimal_places", "2")]),
    plain("FloatField", "Float"),
    plain("BigIntField", "BigInt"),
    plain("SmallIntField", "SmallInt"),
    plain("TimeField", "Time"),
    plain("TimeDeltaField", "TimeDelta"),
    plain("UUIDField", "UUID"),
    plain("JSONField", "JSON"),
    plain("BinaryField", "Binary"),
];

const fn plain(name: &'static str, label: &'static str) -> FieldClass {
    with(name, label, &[])
}

const fn with(
    name: &'static str,
    label: &'static str,
    required: &'static [(&'static str, &'static str)],
) -> FieldClass {
    FieldClass { name, label, required }
}

const IMPORTS: &[(&str, &[&str])] = &[
    ("tortoise", &["fields", "models"]),
    ("tortoise.models", &["Model"]),
    (
        "tortoise.fields",
        &[
            "CharField",
            "TextField",
            "IntField",
            "BooleanField",
            "DateField",
            "DatetimeField",
            "DecimalField",
            "FloatField",
            "BigIntField",
            "SmallIntField",
            "UUIDField",
            "JSONField",
            "ForeignKeyField",
            "OneToOneField",
            "ManyToManyField",
            "ForeignKeyRelation",
            "ManyToManyRelation",
            "ReverseRelation",
            "CASCADE",
            "RESTRICT",
            "SET_NULL",
            "SET_DEFAULT",
            "NO_ACTION",
            "OnDelete",
        ],
    ),
    ("tortoise.indexes", &["Index"]),
    ("enum", &["Enum", "IntEnum", "StrEnum"]),
    ("uuid", &["uuid"]),
    ("datetime", &["datetime"]),
    ("decimal", &["Decimal"]),
];
