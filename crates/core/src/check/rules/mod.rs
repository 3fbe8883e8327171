//! Rules that hold for every ORM, one file each. Those of an ORM stand in its folder.

pub mod syntax;
pub mod undefined_name;
pub mod unknown_field_class;

use crate::document::{Field, Model, Span};

/// The place of a keyword argument, or of the field's class where it is not given.
pub(crate) fn arg_span(field: &Field, keyword: &str) -> Span {
    field.arg(keyword).map_or(field.class.span, |arg| arg.span)
}

/// The place of an option in `Meta`, or of the model's name.
pub(crate) fn option_span(model: &Model, option: &str) -> Span {
    model
        .meta
        .options
        .iter()
        .find(|(name, _)| name.text == option)
        .map_or(model.name.span, |(name, _)| name.span)
}
