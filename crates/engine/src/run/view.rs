//! CREATE VIEW and DROP VIEW. A view is a query under a name; it is checked anew wherever it is read, as in SQLite.

use std::sync::Arc;

use gluesql_core::sqlparser::ast::{CreateTableOptions, ObjectName, Statement};
use throughline_order::Gather as _;

use crate::bind::Binder;
use crate::catalog::View;
use crate::error::{Result, SqlError};
use crate::prepared::Kept;
use crate::store::Database;
use crate::text::{did_you_mean, fold, name, table_name};

/// CREATE VIEW.
pub(crate) fn create_view(db: &mut Database, statement: &Statement, kept: &Kept) -> Result<()> {
    let Statement::CreateView {
        or_replace,
        materialized,
        name: object,
        columns,
        query: placed,
        options,
        cluster_by,
        comment,
        with_no_schema_binding,
        if_not_exists,
        temporary: _,
        to,
    } = statement
    else {
        return Err(SqlError::error("this is no CREATE VIEW"));
    };
    let called = table_name(object)?.text;
    object.0.last().map(crate::text::new_name).transpose()?;
    if *materialized
        || !matches!(options, CreateTableOptions::None)
        || !cluster_by.is_empty()
        || comment.is_some()
        || *with_no_schema_binding
        || to.is_some()
        || columns.iter().any(|column| column.data_type.is_some() || column.options.is_some())
    {
        return Err(SqlError::refused("this kind of view is not supported")
            .hint("write CREATE VIEW name AS SELECT …"));
    }
    if let Some(table) = db.table(&called) {
        if *if_not_exists {
            return Ok(());
        }
        return Err(SqlError::error(format!("there is a table {} already", table.def.name)));
    }
    if let Some(known) = db.view(&called) {
        if *if_not_exists {
            return Ok(());
        }
        if !*or_replace {
            return Err(SqlError::error(format!("there is a view {} already", known.name))
                .hint("write CREATE VIEW IF NOT EXISTS, or DROP VIEW first"));
        }
        db.drop_view(&called);
    }
    let view = View {
        name: called,
        columns: columns.iter().map(|column| name(&column.name).text).gather(),
        query: Arc::clone(&kept.query),
        ddl: kept.ddl.clone(),
        made: 0,
    };
    // What cannot be read is an error here, not at first use.
    Binder::statement(db, &[], placed)?;
    Binder::new(db).view(&view)?;
    db.create_view(view);
    Ok(())
}

/// DROP VIEW. Views that read it stay, and say so when they are read.
pub(crate) fn drop_view(db: &mut Database, names: &[ObjectName], if_exists: bool) -> Result<()> {
    for object in names {
        let wanted = table_name(object)?;
        if db.drop_view(&wanted.text) {
            continue;
        }
        if db.table(&wanted.text).is_some() {
            return Err(SqlError::error(format!("{} is a table", wanted.text))
                .hint("write DROP TABLE")
                .at(wanted.span));
        }
        if !if_exists {
            let mut error = SqlError::error(format!("there is no view {}", wanted.text));
            let known = db.views();
            error.hint = did_you_mean(&wanted.text, known.iter().map(|view| view.name.as_str()));
            return Err(error.at(wanted.span));
        }
    }
    Ok(())
}

/// Why a view cannot be changed like a table, if the name is a view's.
pub(crate) fn not_a_table(db: &Database, wanted: &str) -> Option<SqlError> {
    let view = db.view(wanted)?;
    Some(
        SqlError::error(format!("{} is a view, and its rows cannot be changed", view.name))
            .hint("change the tables that it reads; DROP VIEW takes it away"),
    )
}

impl<'a> Binder<'a> {
    /// The query behind a view, checked in a scope of its own.
    pub(crate) fn view(&mut self, view: &'a View) -> Result<crate::ir::Query> {
        let own = fold(&view.name);
        if self.within.contains(&own) {
            return Err(SqlError::error(format!("the view {} reads itself", view.name)));
        }
        self.within.push(own);
        let (frames, ctes) = (std::mem::take(&mut self.frames), std::mem::take(&mut self.ctes));
        let query = self.query(&view.query);
        (self.frames, self.ctes) = (frames, ctes);
        self.within.pop();
        let mut query = query.map_err(|error| SqlError {
            message: format!("in the view {}: {}", view.name, error.message),
            ..error
        })?;
        if !view.columns.is_empty() {
            if view.columns.len() != query.columns.len() {
                return Err(SqlError::error(format!(
                    "the view {} has {} columns, and {} names are given",
                    view.name,
                    query.columns.len(),
                    view.columns.len()
                )));
            }
            for (column, name) in query.columns.iter_mut().zip(&view.columns) {
                column.name.clone_from(name);
            }
        }
        Ok(query)
    }
}
