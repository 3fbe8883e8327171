//! The rules of Django: its system checks, the exceptions that end the import, and what it accepts but should not.
//!
//! Source of every rule: Django 5.2 as it runs; `tests/conformance` holds what it said.

use crate::document::{Name, Value};
use crate::edit::TextEdit;

mod choices;
mod moments;
mod related;
mod tables;
mod through;

pub mod ambiguous_through;
pub mod auto_field_not_primary_key;
pub mod blank_address_without_null;
pub mod check_is_hidden;
pub mod choices_longer_than_field;
pub mod column_clash;
pub mod composite_key_fields;
pub mod composite_key_relation;
pub mod conflicting_model_names;
pub mod constraint_arguments;
pub mod db_comment_on_many_to_many;
pub mod db_index_value;
pub mod decimal_digits;
pub mod default_fixed_at_start;
pub mod field_clashes_with_parent;
pub mod field_hides_method;
pub mod field_name;
pub mod field_named_objects;
pub mod field_names_clash;
pub mod file_field_options;
pub mod file_path_choices;
pub mod generated_field_output;
pub mod id_not_primary_key;
pub mod identical_many_to_many;
pub mod index_names;
pub mod invalid_on_delete;
pub mod invalid_query_name;
pub mod invalid_related_name;
pub mod invalid_target;
pub mod malformed_choices;
pub mod malformed_unique_together;
pub mod many_to_many_table_clash;
pub mod max_length_missing;
pub mod max_length_on_integer;
pub mod max_length_value;
pub mod missing_argument;
pub mod model_name_underscores;
pub mod null_on_many_to_many;
pub mod nullable_primary_key;
pub mod order_with_respect_to;
pub mod ordering;
pub mod proxy_base;
pub mod proxy_with_fields;
pub mod related_name_hides_member;
pub mod related_name_on_symmetrical;
pub mod removed_field_class;
pub mod reverse_name_clashes_with_field;
pub mod reverse_names_clash;
pub mod rival_date_defaults;
pub mod second_auto_field;
pub mod set_default_without_default;
pub mod set_null_without_null;
pub mod several_primary_keys;
pub mod shadowed_query_name;
pub mod shared_default;
pub mod table_cannot_be_made;
pub mod table_clash;
pub mod text_default_of_binary;
pub mod through_fields;
pub mod through_options;
pub mod through_without_unique_pair;
pub mod to_field_target;
pub mod unexpected_argument;
pub mod unique_foreign_key;
pub mod unique_many_to_many;
pub mod unknown_field_in_meta;
pub mod unknown_meta_option;
pub mod unknown_target;
pub mod unknown_through;
pub mod validator_not_callable;
pub mod validators_on_many_to_many;

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
