//! References: what follows when a referenced row goes, and what must not dangle.

use std::sync::Arc;

use gluesql_core::data::Value;

use super::table::Table;
use super::write::{Refers, Touched};
use super::{Database, Writer};
use crate::catalog::{ForeignKey, Reaction, TableDef};
use crate::error::{ConstraintKind, Result, SqlError};
use crate::types;
use crate::values::same;

/// A reference that NO ACTION left for the end of the statement.
pub(super) struct Dangling {
    child: Arc<TableDef>,
    key: usize,
    values: Vec<Value>,
}

/// A foreign key that points at a table: whose it is, which, and at which columns.
pub(super) struct Reference {
    child: Arc<TableDef>,
    at: usize,
    pub(super) columns: Vec<usize>,
}

impl Reference {
    fn new(child: Arc<TableDef>, at: usize, parent: &TableDef) -> Result<Self> {
        let columns = match child.foreign_keys.get(at) {
            Some(key) => referred_columns(key, parent)?,
            None => Vec::new(),
        };
        Ok(Self { child, at, columns })
    }
}

/// The columns that a foreign key points at.
pub(crate) fn referred_columns(key: &ForeignKey, parent: &TableDef) -> Result<Vec<usize>> {
    let columns: Option<Vec<usize>> = if key.referred.is_empty() {
        parent.primary_key().map(|unique| unique.columns.clone())
    } else {
        key.referred.iter().map(|name| parent.column(name)).collect()
    };
    columns.filter(|columns| columns.len() == key.columns.len()).ok_or_else(|| {
        SqlError::error(format!(
            "a foreign key points at columns that {} does not have ({})",
            parent.name,
            key.referred.join(", ")
        ))
    })
}

fn values_of(row: &[Value], columns: &[usize]) -> Option<Vec<Value>> {
    columns
        .iter()
        .map(|column| row.get(*column).filter(|value| !value.is_null()).cloned())
        .collect()
}

/// The rows of a table that have these values in these columns.
fn matching(table: &Table, columns: &[usize], values: &[Value]) -> Vec<i64> {
    let borrowed: Vec<&Value> = values.iter().collect();
    table.find(columns, &borrowed).unwrap_or_else(|| {
        let same = |row: &[Value]| {
            columns.iter().zip(values).all(|(column, value)| row.get(*column) == Some(value))
        };
        table.rows.iter().filter(|(_, row)| same(row)).map(|(id, _)| id).collect()
    })
}

/// What a foreign key points at, resolved.
struct Target<'a> {
    parent: &'a Table,
    columns: Vec<usize>,
}

impl<'a> Target<'a> {
    fn of(db: &'a Database, child: &TableDef, key: &ForeignKey) -> Result<Self> {
        let Some(parent) = db.table(&key.table) else {
            return Err(SqlError::error(format!(
                "{} references table {}, which does not exist",
                child.name, key.table
            )));
        };
        let columns = referred_columns(key, &parent.def)?;
        if !parent.is_unique(&columns) {
            return Err(SqlError::error(format!(
                "{} references {} ({}), which is not unique",
                child.name,
                parent.def.name,
                parent.def.names(&columns)
            ))
            .hint("a foreign key must point at a primary key or at unique columns"));
        }
        Ok(Self { parent, columns })
    }

    /// Whether it has the row that another points at, where looking at that is enough: where the key is one whole number.
    fn has_row(&self, key: &ForeignKey, row: &[Value]) -> bool {
        let ([mine], [theirs]) = (key.columns.as_slice(), self.columns.as_slice()) else {
            return false;
        };
        match row.get(*mine) {
            Some(Value::I64(id)) => {
                self.parent.def.row_column() == Some(*theirs) && self.parent.rows.contains(*id)
            }
            _ => false,
        }
    }

    /// Whether it has the row with these values.
    fn has(&self, values: &[Value]) -> bool {
        if let ([column], [Value::I64(id)]) = (self.columns.as_slice(), values)
            && self.parent.def.row_column() == Some(*column)
        {
            return self.parent.rows.contains(*id);
        }
        let values: Option<Vec<Value>> = values
            .iter()
            .zip(&self.columns)
            .map(|(value, column)| {
                super::conform::convert(value.clone(), self.parent.def.columns.get(*column)?.ty)
            })
            .collect();
        values.is_some_and(|values| !matching(self.parent, &self.columns, &values).is_empty())
    }
}

fn named(key: &ForeignKey) -> String {
    key.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default()
}

fn shown(values: &[Value]) -> String {
    values.iter().map(types::literal).collect::<Vec<_>>().join(", ")
}

fn still_referenced(child: &TableDef, key: &ForeignKey, values: &[Value]) -> SqlError {
    SqlError::error(format!(
        "FOREIGN KEY constraint{} failed: {} ({}) still references {} = ({})",
        named(key),
        child.name,
        child.names(&key.columns),
        key.table,
        shown(values)
    ))
    .breaks(
        ConstraintKind::ForeignKey,
        &child.name,
        child.column_names(&key.columns),
        key.name.as_ref(),
    )
}

/// Checks one row's reference through one foreign key.
pub(crate) fn check_reference(
    db: &Database,
    def: &TableDef,
    key: &ForeignKey,
    row: &[Value],
) -> Result<()> {
    match values_of(row, &key.columns) {
        Some(values) if !Target::of(db, def, key)?.has(&values) => Err(dangles(def, key, &values)),
        _ => Ok(()),
    }
}

fn dangles(def: &TableDef, key: &ForeignKey, values: &[Value]) -> SqlError {
    SqlError::error(format!(
        "FOREIGN KEY constraint{} failed: {} ({}) = ({}) has no row in {}",
        named(key),
        def.name,
        def.names(&key.columns),
        shown(values),
        key.table
    ))
    .breaks(
        ConstraintKind::ForeignKey,
        &def.name,
        def.column_names(&key.columns),
        key.name.as_ref(),
    )
}

impl Writer<'_> {
    /// What points at a table.
    pub(super) fn references_of(&mut self, parent: &Arc<TableDef>) -> Result<Arc<Vec<Reference>>> {
        if let Some((_, known)) = self.references.iter().find(|(of, _)| Arc::ptr_eq(of, parent)) {
            return Ok(Arc::clone(known));
        }
        let references = self.db.references_to(&parent.name).into_iter();
        let references = references
            .map(|(child, at)| Reference::new(child, at, parent))
            .collect::<Result<Vec<_>>>()
            .map(Arc::new)?;
        self.references.push((Arc::clone(parent), Arc::clone(&references)));
        Ok(references)
    }

    /// Carries out the actions of foreign keys until nothing more follows.
    pub(super) fn follow(&mut self) -> Result<()> {
        while let Some(Touched { table, before, after }) = self.touched.pop_front() {
            for reference in self.references_of(&table)?.iter() {
                self.follow_one(&before, after.as_deref(), reference)?;
            }
        }
        Ok(())
    }

    fn follow_one(
        &mut self,
        before: &[Value],
        after: Option<&[Value]>,
        reference: &Reference,
    ) -> Result<()> {
        let Reference { child, at, columns } = reference;
        let at = *at;
        let same = |after: &[Value]| {
            columns.iter().all(|column| before.get(*column) == after.get(*column))
        };
        if after.is_some_and(same) {
            return Ok(());
        }
        let Some(key) = child.foreign_keys.get(at) else { return Ok(()) };
        let Some(old) = values_of(before, columns) else { return Ok(()) };
        let new: Option<Vec<Value>> = after
            .map(|row| columns.iter().filter_map(|column| row.get(*column).cloned()).collect());
        let Some(table) = self.db.table(&child.name) else { return Ok(()) };
        let converted: Option<Vec<Value>> = old
            .iter()
            .zip(&key.columns)
            .map(|(value, column)| {
                super::conform::convert(value.clone(), child.columns.get(*column)?.ty)
            })
            .collect();
        let ids =
            converted.map(|values| matching(table, &key.columns, &values)).unwrap_or_default();
        if ids.is_empty() {
            return Ok(());
        }
        let action = if after.is_none() { key.on_delete } else { key.on_update };
        match (action, new) {
            (Reaction::NoAction, _) => {
                self.dangling.push(Dangling { child: Arc::clone(child), key: at, values: old })
            }
            (Reaction::Restrict, _) => return Err(still_referenced(child, key, &old)),
            (Reaction::Cascade, None) => {
                for id in ids {
                    self.delete(&child.name, id)?;
                }
            }
            (Reaction::Cascade, Some(new)) => self.replace(child, key, &ids, &new)?,
            (Reaction::SetNull, _) => {
                self.replace(child, key, &ids, &vec![Value::Null; key.columns.len()])?
            }
            (Reaction::SetDefault, _) => {
                let defaults: Vec<Value> = key
                    .columns
                    .iter()
                    .map(|column| self.evaluate.default(child, *column))
                    .collect::<Result<_>>()?;
                self.replace(child, key, &ids, &defaults)?;
            }
        }
        Ok(())
    }

    fn replace(
        &mut self,
        child: &TableDef,
        key: &ForeignKey,
        ids: &[i64],
        values: &[Value],
    ) -> Result<()> {
        for id in ids {
            self.update(&child.name, *id, &key.columns, values.to_vec())?;
        }
        Ok(())
    }

    /// No reference may dangle at the end of the statement, except deferred ones.
    pub(super) fn check_references(&self) -> Result<()> {
        for dangling in &self.dangling {
            let Some(key) = dangling.child.foreign_keys.get(dangling.key) else { continue };
            if key.deferred && self.db.deferring {
                continue;
            }
            let Some(child) = self.db.table(&dangling.child.name) else { continue };
            if !matching(child, &key.columns, &dangling.values).is_empty()
                && !Target::of(self.db, &dangling.child, key)?.has(&dangling.values)
            {
                return Err(still_referenced(&dangling.child, key, &dangling.values));
            }
        }
        // Entries of a table share its name.
        let mut known: Vec<(&Arc<str>, Checked<'_>)> = Vec::new();
        for entry in &self.log.entries {
            let Some(id) = entry.after.filter(|_| entry.refers == Refers::Anew) else { continue };
            let at = known.iter().position(|(name, _)| Arc::ptr_eq(name, &entry.table));
            let at = at.unwrap_or_else(|| {
                let table = self.db.table(&entry.table);
                let keys = table.map_or(0, |table| table.def.foreign_keys.len());
                let targets = (0..keys).map(|_| None).collect();
                let before = self.before.table(&entry.table);
                known.push((&entry.table, Checked { table, before, targets }));
                known.len() - 1
            });
            let Some((_, Checked { table: Some(table), before, targets })) = known.get_mut(at)
            else {
                continue;
            };
            let Some(row) = table.rows.get(id) else { continue };
            let before = entry.before.and_then(|id| before.as_ref()?.rows.get(id));
            for (key, target) in table.def.foreign_keys.iter().zip(targets) {
                if key.deferred && self.db.deferring {
                    continue;
                }
                let unchanged = before.is_some_and(|before| {
                    key.columns.iter().all(|column| {
                        let cells = before.get(*column).zip(row.get(*column));
                        cells.is_some_and(|(before, after)| same(before, after))
                    })
                });
                if unchanged {
                    continue;
                }
                let null = |column: &usize| row.get(*column).is_none_or(Value::is_null);
                if key.columns.iter().any(null) {
                    continue;
                }
                let target = match target {
                    Some(target) => target,
                    None => target.insert(Target::of(self.db, &table.def, key)?),
                };
                if target.has_row(key, row) {
                    continue;
                }
                let Some(values) = values_of(row, &key.columns) else { continue };
                if !target.has(&values) {
                    return Err(dangles(&table.def, key, &values));
                }
            }
        }
        Ok(())
    }
}

/// A table whose references are being checked, and what each points at, once that is known.
struct Checked<'a> {
    table: Option<&'a Arc<Table>>,
    /// The table as it was.
    before: Option<&'a Arc<Table>>,
    targets: Vec<Option<Target<'a>>>,
}

/// Checks the deferred references of all tables, as COMMIT does.
pub(crate) fn check_deferred(db: &Database) -> Result<()> {
    for table in db.tables() {
        for key in table.def.foreign_keys.iter().filter(|key| key.deferred) {
            for (_, row) in table.rows.iter() {
                check_reference(db, &table.def, key, row)?;
            }
        }
    }
    Ok(())
}
