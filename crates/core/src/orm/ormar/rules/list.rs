//! ormar's rules: what ends the import, then the tables, then first use, then advice.

use super::Context;
use crate::check::{Diagnostic, Rule, rules};

/// Finds what a rule is about.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

pub(in crate::orm::ormar) static RULES: &[(&Rule, Check)] = &[
    (&rules::syntax::RULE, |cx, out| rules::syntax::check(cx, out)),
    (&rules::undefined_name::RULE, |cx, out| rules::undefined_name::check(cx, out)),
    (&rules::unknown_field_class::RULE, |cx, out| rules::unknown_field_class::check(cx, out)),
];
