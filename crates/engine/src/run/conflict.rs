//! Rows that are there already: OR IGNORE, OR REPLACE, ON CONFLICT.

use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{
    ConflictTarget, DoUpdate, OnConflict, OnConflictAction, OnInsert, SqliteOnConflict,
};
use throughline_order::Gather as _;

use super::dml::assignments_of;
use super::schema::{Schema, places};
use super::{Runner, bare};
use crate::bind::Binder;
use crate::catalog::TableDef;
use crate::error::{Result, SqlError};
use crate::ir::{Body, Expr, From, JoinKind, Output, Query, Source, SourceKind};
use crate::reader::Meter;
use crate::store::{Conflict, Database, Writer, check_rows};
use crate::text::{fold, table_name};
use crate::types::Type;

/// What to do with a row that is there already.
pub(super) enum OnConflictDo {
    Fail,
    Ignore,
    Replace,
    Update(Box<DoUpdateThis>),
    Nothing { target: Option<Vec<usize>> },
}

/// DO UPDATE, checked.
pub(super) struct DoUpdateThis {
    target: Option<Vec<usize>>,
    columns: Vec<usize>,
    values: Vec<Expr>,
    condition: Option<Expr>,
    existing: Source,
    new: Source,
    sources: usize,
}

#[expect(clippy::too_many_arguments, reason = "the clauses of one statement")]
pub(super) fn conflict_action(
    db: &Database,
    meter: &Meter,
    def: &TableDef,
    alias: &str,
    or: Option<SqliteOnConflict>,
    ignore: bool,
    replace: bool,
    on: Option<&OnInsert>,
) -> Result<OnConflictDo> {
    if replace || or == Some(SqliteOnConflict::Replace) {
        return Ok(OnConflictDo::Replace);
    }
    if ignore {
        return Ok(OnConflictDo::Ignore);
    }
    if matches!(or, Some(SqliteOnConflict::Rollback | SqliteOnConflict::Fail)) {
        return Err(SqlError::refused("INSERT OR ROLLBACK and OR FAIL are not supported")
            .hint("a failing statement changes nothing; use ROLLBACK"));
    }
    let OnConflict { conflict_target, action } = match on {
        None => return Ok(OnConflictDo::Fail),
        Some(OnInsert::OnConflict(on)) => on,
        Some(_) => {
            return Err(SqlError::refused("ON DUPLICATE KEY UPDATE is not supported")
                .hint("write ON CONFLICT (…) DO UPDATE SET … = excluded.…"));
        }
    };
    let target = match conflict_target {
        None => None,
        Some(ConflictTarget::Columns(columns)) => {
            let columns = places(def, columns)?;
            let known = def.uniques.iter().any(|unique| {
                unique.columns.len() == columns.len()
                    && unique.columns.iter().all(|column| columns.contains(column))
            });
            if !known {
                return Err(SqlError::error(format!(
                    "ON CONFLICT ({}): {} has no primary key or unique constraint on exactly these columns",
                    def.names(&columns),
                    def.name
                )));
            }
            Some(columns)
        }
        Some(ConflictTarget::OnConstraint(object)) => {
            let wanted = table_name(object)?;
            let unique = def.uniques.iter().find(|unique| {
                unique.name.as_ref().is_some_and(|known| fold(known) == fold(&wanted.text))
            });
            Some(
                unique
                    .ok_or_else(|| {
                        SqlError::error(format!(
                            "{} has no unique constraint {}",
                            def.name, wanted.text
                        ))
                        .at(wanted.span)
                    })?
                    .columns
                    .clone(),
            )
        }
    };
    match action {
        OnConflictAction::DoNothing => Ok(OnConflictDo::Nothing { target }),
        OnConflictAction::DoUpdate(DoUpdate { assignments, selection }) => {
            let mut binder = Binder::new(db).given(meter.parameters());
            let columns: Vec<(String, Type)> =
                def.columns.iter().map(|column| (column.name.clone(), column.ty)).gather();
            let existing = binder.open_rows(alias, columns.clone(), Arc::default());
            let new = binder.open_rows("excluded", columns, Arc::default());
            binder.hide_last();
            let (targets, values) = assignments_of(&mut binder, def, assignments)?;
            let condition = match selection {
                None => None,
                Some(selection) => {
                    let expr = binder.expr(selection)?;
                    Some(binder.as_condition(expr)?)
                }
            };
            Ok(OnConflictDo::Update(Box::new(DoUpdateThis {
                target,
                columns: targets,
                values,
                condition,
                existing,
                new,
                sources: binder.sources(),
            })))
        }
    }
}

pub(super) fn insert_one(
    writer: &mut Writer<'_>,
    schema: &Schema<'_>,
    def: &TableDef,
    values: Vec<Value>,
    action: &OnConflictDo,
    touched: &mut Vec<i64>,
) -> Result<()> {
    let table = def.name.as_str();
    let prepared = writer.prepare(table, values);
    let (id, values) = match (prepared, action) {
        (Ok(prepared), _) => prepared,
        // OR IGNORE passes over rows with a NULL too many.
        (Err(error), OnConflictDo::Ignore) if error.message.starts_with("NOT NULL") => {
            return Ok(());
        }
        (Err(error), _) => return Err(error),
    };
    let row = values;
    if matches!(action, OnConflictDo::Ignore)
        && check_rows(schema, def, &Arc::new(vec![row.clone()])).is_err()
    {
        return Ok(());
    }
    // CHECK comes before uniqueness, so that a row which breaks both is an error and not passed over.
    if matches!(action, OnConflictDo::Nothing { .. } | OnConflictDo::Update(_)) {
        check_rows(schema, def, &Arc::new(vec![row.clone()]))?;
    }
    let aimed = |target: &Option<Vec<usize>>, conflict: &Conflict| {
        let unique = def.uniques.get(conflict.unique);
        target.as_ref().is_none_or(|target| {
            unique.is_some_and(|unique| {
                unique.columns.len() == target.len()
                    && unique.columns.iter().all(|column| target.contains(column))
            })
        })
    };
    match action {
        OnConflictDo::Fail => {}
        OnConflictDo::Ignore => {
            if writer.conflict(table, id, &row, None)?.is_some() {
                writer.pass_over(table, id);
                return Ok(());
            }
        }
        OnConflictDo::Nothing { target } => {
            if let Some(conflict) = writer.conflict(table, id, &row, None)?
                && aimed(target, &conflict)
            {
                writer.pass_over(table, id);
                return Ok(());
            }
        }
        OnConflictDo::Replace => {
            while let Some(conflict) = writer.conflict(table, id, &row, None)? {
                writer.delete(table, conflict.id)?;
            }
        }
        OnConflictDo::Update(update) => {
            if let Some(conflict) = writer.conflict(table, id, &row, None)?
                && aimed(&update.target, &conflict)
            {
                writer.pass_over(table, id);
                return update_existing(writer, schema, table, &conflict, &row, update, touched);
            }
        }
    }
    writer.insert(table, id, row)?;
    touched.push(id);
    Ok(())
}

/// DO UPDATE: the row that is there gets other values.
fn update_existing(
    writer: &mut Writer<'_>,
    schema: &Schema<'_>,
    table: &str,
    conflict: &Conflict,
    row: &[Value],
    update: &DoUpdateThis,
    touched: &mut Vec<i64>,
) -> Result<()> {
    let DoUpdateThis { columns, values, condition, existing, new, sources, .. } = update;
    let kept = writer.db.table(table).and_then(|table| table.rows.get(conflict.id));
    let Some(before) = kept.map(<[Value]>::to_vec) else {
        return Ok(());
    };
    let with = |source: &Source, row: &[Value]| {
        From::Source(Source {
            kind: SourceKind::Rows(Arc::new(vec![row.to_vec()])),
            ..source.clone()
        })
    };
    let mut select = bare(values.clone());
    select.from = Some(From::Join {
        kind: JoinKind::Inner,
        left: Box::new(with(existing, &before)),
        right: Box::new(with(new, row)),
        on: Vec::new(),
    });
    select.filter.extend(condition.clone());
    let outputs = values.iter().map(|value| Output { name: String::new(), ty: value.ty }).gather();
    let query = Query {
        body: Body::Select(Box::new(select)),
        columns: outputs,
        order: Vec::new(),
        limit: None,
        offset: 0,
        outer: Vec::new(),
    };
    let current = writer.db.clone();
    let Some(fresh) = Runner::new(&current, schema.meter, *sources).rows(&query)?.pop() else {
        return Ok(());
    };
    writer.update(table, conflict.id, columns, fresh)?;
    touched.push(conflict.id);
    Ok(())
}
