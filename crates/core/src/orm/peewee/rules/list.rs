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
    (&rules::unknown_field_class::RULE, |cx, out| rules::unknown_field_class::check(cx, out)),
];
