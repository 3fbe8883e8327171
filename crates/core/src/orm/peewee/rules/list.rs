//! Peewee's rules, in the order in which it comes to them: what ends the import, then the tables, then what it is silent about.

use super::Context;
use crate::check::{Diagnostic, Rule, rules};

/// Finds what a rule is about.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

pub(in crate::orm::peewee) static RULES: &[(&Rule, Check)] = &[
    (&rules::syntax::RULE, |cx, out| rules::syntax::check(cx, out)),
    (&rules::undefined_name::RULE, |cx, out| rules::undefined_name::check(cx, out)),
    (&super::missing_argument::RULE, super::missing_argument::check),
    (&super::unexpected_argument::RULE, super::unexpected_argument::check),
    (&super::argument_value::RULE, super::argument_value::check),
    (&super::auto_field_not_primary_key::RULE, super::auto_field_not_primary_key::check),
    (&super::actions_with_through_model::RULE, super::actions_with_through_model::check),
    (&super::deprecated_name::RULE, super::deprecated_name::check),
    (&super::inherited_meta::RULE, super::inherited_meta::check),
    (&super::several_primary_keys::RULE, super::several_primary_keys::check),
    (&super::target_in_quotes::RULE, super::target_in_quotes::check),
    (&super::unknown_target_field::RULE, super::unknown_target_field::check),
    (&super::object_id_name_clash::RULE, super::object_id_name_clash::check),
    (&super::backref_value::RULE, super::backref_value::check),
    (&super::through_without_key::RULE, super::through_without_key::check),
    (&super::no_database::RULE, super::no_database::check),
    (&super::duplicate_column::RULE, super::duplicate_column::check),
    (&super::unknown_field_in_key::RULE, super::unknown_field_in_key::check),
    (&super::target_without_key::RULE, super::target_without_key::check),
    (&super::invalid_action::RULE, super::invalid_action::check),
    (&super::strict_table::RULE, super::strict_table::check),
    (&super::name_taken::RULE, super::name_taken::check),
    (&super::unknown_field_in_index::RULE, super::unknown_field_in_index::check),
    (&super::malformed_index::RULE, super::malformed_index::check),
    (&super::table_cannot_be_made::RULE, super::table_cannot_be_made::check),
    (&super::reverse_names_clash::RULE, super::reverse_names_clash::check),
    (&super::reverse_name_hides_field::RULE, super::reverse_name_hides_field::check),
    (&super::name_hides_method::RULE, super::name_hides_method::check),
    (&super::key_is_replaced::RULE, super::key_is_replaced::check),
    (&super::mixin_is_no_model::RULE, super::mixin_is_no_model::check),
    (&super::deferred_key_waits::RULE, super::deferred_key_waits::check),
    (&super::through_never_set::RULE, super::through_never_set::check),
    (&super::shared_table::RULE, super::shared_table::check),
    (&super::index_is_skipped::RULE, super::index_is_skipped::check),
    (&super::set_null_without_null::RULE, super::set_null_without_null::check),
    (&super::default_made_once::RULE, super::default_made_once::check),
    (&super::ambiguous_through::RULE, super::ambiguous_through::check),
    (&super::through_without_unique_pair::RULE, super::through_without_unique_pair::check),
    (&super::inherited_reverse_name::RULE, super::inherited_reverse_name::check),
    (&super::keys_not_enforced::RULE, super::keys_not_enforced::check),
    (&super::unknown_meta_option::RULE, super::unknown_meta_option::check),
    (&rules::unknown_field_class::RULE, |cx, out| rules::unknown_field_class::check(cx, out)),
];
