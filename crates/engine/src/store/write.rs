//! The one way by which rows change: every constraint is enforced here, cascades included.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use gluesql_core::data::Value;
use rustc_hash::FxBuildHasher;
use throughline_order::Arrange as _;

use super::table::integer;
use super::{Database, Table, conform, foreign};
use crate::catalog::{Source, TableDef, Unique, UniqueKind};
use crate::error::{ConstraintKind, Result, SqlError};
use crate::text::fold;
use crate::types;
use crate::values::same;

/// Says for each row whether a condition of the schema is true (NULL: None).
pub(crate) trait Evaluate {
    fn conditions(
        &self,
        def: &TableDef,
        condition: &Source,
        rows: &Arc<Vec<Vec<Value>>>,
    ) -> Result<Vec<Option<bool>>>;
    fn default(&self, def: &TableDef, column: usize) -> Result<Value>;
}

/// One changed row: its number before and after. Its values are in the database as it was and as it is.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) table: Arc<str>,
    pub(crate) before: Option<i64>,
    pub(crate) after: Option<i64>,
    /// Whether the row was changed more than once, so that it may be as it was.
    pub(crate) again: bool,
    pub(super) refers: Refers,
}

/// What a row refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refers {
    AsBefore,
    /// Perhaps other rows than before.
    Anew,
}

/// What a statement changed, each row once.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Entry>,
    /// Where the row is that now has this number, by table.
    current: Vec<(Arc<str>, HashMap<i64, usize, FxBuildHasher>)>,
}

impl Log {
    /// Adds what a later part of the statement changed.
    pub(crate) fn merge(&mut self, other: Log) {
        for entry in other.entries {
            self.record(&entry.table, entry.before, entry.after, entry.refers);
        }
    }

    fn record(&mut self, name: &Arc<str>, before: Option<i64>, after: Option<i64>, refers: Refers) {
        let known = self.current.iter().position(|(known, _)| known == name);
        let at = known.unwrap_or_else(|| {
            self.current.push((Arc::clone(name), HashMap::default()));
            self.current.len() - 1
        });
        let Some((_, current)) = self.current.get_mut(at) else { return };
        let known = before.and_then(|id| current.remove(&id));
        let at = match known {
            Some(at) => {
                if let Some(entry) = self.entries.get_mut(at) {
                    (entry.after, entry.again) = (after, true);
                    if refers == Refers::Anew {
                        entry.refers = refers;
                    }
                }
                at
            }
            None => {
                let table = Arc::clone(name);
                self.entries.push(Entry { table, before, after, again: false, refers });
                self.entries.len() - 1
            }
        };
        if let Some(id) = after {
            current.insert(id, at);
        }
    }
}

/// A conflict with a uniqueness: which, and with which row.
pub(crate) struct Conflict {
    pub(crate) unique: usize,
    pub(crate) id: i64,
}

/// A row that others may point at, as it was and as it is now.
pub(super) struct Touched {
    pub(super) table: Arc<TableDef>,
    pub(super) before: Vec<Value>,
    pub(super) after: Option<Vec<Value>>,
}

/// Changes rows.
pub(crate) struct Writer<'a> {
    pub(crate) db: &'a mut Database,
    /// The database as it was.
    pub(super) before: Database,
    pub(crate) log: Log,
    pub(crate) evaluate: &'a dyn Evaluate,
    /// Rows that went or changed, whose references are still to be dealt with.
    pub(super) touched: VecDeque<Touched>,
    pub(super) dangling: Vec<foreign::Dangling>,
    /// What points at the tables that changed.
    pub(super) references: Vec<(Arc<TableDef>, Arc<Vec<foreign::Reference>>)>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(db: &'a mut Database, evaluate: &'a dyn Evaluate) -> Self {
        let (touched, dangling, references) = (VecDeque::new(), Vec::new(), Vec::new());
        let before = db.clone();
        Self { db, before, log: Log::default(), evaluate, touched, dangling, references }
    }

    /// The name by which a table is logged.
    fn key(&self, name: &str) -> Arc<str> {
        let known = |name: &str| self.log.current.iter().find(|(known, _)| **known == *name);
        match known(name).or_else(|| known(&fold(name))) {
            Some((known, _)) => Arc::clone(known),
            None => Arc::from(fold(name)),
        }
    }

    fn table(&self, name: &str) -> Result<&Arc<Table>> {
        self.db.table(name).ok_or_else(|| SqlError::error(format!("there is no table {name}")))
    }

    /// A row made to fit, with its number filled in.
    pub(crate) fn prepare(&self, name: &str, mut values: Vec<Value>) -> Result<(i64, Vec<Value>)> {
        let table = self.table(name)?;
        let number = || {
            table.next_number().ok_or_else(|| {
                SqlError::error(format!("{name} has no number left for another row"))
            })
        };
        let id = match table.def.row_column() {
            Some(column) => {
                let auto = table.def.columns.get(column).map(|column| column.auto);
                if let Some(value) = values.get_mut(column)
                    && value.is_null()
                    && auto != Some(crate::catalog::Auto::No)
                {
                    *value = Value::I64(number()?);
                }
                None
            }
            None => Some(number()?),
        };
        let values = conform::row(&table.def, values)?;
        let id = match id {
            Some(id) => id,
            None => table
                .def
                .row_column()
                .and_then(|column| integer(values.get(column)))
                .unwrap_or_default(),
        };
        Ok((id, values))
    }

    /// The first uniqueness that a row would break, not counting the row that it replaces.
    pub(crate) fn conflict(
        &self,
        name: &str,
        id: i64,
        row: &[Value],
        replaces: Option<i64>,
    ) -> Result<Option<Conflict>> {
        let table = self.table(name)?;
        if table.def.row_column().is_some() && replaces != Some(id) && table.rows.contains(id) {
            let unique = table
                .def
                .uniques
                .iter()
                .position(|unique| unique.kind == UniqueKind::Primary)
                .unwrap_or_default();
            return Ok(Some(Conflict { unique, id }));
        }
        for index in &table.indexes {
            let Some((at, unique)) =
                index.unique.and_then(|at| Some((at, table.def.uniques.get(at)?)))
            else {
                continue;
            };
            // What the row had before was no conflict.
            let before = replaces.and_then(|id| table.rows.get(id));
            let kept = before.is_some_and(|before| {
                unique.condition.is_none()
                    && index.columns.iter().all(|column| before.get(*column) == row.get(*column))
            });
            if kept {
                continue;
            }
            let most = if unique.condition.is_none() { 1 } else { usize::MAX };
            let others = index.like(row).filter(|other| Some(*other) != replaces);
            let mut others: Vec<i64> = others.take(most).collect();
            if let (Some(condition), false) = (&unique.condition, others.is_empty()) {
                let theirs = others.iter().filter_map(|id| table.rows.get(*id));
                let rows = std::iter::once(row).chain(theirs).map(<[Value]>::to_vec).collect();
                let holds = self.evaluate.conditions(&table.def, condition, &Arc::new(rows))?;
                let (own, theirs) =
                    holds.split_first().map_or((None, &[][..]), |(own, theirs)| (*own, theirs));
                let mut theirs = theirs.iter();
                others.retain(|_| theirs.next() == Some(&Some(true)));
                if own != Some(true) {
                    others.clear();
                }
            }
            if let Some(id) = others.first() {
                return Ok(Some(Conflict { unique: at, id: *id }));
            }
        }
        Ok(None)
    }

    fn unique_error(&self, name: &str, row: &[Value], conflict: &Conflict) -> SqlError {
        let Some(def) = self.db.table(name).map(|table| &table.def) else {
            return SqlError::error("the table is gone");
        };
        let Some(unique) = def.uniques.get(conflict.unique) else {
            return SqlError::error("the constraint is gone");
        };
        let what = match unique.kind {
            UniqueKind::Primary => "PRIMARY KEY",
            UniqueKind::Constraint | UniqueKind::Index => "UNIQUE",
        };
        let named = unique.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let values: Vec<String> = unique
            .columns
            .iter()
            .filter_map(|column| row.get(*column))
            .map(types::literal)
            .collect();
        SqlError::error(format!(
            "{what} constraint{named} failed: {} already has a row with ({}) = ({})",
            def.name,
            def.names(&unique.columns),
            values.join(", ")
        ))
        .breaks(
            ConstraintKind::Unique,
            &def.name,
            def.column_names(&unique.columns),
            unique.name.as_ref(),
        )
    }

    /// Adds a prepared row.
    pub(crate) fn insert(&mut self, name: &str, id: i64, row: Vec<Value>) -> Result<()> {
        if let Some(conflict) = self.conflict(name, id, &row, None)? {
            return Err(self.unique_error(name, &row, &conflict));
        }
        self.log.record(&self.key(name), None, Some(id), Refers::Anew);
        if let Some(table) = self.db.table_mut(name) {
            table.put(id, row);
        }
        Ok(())
    }

    /// Leaves out a prepared row; the number that it was to have is used up where numbers never come again.
    pub(crate) fn pass_over(&mut self, name: &str, id: i64) {
        let counted = self.db.table(name).is_some_and(|table| {
            let column = table.def.row_column().and_then(|at| table.def.columns.get(at));
            column.is_some_and(|column| column.auto == crate::catalog::Auto::Ever)
        });
        if let (true, Some(table)) = (counted, self.db.table_mut(name)) {
            table.pass_over(id);
        }
    }

    /// Gives a row other values in some columns, and says which number it has then. None: there is no such row.
    pub(crate) fn update(
        &mut self,
        name: &str,
        id: i64,
        columns: &[usize],
        mut values: Vec<Value>,
    ) -> Result<Option<i64>> {
        let table = self.table(name)?;
        let def = Arc::clone(&table.def);
        let Some(before) = table.rows.get(id) else { return Ok(None) };
        let (mut differs, mut next) = (false, id);
        for (at, place) in columns.iter().zip(&mut values) {
            let Some(column) = def.columns.get(*at) else { continue };
            *place = conform::value(&def, column, std::mem::replace(place, Value::Null))?;
            differs |= !before.get(*at).is_some_and(|before| same(before, place));
            if def.row_column() == Some(*at) {
                next = integer(Some(place)).unwrap_or(id);
            }
        }
        if !differs {
            return Ok(Some(next));
        }
        // What is told of the whole row is asked only where it can matter.
        let concerns = |these: &[usize]| these.iter().any(|column| columns.contains(column));
        let is_key = |unique: &Unique| unique.condition.is_some() || concerns(&unique.columns);
        let keyed = def.uniques.iter().any(is_key);
        let references = self.references_of(&def)?;
        let referred = references.iter().any(|reference| concerns(&reference.columns));
        let before = if keyed || referred {
            self.table(name)?.rows.get(id).map(<[Value]>::to_vec)
        } else {
            None
        };
        let after = before.clone().map(|mut row| {
            for (at, value) in columns.iter().zip(&values) {
                if let Some(place) = row.get_mut(*at) {
                    place.clone_from(value);
                }
            }
            row
        });
        if keyed
            && let Some(row) = &after
            && let Some(conflict) = self.conflict(name, next, row, Some(id))?
        {
            return Err(self.unique_error(name, row, &conflict));
        }
        let anew = def.foreign_keys.iter().any(|key| concerns(&key.columns));
        let refers = if anew { Refers::Anew } else { Refers::AsBefore };
        self.log.record(&self.key(name), Some(id), Some(next), refers);
        if let Some(table) = self.db.table_mut(name) {
            match &after {
                Some(row) if next != id => {
                    table.take(id);
                    table.put(next, row.clone());
                }
                _ => table.change(id, columns, values),
            }
        }
        if referred && let Some(before) = before {
            self.touched.push_back(Touched { table: def, before, after });
        }
        Ok(Some(next))
    }

    /// Takes a row away.
    pub(crate) fn delete(&mut self, name: &str, id: i64) -> Result<bool> {
        let def = Arc::clone(&self.table(name)?.def);
        let Some(before) = self.db.table_mut(name).and_then(|table| table.take(id)) else {
            return Ok(false);
        };
        self.log.record(&self.key(name), Some(id), None, Refers::AsBefore);
        if !self.references_of(&def)?.is_empty() {
            self.touched.push_back(Touched { table: def, before, after: None });
        }
        Ok(true)
    }

    /// Ends the statement: carries out cascades, then checks references and CHECKs of all rows that changed.
    pub(crate) fn finish(mut self) -> Result<Log> {
        self.follow()?;
        self.check_references()?;
        self.check_conditions()?;
        Ok(self.log)
    }

    fn check_conditions(&self) -> Result<()> {
        let mut names: Vec<&Arc<str>> = self.log.current.iter().map(|(name, _)| name).collect();
        names.arrange();
        for name in names {
            let Some(table) = self.db.table(name).filter(|table| !table.def.checks.is_empty())
            else {
                continue;
            };
            let of_table = self.log.entries.iter().filter(|entry| entry.table == *name);
            let rows = of_table.filter_map(|entry| Some(table.rows.get(entry.after?)?.to_vec()));
            check_rows(self.evaluate, &table.def, &Arc::new(rows.collect()))?;
        }
        Ok(())
    }
}

/// Checks the CHECK constraints of some rows of a table.
pub(crate) fn check_rows(
    evaluate: &dyn Evaluate,
    def: &TableDef,
    rows: &Arc<Vec<Vec<Value>>>,
) -> Result<()> {
    for check in &def.checks {
        let holds = evaluate.conditions(def, &check.condition, rows)?;
        if let Some((_, row)) =
            holds.iter().zip(rows.iter()).find(|(holds, _)| **holds == Some(false))
        {
            let named = check.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let values: Vec<String> = def
                .columns
                .iter()
                .zip(row.iter())
                .map(|(column, value)| format!("{} = {}", column.name, types::literal(value)))
                .collect();
            return Err(SqlError::error(format!(
                "CHECK constraint{named} failed: {} requires {}, and the row has {}",
                def.name,
                check.condition.text,
                values.join(", ")
            ))
            .breaks(ConstraintKind::Check, &def.name, Vec::new(), check.name.as_ref()));
        }
    }
    Ok(())
}
