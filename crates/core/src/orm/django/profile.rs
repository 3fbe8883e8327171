//! Django's data.

use crate::document::RelationKind;
use crate::orm::{FieldClass, Marks, Profile};

pub(super) static PROFILE: Profile = Profile {
    id: "django",
    title: "Django",
    chip: "Dj",
    version: "5.2",
    field_classes: FIELD_CLASSES,
    related_name_keyword: "related_name",
    on_delete: &["CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING"],
    relations: &[RelationKind::ForeignKey, RelationKind::OneToOne, RelationKind::ManyToMany],
    imports: IMPORTS,
};

pub(super) static MARKS: Marks = Marks {
    packages: &["django"],
    bases: &["models.Model", "models.TextChoices", "models.IntegerChoices", "AbstractUser"],
    calls: &["models."],
    keywords: &["on_delete", "auto_now_add", "verbose_name", "blank", "limit_choices_to"],
    attributes: &[
        "Meta.db_table",
        "Meta.verbose_name",
        "Meta.verbose_name_plural",
        "Meta.constraints",
    ],
};

/// Those of `django.db.models` 5.2 that make a column and can stand alone; the commonest first. `GeneratedField` needs an expression
/// of the model's own fields, which no form has a sensible value for.
static FIELD_CLASSES: &[FieldClass] = &[
    with("CharField", "Char", &[("max_length", "100")]),
    plain("TextField", "Text"),
    plain("IntegerField", "Integer"),
    plain("BooleanField", "Boolean"),
    plain("DateField", "Date"),
    plain("DateTimeField", "DateTime"),
    with("DecimalField", "Decimal", &[("max_digits", "10"), ("decimal_places", "2")]),
    plain("EmailField", "Email"),
    plain("SlugField", "Slug"),
    plain("URLField", "URL"),
    plain("FloatField", "Float"),
    plain("PositiveIntegerField", "PositiveInteger"),
    plain("PositiveSmallIntegerField", "PositiveSmallInteger"),
    plain("SmallIntegerField", "SmallInteger"),
    plain("BigIntegerField", "BigInteger"),
    plain("PositiveBigIntegerField", "PositiveBigInteger"),
    plain("TimeField", "Time"),
    plain("DurationField", "Duration"),
    plain("UUIDField", "UUID"),
    plain("JSONField", "JSON"),
    plain("GenericIPAddressField", "GenericIPAddress"),
    plain("BinaryField", "Binary"),
    plain("FileField", "File"),
    plain("ImageField", "Image"),
    plain("FilePathField", "FilePath"),
    with("BigAutoField", "BigAuto", KEY),
    with("AutoField", "Auto", KEY),
    with("SmallAutoField", "SmallAuto", KEY),
];

/// `fields.E100`: these must be the primary key.
const KEY: &[(&str, &str)] = &[("primary_key", "True")];

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
    ("django.db", &["models"]),
    ("django.utils", &["timezone"]),
    ("django.conf", &["settings"]),
    (
        "django.contrib.auth.models",
        &["User", "AbstractUser", "AbstractBaseUser", "Group", "Permission"],
    ),
    ("django.contrib.auth", &["get_user_model"]),
    ("django.contrib.contenttypes.models", &["ContentType"]),
    ("django.contrib.contenttypes.fields", &["GenericForeignKey", "GenericRelation"]),
    (
        "django.core.validators",
        &[
            "MinValueValidator",
            "MaxValueValidator",
            "RegexValidator",
            "MinLengthValidator",
            "MaxLengthValidator",
        ],
    ),
    ("uuid", &["uuid"]),
    ("datetime", &["datetime"]),
    ("decimal", &["Decimal"]),
];
