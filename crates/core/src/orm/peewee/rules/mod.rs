//! The rules of Peewee: the exceptions that end the import, those of making tables, and what it accepts but should not.
//!
//! Source of every rule: Peewee 4.5.3 as it runs; `tests/conformance` holds what it said.

use std::ops::Deref;

use super::classes::World;
use super::lower::Created;
use crate::check::{self, Diagnostic};

mod list;
mod place;
mod reverse;

mod actions_with_through_model;
mod ambiguous_through;
mod argument_value;
mod auto_field_not_primary_key;
mod backref_value;
mod default_made_once;
mod deferred_key_waits;
mod deprecated_name;
mod duplicate_column;
mod index_is_skipped;
mod inherited_meta;
mod inherited_reverse_name;
mod invalid_action;
mod key_is_replaced;
mod keys_not_enforced;
mod malformed_index;
mod missing_argument;
mod mixin_is_no_model;
mod name_hides_method;
mod name_taken;
mod no_database;
mod object_id_name_clash;
mod reverse_name_hides_field;
mod reverse_names_clash;
mod set_null_without_null;
mod several_primary_keys;
mod shared_table;
mod strict_table;
mod table_cannot_be_made;
mod target_in_quotes;
mod target_without_key;
mod through_never_set;
mod through_without_key;
mod through_without_unique_pair;
mod unexpected_argument;
mod unknown_field_in_index;
mod unknown_field_in_key;
mod unknown_meta_option;
mod unknown_target_field;

pub(super) use list::RULES;

/// What Peewee's rules look at: the file, and the classes that it makes.
pub(crate) struct Context<'a> {
    base: check::Context<'a>,
    /// The classes.
    pub(in crate::orm::peewee) world: &'a World<'a>,
    /// What comes of making their tables.
    pub(in crate::orm::peewee) created: &'a Created<'a>,
}

impl<'a> Deref for Context<'a> {
    type Target = check::Context<'a>;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

/// All that the rules find.
pub(super) fn check(
    cx: &check::Context<'_>,
    world: &World<'_>,
    created: &Created<'_>,
) -> Vec<Diagnostic> {
    let context = Context { base: *cx, world, created };
    let mut found = Vec::new();
    for (_, check) in RULES {
        check(&context, &mut found);
    }
    found
}
