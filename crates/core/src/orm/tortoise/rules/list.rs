//! Tortoise's rules, in the order in which it comes to them: what ends the import, then start-up, then the tables, then advice.

use super::Context;
use crate::check::{Diagnostic, Rule, rules};

/// Finds what a rule is about.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

pub(in crate::orm::tortoise) static RULES: &[(&Rule, Check)] = &[
    (&rules::syntax::RULE, |cx, out| rules::syntax::check(cx, out)),
    (&rules::undefined_name::RULE, |cx, out| rules::undefined_name::check(cx, out)),
    (&super::missing_argument::RULE, super::missing_argument::check),
    (&super::surplus_argument::RULE, super::surplus_argument::check),
    (&super::size_too_small::RULE, super::size_too_small::check),
    (&super::rival_date_defaults::RULE, super::rival_date_defaults::check),
    (&super::enumeration_values::RULE, super::enumeration_values::check),
    (&super::cannot_be_indexed::RULE, super::cannot_be_indexed::check),
    (&super::deprecated_spelling::RULE, super::deprecated_spelling::check),
    (&super::rival_spellings::RULE, super::rival_spellings::check),
    (&super::nullable_primary_key::RULE, super::nullable_primary_key::check),
    (&super::callable_db_default::RULE, super::callable_db_default::check),
    (&super::reference_without_app::RULE, super::reference_without_app::check),
    (&super::invalid_target::RULE, super::invalid_target::check),
    (&super::invalid_on_delete::RULE, super::invalid_on_delete::check),
    (&super::set_null_without_null::RULE, super::set_null_without_null::check),
    (&super::index_without_fields::RULE, super::index_without_fields::check),
    (&super::metaclass_conflict::RULE, super::metaclass_conflict::check),
    (&super::several_primary_keys::RULE, super::several_primary_keys::check),
    (&super::key_cannot_be_generated::RULE, super::key_cannot_be_generated::check),
    (&super::id_not_primary_key::RULE, super::id_not_primary_key::check),
    (&super::reserved_field_name::RULE, super::reserved_field_name::check),
    (&super::no_models::RULE, super::no_models::check),
    (&super::unknown_target::RULE, super::unknown_target::check),
    (&super::target_without_key::RULE, super::target_without_key::check),
    (&super::to_field_target::RULE, super::to_field_target::check),
    (&super::key_name_taken::RULE, super::key_name_taken::check),
    (&super::reverse_name_taken::RULE, super::reverse_name_taken::check),
    (&super::unknown_field_in_meta::RULE, super::unknown_field_in_meta::check),
    (&super::table_clash::RULE, super::table_clash::check),
    (&super::cyclic_keys::RULE, super::cyclic_keys::check),
    (&super::table_cannot_be_made::RULE, super::table_cannot_be_made::check),
    (&super::unknown_ordering::RULE, super::unknown_ordering::check),
    (&super::db_default_of_binary::RULE, super::db_default_of_binary::check),
    (&rules::unknown_field_class::RULE, |cx, out| rules::unknown_field_class::check(cx, out)),
];
