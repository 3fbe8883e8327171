//! The rules of Django: its system checks, the exceptions that end the import, and what it accepts but should not.
//!
//! Source of every rule: Django 5.2 as it runs; `tests/conformance` holds what it said.

use std::cmp::Ordering;
use std::ops::Deref;
use throughline_order::Arrange as _;

use super::registry::{Class, Local, Registry};
use crate::check::rules::{arg_span, option_span};
use crate::check::{self, Diagnostic};
use crate::document::{Field, Model, Name, Span, Value};
use crate::edit::TextEdit;

pub(super) use list::RULES;

mod choices;
#[cfg(test)]
mod coverage;
mod moments;
mod related;
mod tables;
mod through;

mod ambiguous_through;
mod app_not_installed;
mod auto_field_not_primary_key;
mod blank_address_without_null;
mod check_is_hidden;
mod choices_longer_than_field;
mod column_clash;
mod composite_key_fields;
mod composite_key_relation;
mod condition_values;
mod conflicting_model_names;
mod constraint_arguments;
mod db_comment_on_many_to_many;
mod db_index_value;
mod decimal_digits;
mod default_fixed_at_start;
mod field_clashes_with_parent;
mod field_hides_method;
mod field_name;
mod field_named_objects;
mod field_names_clash;
mod fields_differ_only_in_case;
mod file_field_options;
mod file_path_choices;
mod generated_field_output;
mod generic_foreign_key;
mod id_not_primary_key;
mod identical_many_to_many;
mod inconsistent_bases;
mod index_names;
mod index_of_unknown_field;
mod invalid_on_delete;
mod invalid_query_name;
mod invalid_related_name;
mod invalid_target;
mod list;
mod malformed_choices;
mod malformed_unique_together;
mod many_to_many_table_clash;
mod max_length_missing;
mod max_length_on_integer;
mod max_length_value;
mod missing_argument;
mod model_name_too_long;
mod model_name_underscores;
mod null_on_many_to_many;
mod nullable_primary_key;
mod order_with_respect_to;
mod ordering;
mod permission_names;
mod proxy_base;
mod proxy_with_fields;
mod related_name_hides_member;
mod related_name_on_symmetrical;
mod removed_field_class;
mod reverse_name_clashes_with_field;
mod reverse_names_clash;
mod rival_date_defaults;
mod second_auto_field;
mod set_default_without_default;
mod set_null_without_null;
mod several_primary_keys;
mod shadowed_query_name;
mod shared_default;
mod table_cannot_be_made;
mod table_clash;
mod text_default_of_binary;
mod through_fields;
mod through_options;
mod through_without_unique_pair;
mod to_field_target;
mod unexpected_argument;
mod unique_foreign_key;
mod unique_many_to_many;
mod unknown_field_in_meta;
mod unknown_meta_option;
mod unknown_target;
mod unknown_through;
mod validator_not_callable;
mod validators_on_many_to_many;

/// What Django's rules look at: the file, and the classes with what each inherits, indexed.
pub(crate) struct Context<'a> {
    base: check::Context<'a>,
    /// The classes.
    pub(crate) registry: &'a Registry<'a>,
}

impl<'a> Deref for Context<'a> {
    type Target = check::Context<'a>;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

/// All that the rules find.
pub(super) fn check(cx: &check::Context<'_>, registry: &Registry<'_>) -> Vec<Diagnostic> {
    let context = Context { base: *cx, registry };
    let mut found = Vec::new();
    for (_, check) in RULES {
        check(&context, &mut found);
    }
    found
}

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

/// The model whose body declares the field.
pub(crate) fn owner<'a>(cx: &Context<'a>, local: &Local<'_>) -> Option<&'a Model> {
    cx.document.models.get(local.origin?.model)
}

/// Attributes that every model has, so that a reverse name should not hide them (`dir(models.Model)` of Django 5.2).
pub(crate) const MODEL_ATTRIBUTES: &[&str] = &[
    "adelete",
    "arefresh_from_db",
    "asave",
    "check",
    "clean",
    "clean_fields",
    "date_error_message",
    "delete",
    "from_db",
    "full_clean",
    "get_constraints",
    "get_deferred_fields",
    "objects",
    "pk",
    "prepare_database_save",
    "refresh_from_db",
    "save",
    "save_base",
    "serializable_value",
    "unique_error_message",
    "validate_constraints",
    "validate_unique",
    "DoesNotExist",
    "MultipleObjectsReturned",
    "Meta",
];

/// What Python's `bool()` says of a value, where it is known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::None => Some(false),
        Value::Bool(yes) => Some(*yes),
        Value::Int(number) => Some(*number != 0),
        Value::Str(text) => Some(!text.is_empty()),
        Value::List(items) => Some(!items.is_empty()),
        Value::Dict(items) => Some(!items.is_empty()),
        Value::Number(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => None,
    }
}

/// Replaces `models.SET_NULL` by another rule, with the same module in front.
pub(super) fn delete_rule(source: &str, on_delete: &Name, rule: &str) -> Option<Vec<TextEdit>> {
    let written = on_delete.span.text(source);
    let module =
        written.strip_suffix(on_delete.text.as_str()).filter(|module| module.ends_with('.'))?;
    Some(vec![TextEdit { span: on_delete.span, insert: format!("{module}{rule}") }])
}

/// Whether two of the names are one in this order.
pub(super) fn repeats<'n>(
    names: impl Iterator<Item = &'n str>,
    order: fn(&str, &str) -> Ordering,
) -> bool {
    let mut names: Vec<&str> = names.collect();
    names.arrange_by(|one, other| order(one, other));
    names.windows(2).any(|pair| matches!(pair, [one, other] if order(one, other).is_eq()))
}

/// As databases compare names: only letters of the English alphabet lose their case.
pub(super) fn without_case(one: &str, other: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(lower).cmp(other.bytes().map(lower))
}
