//! `cargo xtask new-rule` and `new-orm`: the files that a new rule or ORM starts from.

use anyhow::{Result, bail};

/// Files of a new rule.
pub(crate) fn rule(name: &str) -> Result<()> {
    bail!("not there yet: {name}")
}

/// Files of a new ORM.
pub(crate) fn orm(name: &str) -> Result<()> {
    bail!("not there yet: {name}")
}
