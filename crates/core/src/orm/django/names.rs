//! Small rules about names.

use crate::document::{ColumnType, Field, FieldKind, Meta};

/// Fills in `%(class)s` and its like. A text that Python's `%` would refuse stays as it is.
pub(super) fn percent(text: &str, values: &[(&str, &str)]) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let filled = after.strip_prefix('(').and_then(|inner| {
            let (key, tail) = inner.split_once(")s")?;
            let (_, value) = values.iter().find(|(name, _)| *name == key)?;
            Some((*value, tail))
        });
        rest = match (filled, after.strip_prefix('%')) {
            (Some((value, tail)), _) => {
                out.push_str(value);
                tail
            }
            (None, Some(tail)) => {
                out.push('%');
                tail
            }
            (None, None) => return text.to_owned(),
        };
    }
    out.push_str(rest);
    out
}

/// Fills placeholders into the names of indexes and constraints, which Django does for every class that is not abstract.
pub(super) fn fill_in(meta: &mut Meta, app: &str, model_name: &str) {
    let app = app.to_lowercase();
    let values = [("app_label", app.as_str()), ("class", model_name)];
    let names =
        meta.uniques.iter_mut().filter(|unique| unique.constraint).map(|unique| &mut unique.name);
    let checks = meta.checks.iter_mut().map(|check| &mut check.name);
    let indexes = meta.indexes.iter_mut().map(|index| &mut index.name);
    for name in names.chain(checks).chain(indexes).flatten() {
        *name = percent(name, &values);
    }
}

/// What a diagram writes as the type of a plain field: `Char(100)`, `Decimal(8,2)`, `Date`.
pub(super) fn label(field: &Field) -> String {
    let class = field
        .class
        .text
        .strip_suffix("Field")
        .filter(|short| !short.is_empty())
        .unwrap_or(&field.class.text);
    let FieldKind::Column(column) = &field.kind else { return class.to_owned() };
    match &column.ty {
        ColumnType::Varchar(Some(length)) if field.class.text == "CharField" => {
            format!("{class}({length})")
        }
        ColumnType::Decimal(Some((digits, places))) => format!("{class}({digits},{places})"),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::IntegerUnsigned
        | ColumnType::BigIntUnsigned
        | ColumnType::Varchar(_)
        | ColumnType::Char(_)
        | ColumnType::Text
        | ColumnType::Boolean
        | ColumnType::Decimal(None)
        | ColumnType::Float
        | ColumnType::Date
        | ColumnType::DateTime
        | ColumnType::Time
        | ColumnType::Duration
        | ColumnType::Json
        | ColumnType::Binary
        | ColumnType::Uuid
        | ColumnType::Ip
        | ColumnType::Unknown(_) => class.to_owned(),
    }
}
