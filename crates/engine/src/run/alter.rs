//! ALTER TABLE, and every change of a definition that rows must be checked against.

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{AlterColumnOperation, AlterTableOperation, Ident, ObjectName};
use throughline_order::Gather as _;

use super::ddl::missing;
use super::schema::{Schema, add_column, add_constraint, places, source, validate};
use crate::bind::data_type;
use crate::catalog::{Auto, Source, TableDef, UniqueKind};
use crate::error::{Result, SqlError};
use crate::reader::Meter;
use crate::store::{Database, Evaluate, Writer, check_reference};
use crate::text::{fold, name, table_name};

/// Gives a table another definition, if all its rows fit it.
pub(super) fn replace(db: &mut Database, meter: &Meter, table: &str, def: TableDef) -> Result<()> {
    let rows = widened(db, table, |_| {});
    rebuild(db, meter, table, def, rows)
}

/// Gives a table another definition and these rows.
fn rebuild(
    db: &mut Database,
    meter: &Meter,
    table: &str,
    def: TableDef,
    rows: Vec<(i64, Vec<Value>)>,
) -> Result<()> {
    let called = def.name.clone();
    let mut next = db.clone();
    next.redefine_empty(table, def);
    let schema = Schema { db: next.clone(), meter };
    let mut writer = Writer::new(&mut next, &schema);
    for (id, row) in rows {
        let (fresh, row) = writer.prepare(&called, row)?;
        let id = if writer.db.table(&called).is_some_and(|table| table.def.row_column().is_some()) {
            fresh
        } else {
            id
        };
        writer.insert(&called, id, row)?;
    }
    writer.finish()?;
    *db = next;
    Ok(())
}

/// ALTER TABLE.
pub(crate) fn alter_table(
    db: &mut Database,
    meter: &Meter,
    object: &ObjectName,
    if_exists: bool,
    operations: &[AlterTableOperation],
) -> Result<()> {
    let called = table_name(object)?;
    if db.table(&called.text).is_none() {
        return if if_exists { Ok(()) } else { Err(missing(db, &called.text).at(called.span)) };
    }
    let mut current = called.text.clone();
    for operation in operations {
        operate(db, meter, &mut current, operation).map_err(|error| error.at(called.span))?;
    }
    Ok(())
}

fn definition(db: &Database, table: &str) -> Result<TableDef> {
    db.table(table).map(|table| (*table.def).clone()).ok_or_else(|| missing(db, table))
}

fn operate(
    db: &mut Database,
    meter: &Meter,
    table: &mut String,
    operation: &AlterTableOperation,
) -> Result<()> {
    let mut def = definition(db, table)?;
    match operation {
        AlterTableOperation::AddColumn {
            if_not_exists, column_def, column_position: None, ..
        } => {
            if *if_not_exists && def.column(&name(&column_def.name).text).is_some() {
                return Ok(());
            }
            let at = add_column(&mut def, column_def)?;
            let schema = Schema { db: db.clone(), meter };
            let value = schema.default(&def, at)?;
            let column = def.columns.get(at);
            if value.is_null() && column.is_some_and(|column| column.not_null) {
                return Err(SqlError::error(format!(
                    "a new NOT NULL column needs a DEFAULT for the rows that are there: {}",
                    name(&column_def.name).text
                )));
            }
            validate(&def, db, meter)?;
            let rows = widened(db, table, |row| row.push(value.clone()));
            rebuild(db, meter, table, def, rows)
        }
        AlterTableOperation::DropColumn { column_name, if_exists, cascade } => {
            drop_column(db, meter, table, &def, column_name, *if_exists, *cascade)
        }
        AlterTableOperation::RenameColumn { old_column_name, new_column_name } => {
            rename_column(db, table, def, old_column_name, new_column_name)
        }
        AlterTableOperation::RenameTable { table_name: object } => {
            let next = table_name(object)?;
            if fold(&next.text) != fold(table) && db.table(&next.text).is_some() {
                return Err(SqlError::error(format!("there is a table {} already", next.text))
                    .at(next.span));
            }
            for (other, _) in db.references_to(table) {
                let mut other = definition(db, &other.name)?;
                for key in
                    other.foreign_keys.iter_mut().filter(|key| fold(&key.table) == fold(table))
                {
                    key.table.clone_from(&next.text);
                }
                db.redefine(&other.name.clone(), other);
            }
            let mut def = definition(db, table)?;
            def.name.clone_from(&next.text);
            db.redefine(table, def);
            *table = next.text;
            Ok(())
        }
        AlterTableOperation::AddConstraint(constraint) => {
            let keys = def.foreign_keys.len();
            add_constraint(&mut def, constraint)?;
            let primary: Vec<usize> =
                def.primary_key().map(|key| key.columns.clone()).unwrap_or_default();
            for column in primary {
                if let Some(column) = def.columns.get_mut(column) {
                    column.not_null = true;
                }
            }
            validate(&def, db, meter)?;
            for key in def.foreign_keys.iter().skip(keys) {
                for (_, row) in db.table(table).iter().flat_map(|table| table.rows.iter()) {
                    check_reference(db, &def, key, row)?;
                }
            }
            replace(db, meter, table, def)
        }
        AlterTableOperation::DropConstraint { if_exists, name: ident, cascade: _ } => {
            let wanted = name(ident);
            let same = |known: &Option<String>| {
                known.as_ref().is_some_and(|known| fold(known) == fold(&wanted.text))
            };
            let before = def.uniques.len() + def.checks.len() + def.foreign_keys.len();
            def.uniques.retain(|unique| !same(&unique.name));
            def.checks.retain(|check| !same(&check.name));
            def.foreign_keys.retain(|key| !same(&key.name));
            if before == def.uniques.len() + def.checks.len() + def.foreign_keys.len()
                && !*if_exists
            {
                return Err(SqlError::error(format!("{table} has no constraint {}", wanted.text))
                    .at(wanted.span));
            }
            replace(db, meter, table, def)
        }
        AlterTableOperation::AlterColumn { column_name, op } => {
            let at = places(&def, std::slice::from_ref(column_name))?;
            for at in at {
                let Some(column) = def.columns.get_mut(at) else { continue };
                match op {
                    AlterColumnOperation::SetNotNull => column.not_null = true,
                    AlterColumnOperation::DropNotNull => column.not_null = false,
                    AlterColumnOperation::SetDefault { value } => {
                        column.default = Some(source(value)?)
                    }
                    AlterColumnOperation::DropDefault => column.default = None,
                    AlterColumnOperation::SetDataType { data_type: ty, using: None } => {
                        let declared = data_type(ty)?;
                        (column.ty, column.declared, column.length) =
                            (declared.ty, declared.text, declared.length);
                        (column.precision, column.range) = (declared.precision, declared.range);
                        column.auto = Auto::No;
                    }
                    AlterColumnOperation::SetDataType { .. }
                    | AlterColumnOperation::AddGenerated { .. } => {
                        return Err(SqlError::refused("this change of a column is not supported")
                            .hint("add a new column, UPDATE it, drop the old one"));
                    }
                }
            }
            validate(&def, db, meter)?;
            replace(db, meter, table, def)
        }
        _ => Err(SqlError::refused("this ALTER TABLE is not supported").hint(
            "ADD, DROP and RENAME COLUMN, RENAME TO, ADD and DROP CONSTRAINT, ALTER COLUMN are",
        )),
    }
}

/// The rows of a table, each changed.
fn widened(db: &Database, table: &str, change: impl Fn(&mut Vec<Value>)) -> Vec<(i64, Vec<Value>)> {
    let rows = db.table(table).into_iter().flat_map(|table| table.rows.iter());
    rows.map(|(id, row)| {
        let mut row = row.to_vec();
        change(&mut row);
        (id, row)
    })
    .gather()
}

fn drop_column(
    db: &mut Database,
    meter: &Meter,
    table: &str,
    def: &TableDef,
    ident: &Ident,
    if_exists: bool,
    cascade: bool,
) -> Result<()> {
    let wanted = name(ident);
    let Some(at) = def.column(&wanted.text) else {
        return if if_exists {
            Ok(())
        } else {
            places(def, std::slice::from_ref(ident)).map(|_| ())
        };
    };
    let mut def = def.clone();
    let used = |what: &str| {
        Err(SqlError::error(format!("{}.{} is part of {what}", def.name, wanted.text))
            .hint("drop that first")
            .at(wanted.span))
    };
    if let Some(unique) = def.uniques.iter().find(|unique| unique.columns.contains(&at)) {
        return used(if unique.kind == UniqueKind::Primary {
            "the primary key"
        } else {
            "a unique constraint"
        });
    }
    if def.foreign_keys.iter().any(|key| key.columns.contains(&at)) && !cascade {
        return used("a foreign key");
    }
    if def.checks.iter().any(|check| mentions(&check.condition, &wanted.text)) {
        return used("a CHECK");
    }
    if def.indexes.iter().any(|(_, columns)| columns.contains(&at)) {
        return used("an index");
    }
    if def.columns.len() == 1 {
        return Err(SqlError::error("a table needs at least one column").at(wanted.span));
    }
    def.foreign_keys.retain(|key| !key.columns.contains(&at));
    def.columns.remove(at);
    let shift = |columns: &mut Vec<usize>| {
        columns.iter_mut().filter(|column| **column > at).for_each(|column| *column -= 1)
    };
    def.uniques.iter_mut().for_each(|unique| shift(&mut unique.columns));
    def.foreign_keys.iter_mut().for_each(|key| shift(&mut key.columns));
    def.indexes.iter_mut().for_each(|(_, columns)| shift(columns));
    let rows = widened(db, table, |row| {
        if at < row.len() {
            row.remove(at);
        }
    });
    rebuild(db, meter, table, def, rows)
}

fn rename_column(
    db: &mut Database,
    table: &str,
    mut def: TableDef,
    old: &Ident,
    new: &Ident,
) -> Result<()> {
    let at = places(&def, std::slice::from_ref(old))?;
    let (old, new) = (name(old), name(new));
    if fold(&old.text) != fold(&new.text) && def.column(&new.text).is_some() {
        return Err(
            SqlError::error(format!("{} has a column {} already", def.name, new.text)).at(new.span)
        );
    }
    let conditions = def
        .checks
        .iter()
        .map(|check| &check.condition)
        .chain(def.uniques.iter().filter_map(|unique| unique.condition.as_ref()));
    if conditions.into_iter().any(|condition| mentions(condition, &old.text)) {
        return Err(SqlError::refused(format!(
            "{} is used in a CHECK or in the condition of an index",
            old.text
        ))
        .hint("drop that first")
        .at(old.span));
    }
    for at in at {
        if let Some(column) = def.columns.get_mut(at) {
            column.name.clone_from(&new.text);
        }
    }
    db.redefine(table, def);
    for (other, _) in db.references_to(table) {
        let mut other = definition(db, &other.name)?;
        for key in other.foreign_keys.iter_mut().filter(|key| fold(&key.table) == fold(table)) {
            for referred in
                key.referred.iter_mut().filter(|referred| fold(referred) == fold(&old.text))
            {
                referred.clone_from(&new.text);
            }
        }
        db.redefine(&other.name.clone(), other);
    }
    Ok(())
}

/// Whether an expression of the schema names a column. Its text is searched: better once too often than never.
fn mentions(condition: &Source, column: &str) -> bool {
    let wanted = fold(column);
    fold(&condition.text)
        .split(|ch: char| !ch.is_alphanumeric() && ch != '_')
        .any(|word| word == wanted)
}
