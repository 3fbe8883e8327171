//! One file per rule.

pub mod django;
pub mod fields_differ_only_in_case;
pub mod syntax;
pub mod undefined_name;
pub mod unknown_field_class;

use super::registry::{Class, Local};
use super::{Context, Diagnostic};
use crate::document::{Field, Model, Span};

/// Every declared field of every class that the ORM checks, as that class has it.
pub(crate) fn fields<'r>(
    cx: &'r Context<'_>,
) -> impl Iterator<Item = (&'r Class<'r>, &'r Local<'r>, &'r Field)> {
    cx.registry.installed().flat_map(|class| {
        class.locals().filter_map(move |local| local.field.map(|field| (class, local, field)))
    })
}

/// An answer of the ORM's checks about a field.
pub(crate) fn on_field(
    rule: &'static str,
    id: &'static str,
    class: &Class<'_>,
    field: &Field,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::check(rule, id, span, message)
        .object(class.path(&field.name.text))
        .subject(class.name(), Some(&field.name.text))
}

/// An answer of the ORM's checks about a model.
pub(crate) fn on_model(
    rule: &'static str,
    id: &'static str,
    class: &Class<'_>,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::check(rule, id, span, message).object(class.label()).subject(class.name(), None)
}

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

/// The model whose body declares the field.
pub(crate) fn owner<'a>(cx: &Context<'a>, local: &Local<'_>) -> Option<&'a Model> {
    cx.document.models.get(local.origin?.model)
}
