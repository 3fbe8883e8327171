//! Peewee's data.

use crate::document::RelationKind;
use crate::orm::{FieldClass, Marks, Profile};

pub(super) static PROFILE: Profile = Profile {
    id: "peewee",
    title: "Peewee",
    chip: "Pw",
    version: "4.5",
    field_classes: FIELD_CLASSES,
    related_name_keyword: "backref",
    on_delete: &["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"],
    relations: &[RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany],
    imports: IMPORTS,
};

/// Its names are imported without their module, so most of them stand alone.
pub(super) static MARKS: Marks = Marks {
    packages: &["peewee", "playhouse"],
    bases: &["Model", "peewee.Model", "pw.Model"],
    calls: &[
        "peewee.",
        "pw.",
        "ForeignKeyField",
        "DeferredForeignKey",
        "DeferredThroughModel",
        "SqliteDatabase",
        "PostgresqlDatabase",
        "MySQLDatabase",
        "CharField",
        "TextField",
        "IntegerField",
        "BooleanField",
        "DateTimeField",
        "ManyToManyField",
    ],
    keywords: &["backref", "through_model", "column_name", "lazy_load", "object_id_name"],
    attributes: &["Meta.database", "Meta.table_name", "Meta.indexes"],
};

/// Those of `peewee` 4.5 that make a column of a known type; the commonest first.
static FIELD_CLASSES: &[FieldClass] = &[
    plain("CharField", "Char"),
    plain("TextField", "Text"),
    plain("IntegerField", "Integer"),
    plain("BooleanField", "Boolean"),
    plain("DateField", "Date"),
    plain("DateTimeField", "DateTime"),
    plain("DecimalField", "Decimal"),
    plain("FloatField", "Float"),
    plain("TimeField", "Time"),
    plain("UUIDField", "UUID"),
    plain("JSONField", "JSON"),
    plain("BlobField", "Blob"),
    plain("BigIntegerField", "BigInteger"),
    plain("SmallIntegerField", "SmallInteger"),
    plain("DoubleField", "Double"),
    plain("FixedCharField", "FixedChar"),
    plain("TimestampField", "Timestamp"),
    plain("BinaryUUIDField", "BinaryUUID"),
    plain("IPField", "IP"),
    plain("BitField", "Bit"),
    plain("AutoField", "Auto"),
    plain("BigAutoField", "BigAuto"),
];

const fn plain(name: &'static str, label: &'static str) -> FieldClass {
    FieldClass { name, label, required: &[] }
}

const IMPORTS: &[(&str, &[&str])] = &[
    ("peewee", super::names::ALL),
    (
        "playhouse.postgres_ext",
        &[
            "ArrayField",
            "BinaryJSONField",
            "HStoreField",
            "TSVectorField",
            "DateTimeTZField",
            "PostgresqlExtDatabase",
        ],
    ),
    (
        "playhouse.sqlite_ext",
        &[
            "RowIDField",
            "DocIDField",
            "AutoIncrementField",
            "SearchField",
            "FTS5Model",
            "SqliteExtDatabase",
        ],
    ),
    ("playhouse.fields", &["CompressedField", "PickleField"]),
    ("playhouse.hybrid", &["hybrid_property", "hybrid_method"]),
    ("datetime", &["datetime"]),
    ("uuid", &["uuid"]),
    ("decimal", &["Decimal"]),
];
