//! The rules of Tortoise: what ends the import, what `Tortoise.init` and `generate_schemas` refuse, and what passes in silence.
//!
//! Source of every rule: Tortoise 1.1.9 as it runs; `tests/conformance` holds what it said.

use crate::check::{self, Diagnostic};

mod list;

pub(super) use list::RULES;

/// All that the rules find.
pub(super) fn check(cx: &check::Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, check) in RULES {
        check(cx, &mut found);
    }
    found
}
