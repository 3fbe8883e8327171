//! What is in the table for a field.

use std::borrow::Cow;

use super::classes::{Kind, Object, World};
use crate::document::{ColumnType, Field, FieldKind};

/// A column's type: the neutral one, and Peewee's own word for it (`field_type` with its modifiers).
pub(super) struct Type<'a> {
    /// The neutral one.
    pub(super) ty: ColumnType,
    /// Peewee's word.
    pub(super) native: Cow<'a, str>,
    /// Whether the database numbers the rows by it.
    pub(super) auto: bool,
}

/// The type of a field's column; that of a key is what it references. `None` where it references nothing that has a column.
pub(super) fn type_of<'w, 'a>(world: &'w World<'a>, object: &'w Object<'a>) -> Option<Type<'w>> {
    match &object.kind {
        Kind::Column => object.declared.map(declared),
        Kind::Auto => {
            Some(Type { ty: ColumnType::Integer, native: Cow::Borrowed("AUTO"), auto: true })
        }
        Kind::Deferred(_) => Some(untyped()),
        Kind::Key(_) => {
            let mut referenced = type_of(world, world.referenced(object)?)?;
            // A key to a number that the database gives is an ordinary number: `ForeignKeyField.field_type`.
            if referenced.auto {
                let word = if referenced.native == "BIGAUTO" { "BIGINT" } else { "INT" };
                referenced.native = Cow::Borrowed(word);
                referenced.auto = false;
            }
            Some(referenced)
        }
        Kind::Many(_) | Kind::Virtual => None,
    }
}

/// A column without a type: that of a key which waits for its model, or whose model is not known.
pub(super) fn untyped<'w>() -> Type<'w> {
    Type { ty: ColumnType::Unknown(String::new()), native: Cow::Borrowed("DEFAULT"), auto: false }
}

fn declared(field: &Field) -> Type<'_> {
    match &field.kind {
        FieldKind::Column(spec) => Type {
            ty: spec.ty.clone(),
            native: Cow::Borrowed(spec.native.as_deref().unwrap_or("DEFAULT")),
            auto: spec.auto,
        },
        FieldKind::Relation(_) | FieldKind::Virtual => untyped(),
    }
}

/// What a diagram writes as the type of a plain field: `Char(100)`, `Decimal(8,2)`, `Date`.
pub(super) fn label(field: &Field) -> String {
    let written = &field.class.text;
    let class = written.strip_suffix("Field").filter(|short| !short.is_empty()).unwrap_or(written);
    let FieldKind::Column(column) = &field.kind else { return class.to_owned() };
    let sized = matches!(field.base, Some("CharField" | "FixedCharField"));
    if let ColumnType::Varchar(Some(length)) | ColumnType::Char(length) = &column.ty
        && sized
    {
        return format!("{class}({length})");
    }
    if let ColumnType::Decimal(Some((digits, places))) = &column.ty {
        return format!("{class}({digits},{places})");
    }
    class.to_owned()
}
