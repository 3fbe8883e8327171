//! Rows for one table after the other, so that every key finds its target and every constraint holds.

use std::collections::{HashMap, HashSet};

use super::dice::Dice;
use super::order::{may_be_null, order};
use super::value::{self, Place};
use super::{TableRows, condition};
use crate::tables::{Column, ForeignKey, Table, Tables};

/// How often a row is tried before the table stays shorter.
const ATTEMPTS: usize = 96;
/// So many tries change only what keys point at; then the other values change too.
const TURNS: usize = 6;
/// From this change on, values come from the checks themselves.
const DESPERATE: usize = 5;

/// Rows for all tables that can have some.
pub(super) fn fill(tables: &Tables) -> Vec<TableRows> {
    let mut filled: HashMap<&str, TableRows> = HashMap::new();
    let order = order(tables);
    for table in &order {
        let rows = Filler::new(table, tables, &filled).rows();
        filled.insert(&table.name, rows);
    }
    order
        .iter()
        .filter_map(|table| filled.remove(table.name.as_str()))
        .filter(|table| !table.rows.is_empty())
        .collect()
}

/// A row in the making: literals by column.
type Row<'a> = HashMap<&'a str, String>;

struct Filler<'a> {
    table: &'a Table,
    columns: Vec<&'a Column>,
    /// Keys to the table itself stand last: they may refer to what another key of the row is.
    keys: Vec<Key<'a>>,
    /// Columns that are unique together, single ones included.
    uniques: Vec<Vec<&'a str>>,
    count: usize,
    done: Vec<Row<'a>>,
}

/// A foreign key and what it can point at.
struct Key<'a> {
    key: &'a ForeignKey,
    /// The target's values; of the table itself those so far.
    targets: Vec<String>,
    itself: bool,
    null: bool,
    /// Whether each target is used at most once.
    unique: bool,
    /// Where the rows of this table begin among the targets, where several tables share them out.
    offset: usize,
}

impl<'a> Filler<'a> {
    fn new(table: &'a Table, tables: &'a Tables, filled: &HashMap<&'a str, TableRows>) -> Self {
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let mut uniques: Vec<Vec<&str>> = table
            .uniques
            .iter()
            .map(|unique| unique.columns.iter().map(String::as_str).collect())
            .collect();
        uniques.push(table.primary_key.iter().map(String::as_str).collect());
        uniques.extend(
            columns.iter().filter(|column| column.unique).map(|column| vec![column.name.as_str()]),
        );
        let indexes = table.indexes.iter().filter(|index| index.unique);
        uniques.extend(
            indexes.map(|index| index.columns.iter().map(|(column, _)| column.as_str()).collect()),
        );
        uniques.retain(|columns| !columns.is_empty());
        let is_unique = |column: &str| uniques.iter().any(|columns| *columns == [column]);
        let mut keys: Vec<Key<'_>> = table
            .foreign_keys
            .iter()
            .map(|key| {
                let rows = filled.get(key.ref_table.as_str());
                let targets = rows.map(|rows| values(rows, &key.ref_column)).unwrap_or_default();
                let unique = is_unique(&key.column);
                let offset = if unique && table.primary_key == [key.column.clone()] {
                    shared_before(table, key, filled, tables)
                } else {
                    // Keys of one table to another start one apart.
                    table
                        .foreign_keys
                        .iter()
                        .take_while(|other| other.column != key.column)
                        .filter(|other| other.ref_table == key.ref_table)
                        .count()
                };
                Key {
                    key,
                    targets,
                    itself: key.ref_table == table.name,
                    null: may_be_null(table, key),
                    unique,
                    offset,
                }
            })
            .collect();
        keys.sort_by_key(|key| key.itself);
        let count = count(tables, &keys);
        Self { table, columns, keys, uniques, count, done: Vec::new() }
    }

    fn rows(mut self) -> TableRows {
        for number in 0..self.count {
            if self.done.len() >= self.count {
                break;
            }
            let Some(row) = (0..ATTEMPTS).find_map(|attempt| self.attempt(number, attempt)) else {
                continue;
            };
            let mirrored = self.mirrored(&row);
            self.done.push(row);
            self.done.extend(mirrored.filter(|row| self.is_unique(row)));
        }
        let columns: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let line = |row: &Row<'_>| {
            columns
                .iter()
                .map(|column| row.get(column.as_str()).cloned().unwrap_or_else(null))
                .collect()
        };
        let rows = self.done.iter().map(line).collect();
        TableRows { table: self.table.name.clone(), columns, rows }
    }

    /// The same pair the other way round, for a table that has each both ways.
    fn mirrored(&self, row: &Row<'a>) -> Option<Row<'a>> {
        let [first, second] = self.keys.as_slice() else { return None };
        if !self.table.symmetrical {
            return None;
        }
        let (a, b) = (first.key.column.as_str(), second.key.column.as_str());
        let mut other = row.clone();
        other.insert(a, row.get(b)?.clone());
        other.insert(b, row.get(a)?.clone());
        let auto = self.columns.iter().find(|column| column.auto)?;
        other.insert(&auto.name, (self.done.len() + 2).to_string());
        Some(other)
    }

    fn attempt(&self, number: usize, attempt: usize) -> Option<Row<'a>> {
        let mut row: Row<'a> = HashMap::new();
        for column in self
            .columns
            .iter()
            .copied()
            .filter(|column| !self.keys.iter().any(|key| key.key.column == column.name))
        {
            row.insert(&column.name, self.plain(column, number, attempt / TURNS));
        }
        for key in &self.keys {
            let value = self.target(key, number, attempt, &row)?;
            row.insert(&key.key.column, value);
        }
        (self.keys_differ(&row) && self.is_unique(&row) && self.meets_checks(&row)).then_some(row)
    }

    fn plain(&self, column: &Column, number: usize, attempt: usize) -> String {
        if column.auto {
            return (self.done.len() + 1).to_string();
        }
        let place = Place { table: self.table, column, row: number, attempt };
        let key = self.table.primary_key.contains(&column.name);
        if column.null
            && !column.unique
            && !key
            && Dice::new(&[&self.table.name, &column.name, "null"], number + attempt).below(4) == 0
        {
            return null();
        }
        if attempt >= DESPERATE
            && let Some(literal) = self.literal_of_checks(column, attempt)
        {
            return literal;
        }
        value::literal(place)
    }

    /// A literal that a check compares the column with, or one beside it.
    fn literal_of_checks(&self, column: &Column, attempt: usize) -> Option<String> {
        let quoted = format!("\"{}\"", column.name);
        let conditions = self
            .table
            .checks
            .iter()
            .filter_map(|check| check.condition.as_ref())
            .filter(|condition| condition.contains(&quoted));
        let near = |literal: String| match literal.parse::<f64>() {
            Ok(number) => vec![literal, (number + 1.0).to_string(), (number - 1.0).to_string()],
            Err(_) => vec![literal],
        };
        let candidates: Vec<String> = conditions
            .flat_map(|condition| condition::literals(condition))
            .flat_map(near)
            .collect();
        Dice::new(&[&column.name, "check"], attempt).pick(&candidates).cloned()
    }

    /// What a foreign key points at. Some targets are left without rows, so that there is something to find.
    fn target(
        &self,
        key: &Key<'_>,
        number: usize,
        attempt: usize,
        row: &Row<'_>,
    ) -> Option<String> {
        let dice = Dice::new(&[&self.table.name, &key.key.column], number * ATTEMPTS + attempt);
        if key.itself {
            let before: Vec<&String> =
                self.done.iter().filter_map(|row| row.get(key.key.ref_column.as_str())).collect();
            return match dice.pick(&before) {
                Some(value) if !(key.null && dice.roll(3).is_multiple_of(5)) => {
                    Some((*value).clone())
                }
                _ if key.null => Some(null()),
                _ => row.get(key.key.ref_column.as_str()).cloned(),
            };
        }
        if key.targets.is_empty() {
            return key.null.then(null);
        }
        let usable =
            if attempt < ATTEMPTS / 2 { usable(key.targets.len()) } else { key.targets.len() };
        if key.unique {
            // One after the other; which is unique, so a failed try takes the next.
            return key
                .targets
                .get(key.offset + number + attempt)
                .cloned()
                .or_else(|| key.null.then(null));
        }
        if key.null && dice.roll(3).is_multiple_of(4) {
            return Some(null());
        }
        // Earlier targets are likelier, so that counts differ.
        let at = (dice.roll(1) as usize % usable).min(dice.roll(2) as usize % usable);
        let spread = if self.keys.len() > 1 { dice.roll(1) as usize % usable } else { at };
        key.targets.get(spread).cloned()
    }

    /// Two keys to one table do not point at the same row.
    fn keys_differ(&self, row: &Row<'_>) -> bool {
        let mut seen = HashSet::new();
        self.keys.iter().filter(|key| !key.itself).all(|key| {
            let value = row.get(key.key.column.as_str()).map_or("NULL", String::as_str);
            value == "NULL" || key.targets.len() < 2 || seen.insert((&key.key.ref_table, value))
        })
    }

    fn is_unique(&self, row: &Row<'_>) -> bool {
        self.uniques.iter().all(|columns| {
            let values = |row: &Row<'a>| {
                columns
                    .iter()
                    .map(|column| row.get(column).cloned().unwrap_or_else(null))
                    .collect::<Vec<_>>()
            };
            let new: Vec<String> = columns
                .iter()
                .map(|column| row.get(column).cloned().unwrap_or_else(null))
                .collect();
            new.contains(&null()) || !self.done.iter().any(|row| values(row) == new)
        })
    }

    fn meets_checks(&self, row: &Row<'_>) -> bool {
        let conditions = self.table.checks.iter().filter_map(|check| check.condition.as_ref());
        conditions
            .into_iter()
            .all(|condition| !condition::is_broken(condition, &|column| row.get(column).cloned()))
    }
}

fn null() -> String {
    "NULL".into()
}

fn values(rows: &TableRows, column: &str) -> Vec<String> {
    let Some(at) = rows.columns.iter().position(|name| name == column) else { return Vec::new() };
    rows.rows
        .iter()
        .filter_map(|row| row.get(at))
        .filter(|value| *value != "NULL")
        .cloned()
        .collect()
}

/// How many of so many targets get rows.
const fn usable(targets: usize) -> usize {
    if targets < 2 { targets } else { targets - 1 - targets / 6 }
}

/// How many of a parent's rows are taken by tables filled before that extend it too.
fn shared_before(
    table: &Table,
    key: &ForeignKey,
    filled: &HashMap<&str, TableRows>,
    tables: &Tables,
) -> usize {
    let extends = |other: &&Table| {
        other.name != table.name
            && other.primary_key.len() == 1
            && key_to(other, &key.ref_table).is_some()
    };
    tables
        .tables
        .iter()
        .filter(extends)
        .filter_map(|other| filled.get(other.name.as_str()))
        .map(|rows| rows.rows.len())
        .sum()
}

/// A table's primary key, where that is a foreign key to such a table.
fn key_to<'t>(table: &'t Table, target: &str) -> Option<&'t ForeignKey> {
    table
        .foreign_keys
        .iter()
        .find(|key| key.ref_table == target && table.primary_key == [key.column.clone()])
}

/// How many rows a table gets.
fn count(tables: &Tables, keys: &[Key<'_>]) -> usize {
    let blocked = keys.iter().any(|key| !key.itself && !key.null && key.targets.is_empty());
    if blocked {
        return 0;
    }
    let unique = keys.iter().filter(|key| key.unique && !key.itself && !key.targets.is_empty());
    let at_most = unique.map(|key| {
        let siblings = tables
            .tables
            .iter()
            .filter(|other| key_to(other, &key.key.ref_table).is_some())
            .count();
        usable(key.targets.len()).div_ceil(siblings.max(1)).max(1)
    });
    if let Some(count) = at_most.min() {
        return count;
    }
    let others: Vec<usize> =
        keys.iter().filter(|key| !key.itself).map(|key| key.targets.len().max(1)).collect();
    match others.as_slice() {
        [] => 8,
        [_] => 10,
        // Not every pair.
        several => several.iter().product::<usize>().saturating_mul(3).div_ceil(5).min(12),
    }
}
