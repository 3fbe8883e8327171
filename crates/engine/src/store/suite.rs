//! GlueSQL's own conformance suite for storages, over our tables: rows, indexes and snapshots behind GlueSQL's traits, driven by its front end.
//!
//! The engine never runs like this: it reads rows by its own executor and writes them through the [`super::Writer`], past GlueSQL's front end, whose
//! answers are what the checker is there to put right (`tests/gluesql.rs` has the differences one by one). Here it is only shown that what lies below
//! is a storage as GlueSQL means it. Indexes on expressions, custom functions and the dictionary of indexes are no part of that: the engine has none.

use std::collections::BTreeMap;

use gluesql_core::ast::{ColumnDef, DataType};
use gluesql_core::data::{Key, Schema, Value};
use gluesql_core::error::{Error, Result};
use gluesql_core::prelude::Glue;
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index, IndexMut, Metadata, Planner, RowIter,
    Store, StoreMut, Transaction,
};
use gluesql_test_suite::*;

use super::{Database, Table};
use crate::catalog::{Auto, Column, TableDef, Unique, UniqueKind};
use crate::types::{self, Type};

#[derive(Clone, Default)]
struct Content {
    db: Database,
    schemas: BTreeMap<String, Schema>,
}

#[derive(Default)]
struct Storage {
    now: Content,
    before: Option<Content>,
}

fn definition(schema: &Schema) -> TableDef {
    let given = schema.column_defs.as_deref().unwrap_or_default();
    let column = |column: &ColumnDef| Column {
        name: column.name.clone(),
        ty: if column.data_type == DataType::Int { Type::Int } else { Type::Null },
        declared: column.data_type.to_string(),
        length: None,
        precision: None,
        range: None,
        not_null: !column.nullable,
        default: None,
        auto: Auto::No,
    };
    let unique = |(at, column): (usize, &ColumnDef)| {
        let is_primary = column.unique.as_ref()?.is_primary;
        let kind = if is_primary { UniqueKind::Primary } else { UniqueKind::Constraint };
        Some(Unique { name: None, columns: vec![at], kind, condition: None })
    };
    let mut columns: Vec<Column> = given.iter().map(column).collect();
    if columns.is_empty() {
        // A row of a table without a schema is one map.
        let map = ColumnDef {
            name: "row".to_owned(),
            data_type: DataType::Map,
            nullable: true,
            default: None,
            unique: None,
            comment: None,
        };
        columns.push(column(&map));
    }
    TableDef {
        name: schema.table_name.clone(),
        columns,
        uniques: given.iter().enumerate().filter_map(unique).collect(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
    }
}

/// The column whose values are the keys, where the rows' numbers are not.
fn keyed(table: &Table) -> Option<usize> {
    match (table.def.row_column(), table.def.primary_key()) {
        (None, Some(unique)) => unique.columns.first().copied(),
        _ => None,
    }
}

fn number(table: &Table, key: &Key) -> Option<i64> {
    let id = match (keyed(table), key) {
        (Some(column), key) => table.find(&[column], &[&key.clone().into()])?.first().copied()?,
        (None, Key::I64(id)) => *id,
        (None, _) => return None,
    };
    table.rows.contains(id).then_some(id)
}

impl Storage {
    fn table(&self, name: &str) -> Result<&Table> {
        let table = self.now.db.table(name).map(|table| &**table);
        table.ok_or_else(|| Error::StorageMsg(format!("no table {name}")))
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Table)) -> Result<()> {
        let table = self.now.db.table_mut(name);
        table.map(change).ok_or_else(|| Error::StorageMsg(format!("no table {name}")))
    }
}

impl Store for Storage {
    fn fetch_schema(&self, name: &str) -> Result<Option<Schema>> {
        Ok(self.now.schemas.get(name).cloned())
    }

    fn fetch_all_schemas(&self) -> Result<Vec<Schema>> {
        Ok(self.now.schemas.values().cloned().collect())
    }

    fn fetch_data(&self, name: &str, key: &Key) -> Result<Option<Vec<Value>>> {
        let table = self.table(name)?;
        Ok(number(table, key).and_then(|id| table.rows.get(id)).map(<[Value]>::to_vec))
    }

    fn scan_data<'a>(&'a self, name: &str) -> Result<RowIter<'a>> {
        let Ok(table) = self.table(name) else { return Ok(Box::new(std::iter::empty())) };
        let Some(column) = keyed(table) else {
            let rows = table.rows.iter();
            return Ok(Box::new(rows.map(|(id, row)| Ok((Key::I64(id), row.to_vec())))));
        };
        let ids = table.index_on(&[column]).into_iter().flat_map(super::Index::ids);
        let rows = ids.filter_map(|id| table.rows.get(id));
        Ok(Box::new(rows.map(move |row| Ok((types::key(&row[column]), row.to_vec())))))
    }
}

impl StoreMut for Storage {
    fn insert_schema(&mut self, schema: &Schema) -> Result<()> {
        self.now.db.create(definition(schema));
        self.now.schemas.insert(schema.table_name.clone(), schema.clone());
        Ok(())
    }

    fn delete_schema(&mut self, name: &str) -> Result<()> {
        self.now.db.drop(name);
        self.now.schemas.remove(name);
        Ok(())
    }

    fn append_data(&mut self, name: &str, rows: Vec<Vec<Value>>) -> Result<()> {
        self.change(name, |table| {
            for row in rows {
                table.put(table.next_number().unwrap(), row);
            }
        })
    }

    fn insert_data(&mut self, name: &str, rows: Vec<(Key, Vec<Value>)>) -> Result<()> {
        self.change(name, |table| {
            for (key, row) in rows {
                let known = number(table, &key);
                if let Some(id) = known {
                    table.take(id);
                }
                let given = match key {
                    Key::I64(id) if keyed(table).is_none() => Some(id),
                    _ => known,
                };
                table.put(given.or_else(|| table.next_number()).unwrap(), row);
            }
        })
    }

    fn delete_data(&mut self, name: &str, keys: Vec<Key>) -> Result<()> {
        self.change(name, |table| {
            for key in keys {
                number(table, &key).and_then(|id| table.take(id));
            }
        })
    }
}

impl Transaction for Storage {
    fn begin(&mut self, autocommit: bool) -> Result<bool> {
        match (&self.before, autocommit) {
            (Some(_), true) => return Ok(false),
            (Some(_), false) => {
                return Err(Error::StorageMsg("nested transaction is not supported".to_owned()));
            }
            (None, _) => {}
        }
        self.before = Some(self.now.clone());
        Ok(autocommit)
    }

    fn rollback(&mut self) -> Result<()> {
        self.now = self.before.take().ok_or(Error::StorageMsg("no transaction".to_owned()))?;
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        self.before.take().map(drop).ok_or(Error::StorageMsg("no transaction".to_owned()))
    }
}

impl AlterTable for Storage {}
impl Planner for Storage {}
impl Index for Storage {}
impl IndexMut for Storage {}
impl Metadata for Storage {}
impl CustomFunction for Storage {}
impl CustomFunctionMut for Storage {}

struct Suite(Glue<Storage>);

impl Tester<Storage> for Suite {
    fn new(_: &str) -> Self {
        Self(Glue::new(Storage::default()))
    }

    fn get_glue(&mut self) -> &mut Glue<Storage> {
        &mut self.0
    }
}

generate_store_tests!(test, Suite);
generate_alter_table_tests!(test, Suite);
generate_transaction_tests!(test, Suite);
generate_transaction_alter_table_tests!(test, Suite);
