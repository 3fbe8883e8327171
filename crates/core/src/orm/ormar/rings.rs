//! Keys that close a ring of tables: SQLAlchemy adds them when all tables are made.
//!
//! Source: `sort_tables_and_constraints`: all keys between two tables of a ring, but not those of a table to itself.
//! Recorded: `ormar/035`.

use std::collections::{HashMap, HashSet};

use crate::tables::Tables;

/// Table and column of each such key.
pub(super) fn keys(tables: &Tables) -> Vec<(&str, &str)> {
    // What references nothing that is left is in no ring, and then nothing that references only such.
    let mut left: HashMap<&str, HashSet<&str>> = tables
        .tables
        .iter()
        .map(|table| {
            let others = table.foreign_keys.iter().map(|key| key.ref_table.as_str());
            (table.name.as_str(), others.filter(|other| *other != table.name).collect())
        })
        .collect();
    strip(&mut left);
    // Likewise backwards: what nothing in a ring references only leads to one.
    let mut back: HashMap<&str, HashSet<&str>> =
        left.keys().map(|name| (*name, HashSet::new())).collect();
    for (name, others) in &left {
        for other in others {
            if let Some(sources) = back.get_mut(other) {
                sources.insert(name);
            }
        }
    }
    strip(&mut back);
    let in_ring = |name: &str| back.contains_key(name);
    let of_table = tables.tables.iter().filter(|table| in_ring(&table.name)).flat_map(|table| {
        let keys = table.foreign_keys.iter();
        keys.filter(|key| key.ref_table != table.name && in_ring(&key.ref_table))
            .map(|key| (table.name.as_str(), key.column.as_str()))
    });
    of_table.collect()
}

/// Takes out what has no edges to what is left, until nothing more goes.
fn strip(graph: &mut HashMap<&str, HashSet<&str>>) {
    let mut sources: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, others) in graph.iter() {
        for other in others {
            sources.entry(other).or_default().push(name);
        }
    }
    let known: HashSet<&str> = graph.keys().copied().collect();
    for others in graph.values_mut() {
        others.retain(|other| known.contains(other));
    }
    let mut free: Vec<&str> =
        graph.iter().filter(|(_, others)| others.is_empty()).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        graph.remove(name);
        for source in sources.get(name).into_iter().flatten() {
            if let Some(others) = graph.get_mut(source)
                && others.remove(name)
                && others.is_empty()
            {
                free.push(source);
            }
        }
    }
}
