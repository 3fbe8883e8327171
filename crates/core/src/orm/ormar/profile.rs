//! ormar's data.

use crate::document::RelationKind;
use crate::orm::{FieldClass, Marks, Profile};

pub(super) static PROFILE: Profile = Profile {
    id: "ormar",
    title: "ormar",
    chip: "Or",
    version: "0.26",
    field_classes: FIELD_CLASSES,
    related_name_keyword: "related_name",
    on_delete: &["CASCADE", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING"],
    relations: &[RelationKind::ForeignKey, RelationKind::ManyToMany],
    imports: IMPORTS,
};

pub(super) static MARKS: Marks = Marks {
    packages: &["ormar"],
    bases: &["ormar.Model"],
    calls: &["ormar."],
    keywords: &[
        "ondelete",
        "onupdate",
        "skip_reverse",
        "through_relation_name",
        "through_reverse_relation_name",
        "server_default",
    ],
    attributes: &["ormar_config", "Meta.tablename"],
};

/// The commonest first. `Enum` needs an enumeration of the user's own, which no form has a sensible value for.
static FIELD_CLASSES: &[FieldClass] = &[
    with("String", &[("max_length", "100")]),
    plain("Text"),
    plain("Integer"),
    plain("Boolean"),
    plain("Date"),
    plain("DateTime"),
    with("Decimal", &[("max_digits", "10"), ("decimal_places", "2")]),
    plain("Float"),
    plain("BigInteger"),
    plain("SmallInteger"),
    plain("Time"),
    plain("UUID"),
    plain("JSON"),
    with("LargeBinary", &[("max_length", "1000")]),
];

const fn plain(name: &'static str) -> FieldClass {
    with(name, &[])
}

const fn with(name: &'static str, required: &'static [(&'static str, &'static str)]) -> FieldClass {
    FieldClass { name, label: name, required }
}

const IMPORTS: &[(&str, &[&str])] = &[
    ("ormar", &["ormar"]),
    ("sqlalchemy", &["sqlalchemy"]),
    ("typing", &["ForwardRef", "Optional", "Union", "List", "ClassVar"]),
    ("datetime", &["datetime"]),
    ("decimal", &["decimal"]),
    ("uuid", &["uuid"]),
    ("enum", &["enum"]),
];
