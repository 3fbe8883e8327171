//! The rules of ormar: what it raises while the file is imported and the tables are made, and what it accepts but should not.
//!
//! Source of every rule: ormar 0.26.0 as it runs; `tests/conformance` holds what it said.

use std::ops::Deref;

use super::world::World;
use crate::check::{self, Diagnostic};

pub(super) use list::RULES;

mod list;

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

/// Runs all rules.
pub(super) fn check<'a>(inner: &'a check::Context<'a>, world: &'a World<'a>) -> Vec<Diagnostic> {
    let cx = Context { inner, world };
    let mut out = Vec::new();
    for (_, check) in RULES {
        check(&cx, &mut out);
    }
    out
}
