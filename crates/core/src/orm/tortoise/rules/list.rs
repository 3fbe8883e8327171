//! Tortoise's rules, in the order in which it comes to them.

use crate::check::{Context, Diagnostic, Rule, rules};

/// Finds what a rule is about.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

pub(in crate::orm::tortoise) static RULES: &[(&Rule, Check)] = &[
    (&rules::syntax::RULE, |cx, out| rules::syntax::check(cx, out)),
    (&rules::undefined_name::RULE, |cx, out| rules::undefined_name::check(cx, out)),
    (&rules::unknown_field_class::RULE, |cx, out| rules::unknown_field_class::check(cx, out)),
];
