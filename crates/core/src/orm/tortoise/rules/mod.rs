//! The rules of Tortoise: what ends the import, what `Tortoise.init` and `generate_schemas` refuse, and what passes in silence.
//!
//! Source of every rule: Tortoise 1.1.9 as it runs; `tests/conformance` holds what it said.

use std::ops::Deref;

use super::fields::{self, Known};
use super::world::{Class, Id, Problem, What, World};
use crate::check::{self, Diagnostic, Moment};
use crate::document::{Argument, Field, FieldKind, Model, Span, Value};
use crate::python::truth;

pub(super) use list::RULES;

mod list;
mod schema;
mod steps;

mod attribute_declares_nothing;
mod callable_db_default;
mod cannot_be_indexed;
mod constraints_not_made;
mod cyclic_keys;
mod db_default_of_binary;
mod deprecated_spelling;
mod enumeration_values;
mod id_not_primary_key;
mod index_without_fields;
mod invalid_on_delete;
mod invalid_target;
mod key_cannot_be_generated;
mod key_name_taken;
mod key_without_column;
mod metaclass_conflict;
mod missing_argument;
mod no_models;
mod nullable_primary_key;
mod reference_without_app;
mod reserved_field_name;
mod reverse_name_hides_member;
mod reverse_name_taken;
mod rival_date_defaults;
mod rival_spellings;
mod set_default_without_default;
mod set_null_without_null;
mod several_primary_keys;
mod shared_through_table;
mod size_too_small;
mod surplus_argument;
mod table_cannot_be_made;
mod table_clash;
mod target_without_key;
mod through_keys_missing;
mod through_model_apart;
mod through_without_unique_pair;
mod to_field_target;
mod unknown_argument;
mod unknown_attribute;
mod unknown_field_in_meta;
mod unknown_meta_option;
mod unknown_ordering;
mod unknown_target;

/// What Tortoise's rules look at: the file, and what became of it.
pub(super) struct Context<'a> {
    base: check::Context<'a>,
    /// The file as Tortoise runs it.
    pub(super) world: &'a World<'a>,
}

impl<'a> Deref for Context<'a> {
    type Target = check::Context<'a>;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

/// All that the rules find.
pub(super) fn check(cx: &check::Context<'_>, world: &World<'_>) -> Vec<Diagnostic> {
    let context = Context { base: *cx, world };
    let mut found = Vec::new();
    for (_, check) in RULES {
        check(&context, &mut found);
    }
    found
}

/// The exception of most refusals.
pub(super) const CONFIGURATION: &str = "ConfigurationError";

/// Every field that a class body declares.
pub(super) fn declared<'r>(
    cx: &'r Context<'_>,
) -> impl Iterator<Item = (&'r Model, &'r Field)> + 'r {
    cx.document.models.iter().flat_map(|model| model.fields.iter().map(move |field| (model, field)))
}

/// Every field that is made while the class bodies run.
pub(super) fn made<'r>(cx: &'r Context<'_>) -> impl Iterator<Item = (&'r Model, &'r Field)> + 'r {
    cx.document.models.iter().flat_map(|model| model.made().map(move |field| (model, field)))
}

/// Tortoise's own class of a field; `None` for a class of the file's own, whose constructor may do anything.
pub(super) fn known(field: &Field) -> Option<&'static Known> {
    fields::known(&field.class.text).filter(|known| field.base == Some(known.name))
}

/// An argument of a field, however it is written.
pub(super) fn argument<'f>(field: &'f Field, name: &str) -> Option<&'f Argument> {
    field.arg(name).or_else(|| {
        let at = known(field)?.positional.iter().position(|parameter| *parameter == name)?;
        field.args.iter().filter(|arg| arg.keyword.is_none()).nth(at)
    })
}

/// An argument that is given and true.
pub(super) fn is_true(field: &Field, name: &str) -> bool {
    argument(field, name).and_then(|arg| truth(&arg.value)) == Some(true)
}

/// An argument that is given and not `None`.
pub(super) fn given<'f>(field: &'f Field, name: &str) -> Option<&'f Argument> {
    argument(field, name).filter(|arg| arg.value != Value::None)
}

/// What a constructor raises.
pub(super) fn refused(
    rule: &'static str,
    model: &Model,
    field: &Field,
    step: u32,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: field.span.end, step };
    Diagnostic::raised(rule, CONFIGURATION, moment, span, message)
        .subject(&model.name.text, Some(&field.name.text))
}

/// What the making of a class raises.
pub(super) fn class_refused(
    rule: &'static str,
    model: &Model,
    step: u32,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: model.span.end, step };
    Diagnostic::raised(rule, CONFIGURATION, moment, span, message).subject(&model.name.text, None)
}

/// A problem of start-up.
pub(super) struct StartUp<'r, 'a> {
    /// The class that is wired.
    pub(super) class: &'r Class<'a>,
    /// Its relation: as declared, perhaps by a parent.
    pub(super) field: &'a Field,
    /// The class whose body declares it.
    pub(super) owner: &'a Model,
    /// The relation.
    pub(super) id: Id,
    /// What stops it.
    pub(super) what: &'r What<'a>,
    at: u32,
}

impl StartUp<'_, '_> {
    /// The diagnostic, without title and reason.
    pub(super) fn diagnostic(
        &self,
        rule: &'static str,
        exception: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        let moment = Moment { at: self.at, step: 0 };
        let mut found = Diagnostic::raised(rule, exception, moment, span, message)
            .subject(self.class.name(), Some(&self.field.name.text));
        found.stage = check::Stage::Check;
        found
    }
}

/// The problems of start-up that are about a relation, in order.
pub(super) fn start_up<'r, 'a>(cx: &'r Context<'a>) -> impl Iterator<Item = StartUp<'r, 'a>> + 'r {
    cx.world.problems.iter().enumerate().filter_map(|(at, problem)| {
        let Problem { what, class, object } = problem;
        let object_id = (*object)?;
        let object = cx.world.object(object_id)?;
        let field = object.field.filter(|field| matches!(field.kind, FieldKind::Relation(_)))?;
        let owner = cx.world.document.models.get(object.origin?.model)?;
        let class = cx.world.class(*class)?;
        Some(StartUp { class, field, owner, id: object_id, what, at: at as u32 })
    })
}

/// The problems of the making of classes.
pub(super) fn making<'r, 'a>(
    cx: &'r Context<'a>,
) -> impl Iterator<Item = (&'r Class<'a>, Option<Id>, &'r What<'a>)> + 'r {
    cx.world
        .problems
        .iter()
        .filter_map(|problem| Some((cx.world.class(problem.class)?, problem.object, &problem.what)))
}

/// The class of the object that a field is: relations and enumerations are made by functions.
pub(super) fn instance(field: &Field) -> String {
    match field.base.and_then(fields::known) {
        Some(known) if known.callable == fields::Callable::Function => {
            format!("{}Instance", known.name)
        }
        Some(known) if fields::known(&field.class.text).is_some() => known.name.to_owned(),
        _ => field.class.text.clone(),
    }
}

/// A dotted path with its first segment's import followed.
pub(super) fn path(cx: &Context<'_>, path: &str) -> String {
    let (first, rest) = path.split_once('.').map_or((path, ""), |(first, rest)| (first, rest));
    let import = cx.document.imports.iter().rfind(|import| import.name == first);
    match (import, rest) {
        (Some(import), "") => import.path.clone(),
        (Some(import), rest) => format!("{}.{rest}", import.path),
        (None, _) => path.to_owned(),
    }
}
