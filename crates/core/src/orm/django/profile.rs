//! Django's data.

use crate::document::RelationKind;
use crate::orm::{FieldClass, Profile};

pub(super) static PROFILE: Profile = Profile {
    id: "django",
    title: "Django",
    chip: "Dj",
    version: "5.2",
    field_classes: &[
        FieldClass { name: "CharField", label: "Char", required: &[("max_length", "100")] },
        FieldClass { name: "TextField", label: "Text", required: &[] },
        FieldClass { name: "IntegerField", label: "Integer", required: &[] },
    ],
    related_name_keyword: "related_name",
    on_delete: &["CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING"],
    relations: &[RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany],
};
