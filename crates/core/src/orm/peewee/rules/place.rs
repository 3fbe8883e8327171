//! Where a fault is pointed at.

use super::Context;
use crate::check::{Diagnostic, Moment, fix};
use crate::document::{Field, Model, Span};
use crate::orm::peewee::classes::{ClassId, Fault, Object, ObjectId};
use crate::orm::peewee::lower::Failure;
use crate::resolve::Origin;

/// The declaration of a field object: its own, or that of the many-to-many for which Peewee made it.
pub(super) fn declared<'a>(cx: &Context<'a>, id: ObjectId) -> Option<(&'a Model, &'a Field)> {
    let object = cx.world.object(id)?;
    of_object(cx, object)
}

/// Likewise.
pub(super) fn of_object<'a>(
    cx: &Context<'a>,
    object: &Object<'a>,
) -> Option<(&'a Model, &'a Field)> {
    if let Some(origin) = object.origin {
        return at(cx, origin);
    }
    let (owner, field) = cx.world.class(object.class?)?.generated_by.as_ref()?;
    let owner = cx.world.class(*owner)?;
    let made_by = cx.world.object(owner.many.get(field)?)?;
    at(cx, made_by.origin?)
}

fn at<'a>(cx: &Context<'a>, origin: Origin) -> Option<(&'a Model, &'a Field)> {
    let model = cx.document.models.get(origin.model)?;
    Some((model, model.fields.get(origin.field)?))
}

/// The class statement of a class; of a generated one that of the model that makes it.
pub(super) fn model<'a>(cx: &Context<'a>, id: ClassId) -> Option<&'a Model> {
    let class = cx.world.class(id)?;
    match (class.model, &class.generated_by) {
        (Some(at), _) => cx.document.models.get(at),
        (None, Some((owner, _))) => cx.document.models.get(cx.world.class(*owner)?.model?),
        (None, None) => None,
    }
}

/// A name of a class as it is.
pub(super) fn name<'c>(cx: &'c Context<'_>, id: ClassId) -> &'c str {
    cx.world.class(id).map_or("", |class| &class.name)
}

/// An exception of a fault, at the field or the class that it is about.
pub(super) fn raised(
    cx: &Context<'_>,
    rule: &'static str,
    exception: &'static str,
    fault: &Fault<'_>,
    message: impl Into<String>,
) -> Diagnostic {
    let field = fault.object.and_then(|object| declared(cx, object));
    let model = fault.class.and_then(|class| model(cx, class));
    let span = field.map(|(_, field)| field.name.span).or(model.map(|model| model.name.span));
    let found =
        Diagnostic::raised(rule, exception, fault.moment, span.unwrap_or_default(), message);
    match (field, model) {
        (Some((model, field)), _) => found.subject(&model.name.text, Some(&field.name.text)),
        (None, Some(model)) => found.subject(&model.name.text, None),
        (None, None) => found,
    }
}

/// When a field's call is evaluated.
pub(super) fn call(field: &Field) -> Moment {
    Moment { at: field.span.end, step: 0 }
}

/// A refusal when tables are made, at the field or the class that it is about. Peewee stops at the first of all, so none has
/// an object of its own.
pub(super) fn unmakeable(
    cx: &Context<'_>,
    rule: &'static str,
    exception: &'static str,
    failure: &Failure<'_>,
    message: impl Into<String>,
) -> Diagnostic {
    let field = failure.object.and_then(|object| declared(cx, object));
    let model = model(cx, failure.class);
    let span = field.map(|(_, field)| field.name.span).or(model.map(|model| model.name.span));
    let span = span.unwrap_or_default();
    let found = Diagnostic::unmakeable(rule, exception, failure.moment, span, message);
    match (field, model) {
        (Some((model, field)), _) => found.subject(&model.name.text, Some(&field.name.text)),
        (None, Some(model)) => found.subject(&model.name.text, None),
        (None, None) => found,
    }
}

/// Where the value of an option of `Meta` stands.
pub(super) fn option_value(source: &str, model: &Model, option: &str) -> Option<Span> {
    let (name, _) = model.meta.options.iter().find(|(name, _)| name.text == option)?;
    let end = fix::statement_end(source, name.span.end)?;
    let text = Span::new(name.span.end, end).text(source);
    let after = text.trim_start().strip_prefix('=')?.trim_start();
    let start = end - u32::try_from(after.len()).ok()?;
    Some(Span::new(start, start + u32::try_from(after.trim_end().len()).ok()?))
}
