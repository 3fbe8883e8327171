//! CREATE and DROP.

use std::sync::Arc;

use gluesql_core::sqlparser::ast::{
    CreateIndex, CreateTable, Expr as Ast, HiveDistributionStyle, ObjectName, OrderByExpr,
};
use throughline_order::Gather as _;

pub(crate) use super::alter::alter_table as alter;
use super::schema::{Schema, places, source, table, validate};
use super::{Runner, alter};
use crate::bind::Binder;
use crate::catalog::{Auto, Column, TableDef, Unique, UniqueKind};
use crate::error::{Result, SqlError};
use crate::reader::Meter;
use crate::store::{Database, Log, Writer};
use crate::text::{fold, name, table_name, write};

/// CREATE TABLE.
pub(crate) fn create_table(db: &mut Database, meter: &Meter, ast: &CreateTable) -> Result<Log> {
    let CreateTable {
        or_replace,
        temporary: _,
        external,
        global: _,
        if_not_exists,
        transient: _,
        volatile,
        name: object,
        columns,
        constraints,
        hive_distribution,
        hive_formats: _,
        table_properties,
        with_options,
        file_format,
        location,
        query,
        without_rowid: _,
        like,
        clone,
        engine: _,
        comment: _,
        auto_increment_offset,
        default_charset: _,
        collation,
        on_commit: _,
        on_cluster,
        primary_key,
        order_by,
        partition_by,
        cluster_by,
        clustered_by,
        options,
        strict: _,
        copy_grants: _,
        enable_schema_evolution: _,
        change_tracking: _,
        data_retention_time_in_days: _,
        max_data_extension_time_in_days: _,
        default_ddl_collation,
        with_aggregation_policy,
        with_row_access_policy,
        with_tags,
    } = ast;
    let unsupported = *or_replace
        || *external
        || *volatile
        || *hive_distribution != HiveDistributionStyle::NONE
        || !table_properties.is_empty()
        || !with_options.is_empty()
        || file_format.is_some()
        || location.is_some()
        || like.is_some()
        || clone.is_some()
        || auto_increment_offset.is_some()
        || collation.is_some()
        || on_cluster.is_some()
        || primary_key.is_some()
        || order_by.is_some()
        || partition_by.is_some()
        || cluster_by.is_some()
        || clustered_by.is_some()
        || options.is_some()
        || default_ddl_collation.is_some()
        || with_aggregation_policy.is_some()
        || with_row_access_policy.is_some()
        || with_tags.is_some();
    let called = table_name(object)?;
    object.0.last().map(crate::text::new_name).transpose()?;
    if unsupported {
        return Err(SqlError::refused("this option of CREATE TABLE is not supported")
            .hint("write columns and constraints only")
            .at(called.span));
    }
    if let Some(known) = db.table(&called.text) {
        if *if_not_exists {
            return Ok(Log::default());
        }
        return Err(SqlError::error(format!("there is a table {} already", known.def.name))
            .hint("write CREATE TABLE IF NOT EXISTS, or DROP TABLE first")
            .at(called.span));
    }
    if let Some(view) = db.view(&called.text) {
        if *if_not_exists {
            return Ok(Log::default());
        }
        return Err(SqlError::error(format!("there is a view {} already", view.name))
            .hint("choose another name, or DROP VIEW first")
            .at(called.span));
    }
    if let Some(query) = query {
        if !columns.is_empty() || !constraints.is_empty() {
            return Err(SqlError::refused("CREATE TABLE with columns and AS is not supported")
                .hint("create it, then INSERT INTO … SELECT")
                .at(called.span));
        }
        let (query, sources) = Binder::statement(db, meter.parameters(), query)?;
        let rows = Runner::new(db, meter, sources).rows(&query)?;
        let columns = query.columns.iter().map(|column| Column {
            name: column.name.clone(),
            ty: column.ty,
            declared: if column.ty.name().is_empty() {
                "TEXT".to_owned()
            } else {
                column.ty.name().replace("NUMBER", "DOUBLE")
            },
            length: None,
            precision: None,
            range: None,
            not_null: false,
            default: None,
            auto: Auto::No,
        });
        let def = TableDef {
            name: called.text.clone(),
            columns: columns.gather(),
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
        };
        for (at, column) in def.columns.iter().enumerate() {
            if def.column(&column.name) != Some(at) {
                return Err(SqlError::error(format!(
                    "the query has two columns named {}",
                    column.name
                ))
                .hint("give one of them another name with AS"));
            }
        }
        db.create(def);
        let schema = Schema { db: db.clone(), meter };
        let mut writer = Writer::new(db, &schema);
        for row in rows {
            let (id, row) = writer.prepare(&called.text, row)?;
            writer.insert(&called.text, id, row)?;
        }
        return writer.finish();
    }
    if columns.is_empty() {
        return Err(SqlError::error("a table needs at least one column").at(called.span));
    }
    let def = table(&called.text, columns, constraints)?;
    validate(&def, db, meter)?;
    db.create(def);
    Ok(Log::default())
}

/// CREATE [UNIQUE] INDEX.
pub(crate) fn create_index(db: &mut Database, meter: &Meter, ast: &CreateIndex) -> Result<()> {
    let CreateIndex {
        name: index,
        table_name: object,
        using,
        columns,
        unique,
        concurrently: _,
        if_not_exists,
        include,
        nulls_distinct,
        with,
        predicate,
    } = ast;
    let called = table_name(object)?;
    let Some(table) = db.table(&called.text) else {
        return Err(missing(db, &called.text).at(called.span));
    };
    if !include.is_empty()
        || !with.is_empty()
        || *nulls_distinct == Some(false)
        || using.as_ref().is_some_and(|using| fold(&name(using).text) != "btree")
    {
        return Err(
            SqlError::refused("this option of CREATE INDEX is not supported").at(called.span)
        );
    }
    let index = match index {
        Some(object) => table_name(object)?.text,
        None => return Err(SqlError::error("an index needs a name").at(called.span)),
    };
    let taken = db.tables().iter().any(|table| {
        let uniques = table
            .def
            .uniques
            .iter()
            .filter(|unique| unique.kind == UniqueKind::Index)
            .filter_map(|unique| unique.name.as_ref());
        table
            .def
            .indexes
            .iter()
            .map(|(name, _)| name)
            .chain(uniques)
            .any(|known| fold(known) == fold(&index))
    });
    if taken {
        return if *if_not_exists {
            Ok(())
        } else {
            Err(SqlError::error(format!("there is an index {index} already")))
        };
    }
    let mut idents = Vec::new();
    for OrderByExpr { expr, .. } in columns {
        match expr {
            Ast::Identifier(ident) => idents.push(ident.clone()),
            other => {
                return Err(SqlError::refused(format!(
                    "an index on an expression is not supported: {}",
                    write::expression(other)
                ))
                .hint("index the column")
                .at(called.span));
            }
        }
    }
    let mut def = (*table.def).clone();
    let columns = places(&def, &idents)?;
    if *unique {
        def.uniques.push(Unique {
            name: Some(index),
            columns,
            kind: UniqueKind::Index,
            condition: predicate.as_ref().map(source).transpose()?,
        });
    } else {
        // A partial index only makes reading faster; a whole one does so too.
        def.indexes.push((index, columns));
    }
    validate(&def, db, meter)?;
    alter::replace(db, meter, &called.text, def)
}

/// DROP INDEX.
pub(crate) fn drop_index(db: &mut Database, names: &[ObjectName], if_exists: bool) -> Result<()> {
    for object in names {
        let wanted = table_name(object)?;
        let holder = db.tables().into_iter().find_map(|table| {
            let mut def = (*table.def).clone();
            let (before, indexes) = (def.uniques.len(), def.indexes.len());
            def.uniques.retain(|unique| {
                unique.kind != UniqueKind::Index
                    || unique.name.as_ref().is_none_or(|name| fold(name) != fold(&wanted.text))
            });
            def.indexes.retain(|(name, _)| fold(name) != fold(&wanted.text));
            (before + indexes != def.uniques.len() + def.indexes.len()).then_some(def)
        });
        match holder {
            Some(def) => db.redefine(&def.name.clone(), def),
            None if if_exists => {}
            None => {
                return Err(
                    SqlError::error(format!("there is no index {}", wanted.text)).at(wanted.span)
                );
            }
        }
    }
    Ok(())
}

/// DROP TABLE. As in SQLite, the rows are deleted first, with all that follows from it.
pub(crate) fn drop_table(
    db: &mut Database,
    meter: &Meter,
    names: &[ObjectName],
    if_exists: bool,
    cascade: bool,
) -> Result<Log> {
    let mut log = Log::default();
    for object in names {
        let wanted = table_name(object)?;
        let Some(table) = db.table(&wanted.text).cloned() else {
            if if_exists && db.view(&wanted.text).is_none() {
                continue;
            }
            return Err(missing(db, &wanted.text).at(wanted.span));
        };
        if cascade {
            let others: Vec<Arc<TableDef>> =
                db.references_to(&wanted.text).into_iter().map(|(def, _)| def).gather();
            for other in others {
                let mut def = (*other).clone();
                def.foreign_keys.retain(|key| fold(&key.table) != fold(&wanted.text));
                db.redefine(&other.name, def);
            }
        }
        let schema = Schema { db: db.clone(), meter };
        let mut writer = Writer::new(db, &schema);
        for id in table.rows.ids() {
            writer.delete(&wanted.text, id)?;
        }
        log.merge(writer.finish().map_err(|error| {
            error
                .hint("delete the rows that reference it, or write DROP TABLE … CASCADE")
                .at(wanted.span)
        })?);
        db.drop(&wanted.text);
    }
    Ok(log)
}

pub(super) fn missing(db: &Database, wanted: &str) -> SqlError {
    if let Some(error) = super::view::not_a_table(db, wanted) {
        return error;
    }
    let mut error = SqlError::error(format!("there is no table {wanted}"));
    let tables = db.tables();
    error.hint =
        crate::text::did_you_mean(wanted, tables.iter().map(|table| table.def.name.as_str()));
    error
}
