//! In which order tables get their rows, and which keys must stay NULL because their target comes later.

use std::collections::HashSet;

use crate::tables::{ForeignKey, Table, Tables};

/// The tables, parents first. Where references form a ring, those that may be NULL give way.
pub(super) fn order(tables: &Tables) -> Vec<&Table> {
    let mut left = tables.in_creation_order();
    let mut out: Vec<&Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let names: HashSet<&str> = left.iter().map(|table| table.name.as_str()).collect();
        let waits = |table: &Table, optional: Optional| {
            table.foreign_keys.iter().any(|key| {
                let later = key.ref_table != table.name && names.contains(key.ref_table.as_str());
                later && (optional == Optional::Waits || !may_be_null(table, key))
            })
        };
        let ready = left.iter().position(|table| !waits(table, Optional::Waits));
        let at = ready
            .or_else(|| left.iter().position(|table| !waits(table, Optional::GivesWay)))
            .unwrap_or_default();
        out.push(left.remove(at));
    }
    out
}

/// What a key that may be NULL does while its target has no rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Optional {
    Waits,
    GivesWay,
}

/// Whether the key's column may be NULL.
pub(super) fn may_be_null(table: &Table, key: &ForeignKey) -> bool {
    table.columns.iter().any(|column| column.name == key.column && column.null)
}
