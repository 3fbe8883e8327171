//! The rules of ormar: what it raises while the file is imported and the tables are made, and what it accepts but should not.
//!
//! Source of every rule: ormar 0.26.0 as it runs; `tests/conformance` holds what it said. What depends on the order of its work is found
//! by [`World`](super::world::World), which does that work; the rules here say it.

use std::ops::Deref;

use super::world::{Kind, Problem, Ref, STEPS, World};
use crate::check::{self, Diagnostic, Moment, Rule, names};
use crate::document::{Field, Model, Span};
use crate::edit::TextEdit;

pub(super) use list::RULES;

mod list;
mod related;

mod abstract_target;
mod bad_argument;
mod big_integer_key;
mod check_of_unknown_column;
mod columns_differ_in_case;
mod concrete_parent;
mod constraint_column;
mod default_on_relation;
mod duplicate_column;
mod early_forward_ref;
mod field_name;
mod inherited_many_to_many;
mod invalid_action;
mod invalid_target;
mod lost_constraint;
mod missing_argument;
mod missing_table;
mod model_without_config;
mod no_database;
mod no_primary_key;
mod old_meta;
mod positional_argument;
mod proxy;
mod related_names_clash;
mod relations_in_through;
mod removed_package;
mod reserved_argument;
mod reverse_hides_member;
mod reverse_name_is_field;
mod reverse_name_taken;
mod reverse_side_missing;
mod schema_on_sqlite;
mod server_default;
mod set_null_without_null;
mod several_primary_keys;
mod shared_config;
mod shortcut_replaces_field;
mod table_exists;
mod through_incomplete;
mod unannotated_attribute;
mod unknown_argument;
mod unknown_class;
mod unknown_forward_ref;
mod unknown_option;
mod unresolved_forward_ref;

/// What a rule looks at: the file, and what its import leaves behind.
pub(super) struct Context<'a> {
    inner: &'a check::Context<'a>,
    /// The import.
    pub(super) world: &'a World<'a>,
}

impl<'a> Deref for Context<'a> {
    type Target = check::Context<'a>;

    fn deref(&self) -> &Self::Target {
        self.inner
    }
}

impl<'a> Context<'a> {
    /// What the import raised of this kind.
    fn problems(&self, kind: Kind) -> impl Iterator<Item = &'a Problem> + use<'a> {
        self.world.problems.iter().filter(move |problem| problem.kind == kind)
    }

    /// The declaration of a class.
    fn model(&self, class: usize) -> Option<&'a Model> {
        self.world.document.models.get(self.world.class(class)?.declared?)
    }

    /// The declaration of a field.
    fn declared(&self, field: Option<usize>) -> Option<&'a Field> {
        self.world.field(field?)?.declared
    }

    /// The class that a relation points at.
    fn target(&self, field: Option<usize>) -> Option<usize> {
        match self.world.field(field?)?.to {
            Ref::Class(target) => Some(target),
            Ref::Absent | Ref::Forward(_) | Ref::Late(_) => None,
        }
    }

    /// Every field that is made while the class bodies run, with its model: also those whose names are bound again.
    fn made(&self) -> impl Iterator<Item = (&'a Model, &'a Field)> + use<'a> {
        let models = &self.world.document.models;
        models.iter().flat_map(|model| model.made().map(move |field| (model, field)))
    }

    /// Every declared field with the model whose body it stands in.
    fn fields(&self) -> impl Iterator<Item = (&'a Model, &'a Field)> + use<'a> {
        let models = &self.world.document.models;
        models.iter().flat_map(|model| model.fields.iter().map(move |field| (model, field)))
    }
}

/// Runs all rules.
pub(super) fn check<'a>(inner: &'a check::Context<'a>, world: &'a World<'a>) -> Vec<Diagnostic> {
    let cx = Context { inner, world };
    let mut out = Vec::new();
    for (_, check) in RULES {
        check(&cx, &mut out);
    }
    out
}

/// A problem of the import, at the field or the model that it is about.
fn report(cx: &Context<'_>, rule: &Rule, problem: &Problem) -> Diagnostic {
    let model = cx.model(problem.class);
    let field = cx.declared(problem.field);
    let name = cx.world.name(problem.class);
    let span = field
        .map(|field| field.name.span)
        .or_else(|| model.map(|model| model.name.span))
        .unwrap_or_default();
    let field_name = field.map(|field| field.name.text.as_str());
    let object = field_name.map_or_else(|| name.to_owned(), |field| format!("{name}.{field}"));
    let mut found = Diagnostic::raised(
        rule.name,
        problem.exception,
        problem.moment,
        span,
        problem.message.clone(),
    )
    .object(object)
    .subject(name, field_name);
    if let Some(other) = problem.other.and_then(|other| cx.declared(Some(other)))
        && let Some(owner) = problem.other.and_then(|other| cx.world.field(other)?.owner)
    {
        found = found.related(cx.world.name(owner), Some(&other.name.text), Some(other.name.span));
    }
    found
}

/// What the call that makes a field raises.
fn raised_by_call(
    rule: &Rule,
    exception: &'static str,
    (model, field): (&Model, &Field),
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: field.span.end, step: 0 };
    Diagnostic::raised(rule.name, exception, moment, span, message)
        .object(format!("{}.{}", model.name.text, field.name.text))
        .subject(&model.name.text, Some(&field.name.text))
}

/// What making a class raises before the class is there.
fn raised_by_class(
    rule: &Rule,
    exception: &'static str,
    model: &Model,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    let moment = Moment { at: model.span.end, step: STEPS - 1 };
    Diagnostic::raised(rule.name, exception, moment, span, message)
        .object(model.name.text.clone())
        .subject(&model.name.text, None)
}

/// Advice about a field.
fn advice(
    rule: &Rule,
    model: &Model,
    field: &Field,
    span: Span,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::advice(rule.name, span, message)
        .object(format!("{}.{}", model.name.text, field.name.text))
        .subject(&model.name.text, Some(&field.name.text))
}

/// The call that a model needs below it, after the later one of it and the models that it waits for.
fn completion(cx: &Context<'_>, model: &Model, others: &[&str]) -> Option<TextEdit> {
    let call = format!("{}.update_forward_refs", model.name.text);
    if cx.document.calls.iter().any(|known| known.callee.text == call) {
        return None;
    }
    let ends = others.iter().filter_map(|name| cx.document.model(name)).map(|model| model.span.end);
    let end = ends.chain([model.span.end]).max()?;
    let at = check::fix::line_end(cx.source, end);
    let newline = if Span::new(0, at).text(cx.source).ends_with('\n') { "" } else { "\n" };
    Some(check::fix::insert(at, format!("{newline}\n\n{call}()\n")))
}

/// The import of `ForwardRef`, where it is missing.
fn forward_ref_import(cx: &Context<'_>) -> Option<TextEdit> {
    if cx.document.imports.iter().any(|import| import.name == "ForwardRef") {
        return None;
    }
    let first = cx.document.imports.iter().map(|import| import.span.start).min().unwrap_or(0);
    let at = check::fix::line_start(cx.source, first);
    Some(check::fix::insert(at, "from typing import ForwardRef\n"))
}

/// Replaces a reference by a `ForwardRef` that is resolved below.
fn make_late(cx: &Context<'_>, model: &Model, span: Span, name: &str) -> Vec<TextEdit> {
    let reference = check::fix::replace(span, super::write::late(name));
    let edits = [forward_ref_import(cx), Some(reference), completion(cx, model, &[name])];
    edits.into_iter().flatten().collect()
}

/// The model that was probably meant.
fn nearest_model<'a>(cx: &Context<'a>, name: &str) -> Option<&'a str> {
    names::nearest(name, cx.world.document.models.iter().map(|model| model.name.text.as_str()))
}
