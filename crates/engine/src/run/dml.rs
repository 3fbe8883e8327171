//! INSERT, UPDATE, DELETE. The rows to write are queried first; then each goes through the [`Writer`].

use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, Expr as Ast, FromTable, Insert, ObjectName,
    Query as QueryAst, SelectItem, SetExpr, SqliteOnConflict, TableFactor, TableWithJoins,
};

use throughline_order::Arrange as _;

use super::conflict::{conflict_action, insert_one};
use super::schema::{Schema, places};
use super::{Rows, Runner, bare};
use crate::bind::{Binder, assign};
use crate::catalog::TableDef;
use crate::error::{Result, SqlError};
use crate::ir::{Body, Expr, From, JoinKind, Kind, Output, Query};
use crate::reader::Meter;
use crate::store::{Database, Evaluate, Log, Writer};
use crate::text::bulk::Literal;
use crate::text::{Name, fold, name, table_name};
use crate::types::Type;

/// What a change of rows gives.
pub(crate) struct Done {
    pub(crate) affected: u64,
    pub(crate) log: Log,
    /// Rows of RETURNING.
    pub(crate) returned: Option<(Vec<Output>, Rows)>,
}

/// One value of a row to insert.
enum Cell {
    Given(Expr),
    Default,
}

fn is_default(ast: &Ast) -> bool {
    matches!(ast, Ast::Identifier(ident) if ident.quote_style.is_none() && fold(&name(ident).text) == "default")
}

fn definition(db: &Database, called: &Name) -> Result<Arc<TableDef>> {
    db.table(&called.text)
        .map(|table| Arc::clone(&table.def))
        .ok_or_else(|| super::ddl::missing(db, &called.text).at(called.span))
}

/// INSERT, with more rows than the AST has.
pub(crate) fn insert(
    db: &mut Database,
    meter: &Meter,
    ast: &Insert,
    more: &[Vec<Literal>],
) -> Result<Done> {
    let Insert {
        or,
        ignore,
        into: _,
        table_name: object,
        table_alias,
        columns,
        overwrite,
        source,
        partitioned,
        after_columns,
        table: _,
        on,
        returning,
        replace_into,
        priority,
        insert_alias,
    } = ast;
    let called = table_name(object)?;
    if *overwrite
        || partitioned.is_some()
        || !after_columns.is_empty()
        || priority.is_some()
        || insert_alias.is_some()
    {
        return Err(SqlError::refused("this kind of INSERT is not supported").at(called.span));
    }
    let def = definition(db, &called)?;
    let targets: Vec<usize> =
        if columns.is_empty() { (0..def.columns.len()).collect() } else { places(&def, columns)? };
    for (at, column) in targets.iter().enumerate() {
        if targets.iter().skip(at + 1).any(|other| other == column) {
            return Err(SqlError::error(format!("column {} stands twice", def.names(&[*column])))
                .at(called.span));
        }
    }
    let alias = table_alias.as_ref().map_or_else(|| def.name.clone(), |ident| name(ident).text);
    let action = conflict_action(
        db,
        meter,
        &def,
        &alias,
        *or,
        *ignore || matches!(or, Some(SqliteOnConflict::Ignore)),
        *replace_into,
        on.as_ref(),
    )?;
    if let Some(items) = returning {
        // Names are checked before anything happens.
        project(db, meter, &def, &alias, items, Vec::new())?;
    }
    let schema = Schema { db: db.clone(), meter };
    let source = Given { source: source.as_deref(), more };
    let given = rows_to_insert(db, meter, &schema, &def, &called, &targets, source)?;
    let mut writer = Writer::new(db, &schema);
    let mut touched: Vec<i64> = Vec::new();
    for values in given {
        insert_one(&mut writer, &schema, &def, values, &action, &mut touched)?;
    }
    let log = writer.finish()?;
    let rows = || {
        touched.iter().filter_map(|id| Some(db.table(&def.name)?.rows.get(*id)?.to_vec())).collect()
    };
    let returned = returning
        .as_ref()
        .map(|items| project(db, meter, &def, &alias, items, rows()))
        .transpose()?;
    Ok(Done { affected: touched.len() as u64, log, returned })
}

/// What an INSERT is given: VALUES or SELECT, and rows of literals besides.
struct Given<'a> {
    source: Option<&'a QueryAst>,
    more: &'a [Vec<Literal>],
}

/// The rows of VALUES or SELECT, each with a value for every column of the table.
fn rows_to_insert(
    db: &Database,
    meter: &Meter,
    schema: &Schema<'_>,
    def: &TableDef,
    called: &Name,
    targets: &[usize],
    given: Given<'_>,
) -> Result<Rows> {
    let Given { source, more } = given;
    let mut defaults: Vec<Option<Value>> = vec![None; def.columns.len()];
    let mut default = |column: usize| -> Result<Value> {
        if let Some(Some(known)) = defaults.get(column) {
            return Ok(known.clone());
        }
        let value = schema.default(def, column)?;
        let fixed = def
            .columns
            .get(column)
            .and_then(|column| column.default.as_ref())
            .is_none_or(|default| !default.text.contains('('));
        if fixed && let Some(place) = defaults.get_mut(column) {
            *place = Some(value.clone());
        }
        Ok(value)
    };
    let wrong = |given: usize| {
        SqlError::error(format!(
            "{} values are given for {} columns of {}",
            given,
            targets.len(),
            def.name
        ))
        .at(called.span)
    };
    let mut out = Vec::new();
    let values = match source {
        None => {
            let row: Vec<Value> =
                (0..def.columns.len()).map(&mut default).collect::<Result<_>>()?;
            return Ok(vec![row]);
        }
        Some(QueryAst { with: None, body, order_by: None, limit: None, offset: None, .. }) => {
            match &**body {
                SetExpr::Values(values) => Some(values),
                _ => None,
            }
        }
        Some(_) => None,
    };
    match (values, source) {
        (Some(values), _) => {
            let mut binder = Binder::new(db).given(meter.parameters());
            for row in &values.rows {
                if row.len() != targets.len() {
                    return Err(wrong(row.len()));
                }
                let mut cells = Vec::with_capacity(row.len());
                for (ast, column) in row.iter().zip(targets) {
                    cells.push(if is_default(ast) {
                        Cell::Default
                    } else {
                        Cell::Given(assigned(binder.expr(ast)?, def, *column)?)
                    });
                }
                let mut full: Vec<Option<Value>> = vec![None; def.columns.len()];
                let mut given: Vec<(usize, Expr)> = Vec::new();
                for (cell, column) in cells.into_iter().zip(targets) {
                    match cell {
                        Cell::Default => {}
                        Cell::Given(Expr { kind: Kind::Value(value), .. }) => {
                            if let Some(place) = full.get_mut(*column) {
                                *place = Some(value);
                            }
                        }
                        Cell::Given(expr) => given.push((*column, expr)),
                    }
                }
                let (columns, exprs): (Vec<usize>, Vec<Expr>) = given.into_iter().unzip();
                let computed = if exprs.is_empty() {
                    Vec::new()
                } else {
                    let mut runner = Runner::new(db, meter, binder.sources());
                    runner.values(&[exprs])?.pop().unwrap_or_default()
                };
                for (column, value) in columns.into_iter().zip(computed) {
                    if let Some(place) = full.get_mut(column) {
                        *place = Some(value);
                    }
                }
                out.push(
                    full.into_iter()
                        .enumerate()
                        .map(|(at, value)| value.map_or_else(|| default(at), Ok))
                        .collect::<Result<Vec<Value>>>()?,
                );
            }
            for row in more {
                if row.len() != targets.len() {
                    return Err(wrong(row.len()));
                }
                let mut full: Vec<Option<Value>> = vec![None; def.columns.len()];
                for ((value, ty), column) in row.iter().zip(targets) {
                    assigned(Expr::new(Kind::Value(Value::Null), *ty), def, *column)?;
                    if let Some(place) = full.get_mut(*column) {
                        *place = Some(value.clone());
                    }
                }
                out.push(
                    full.into_iter()
                        .enumerate()
                        .map(|(at, value)| value.map_or_else(|| default(at), Ok))
                        .collect::<Result<Vec<Value>>>()?,
                );
            }
        }
        (None, Some(source)) => {
            let (query, sources) = Binder::statement(db, meter.parameters(), source)?;
            if query.columns.len() != targets.len() {
                return Err(wrong(query.columns.len()));
            }
            for (column, target) in query.columns.iter().zip(targets) {
                assigned(Expr::new(Kind::Value(Value::Null), column.ty), def, *target)?;
            }
            for row in Runner::new(db, meter, sources).rows(&query)? {
                let mut full: Vec<Option<Value>> = vec![None; def.columns.len()];
                for (value, column) in row.into_iter().zip(targets) {
                    if let Some(place) = full.get_mut(*column) {
                        *place = Some(value);
                    }
                }
                out.push(
                    full.into_iter()
                        .enumerate()
                        .map(|(at, value)| value.map_or_else(|| default(at), Ok))
                        .collect::<Result<Vec<Value>>>()?,
                );
            }
        }
        (None, None) => {}
    }
    Ok(out)
}

fn assigned(expr: Expr, def: &TableDef, column: usize) -> Result<Expr> {
    match def.columns.get(column) {
        Some(column) => assign(expr, column.ty, || format!("{}.{}", def.name, column.name)),
        None => Ok(expr),
    }
}

pub(super) fn assignments_of<'a>(
    binder: &mut Binder<'a>,
    def: &'a TableDef,
    assignments: &'a [Assignment],
) -> Result<(Vec<usize>, Vec<Expr>)> {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    let mut single: Vec<(&ObjectName, &'a Ast)> = Vec::new();
    for Assignment { target, value } in assignments {
        match (target, value) {
            (AssignmentTarget::ColumnName(object), value) => single.push((object, value)),
            (AssignmentTarget::Tuple(objects), Ast::Tuple(values))
                if objects.len() == values.len() =>
            {
                single.extend(objects.iter().zip(values));
            }
            (AssignmentTarget::Tuple(_), _) => {
                return Err(SqlError::refused("SET (a, b) = (SELECT …) is not supported")
                    .hint("assign the columns one by one"));
            }
        }
    }
    for (object, value) in single {
        let Some(ident) = object.0.last() else { continue };
        let column = places(def, std::slice::from_ref(ident))?.pop().unwrap_or_default();
        if columns.contains(&column) {
            return Err(SqlError::refused(format!("column {} is set twice", name(ident).text))
                .hint("keep the assignment that is meant")
                .at(name(ident).span));
        }
        columns.push(column);
        values.push(if is_default(value) {
            match def.columns.get(column).and_then(|column| column.default.as_ref()) {
                Some(default) => assigned(binder.expr(&default.ast)?, def, column)?,
                None => Expr::null(),
            }
        } else {
            assigned(binder.expr(value)?, def, column)?
        });
    }
    Ok((columns, values))
}

/// RETURNING: a projection over rows of the table.
fn project(
    db: &Database,
    meter: &Meter,
    def: &TableDef,
    alias: &str,
    items: &[SelectItem],
    rows: Rows,
) -> Result<(Vec<Output>, Rows)> {
    let mut binder = Binder::new(db).given(meter.parameters());
    let columns = def.columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
    let is_empty = rows.is_empty();
    let source = binder.open_rows(alias, columns, Arc::new(rows));
    let (projection, outputs) = binder.projection(items)?;
    let mut select = bare(projection);
    select.from = Some(From::Source(source));
    let query = Query {
        body: Body::Select(Box::new(select)),
        columns: outputs.clone(),
        order: Vec::new(),
        limit: None,
        offset: 0,
        outer: Vec::new(),
    };
    let rows = if is_empty {
        Vec::new()
    } else {
        Runner::new(db, meter, binder.sources()).rows(&query)?
    };
    Ok((outputs, rows))
}

/// The table that UPDATE or DELETE names.
fn target(table: &TableWithJoins) -> Result<(Name, String)> {
    if !table.joins.is_empty() {
        return Err(SqlError::refused("UPDATE and DELETE with a join are not supported")
            .hint("use WHERE … IN (SELECT …)"));
    }
    match &table.relation {
        TableFactor::Table { name: object, alias, args: None, .. } => {
            let called = table_name(object)?;
            let alias =
                alias.as_ref().map_or_else(|| called.text.clone(), |alias| name(&alias.name).text);
            Ok((called, alias))
        }
        _ => Err(SqlError::error("a table is needed here")),
    }
}

/// UPDATE.
pub(crate) fn update(
    db: &mut Database,
    meter: &Meter,
    table: &TableWithJoins,
    assignments: &[Assignment],
    from: Option<&TableWithJoins>,
    selection: Option<&Ast>,
    returning: Option<&[SelectItem]>,
) -> Result<Done> {
    let (called, alias) = target(table)?;
    let def = definition(db, &called)?;
    let mut binder = Binder::new(db).given(meter.parameters());
    let source = binder.open_table(&called.text, &alias).map_err(|error| error.at(called.span))?;
    let own = source.id;
    let mut tree = From::Source(source);
    if let Some(from) = from {
        let right = binder.more(from)?;
        tree = From::Join {
            kind: JoinKind::Inner,
            left: Box::new(tree),
            right: Box::new(right),
            on: Vec::new(),
        };
    }
    let (columns, values) = assignments_of(&mut binder, &def, assignments)?;
    let filter = binder.filter(selection)?;
    if let Some(items) = returning {
        project(db, meter, &def, &alias, items, Vec::new())?;
    }
    let mut projection = vec![Expr::new(Kind::Column(own, def.columns.len()), Type::Int)];
    projection.extend(values);
    let rows = affected(db, meter, binder.sources(), tree, filter, projection)?;
    for pair in rows.windows(2) {
        if let [a, b] = pair
            && a.first() == b.first()
        {
            return Err(SqlError::refused("FROM gives several rows for one row to update")
                .hint("make it one, such as with MAX and GROUP BY")
                .at(called.span));
        }
    }
    let schema = Schema { db: db.clone(), meter };
    let mut writer = Writer::new(db, &schema);
    let mut ids = Vec::new();
    for row in rows {
        let Some((id, fresh)) = split_id(row) else { continue };
        ids.extend(writer.update(&def.name, id, &columns, fresh)?);
    }
    let log = writer.finish()?;
    let rows =
        || ids.iter().filter_map(|id| Some(db.table(&def.name)?.rows.get(*id)?.to_vec())).collect();
    let returned =
        returning.map(|items| project(db, meter, &def, &alias, items, rows())).transpose()?;
    Ok(Done { affected: ids.len() as u64, log, returned })
}

/// DELETE.
pub(crate) fn delete(db: &mut Database, meter: &Meter, ast: &Delete) -> Result<Done> {
    let Delete { tables, from, using, selection, returning, order_by, limit } = ast;
    if !tables.is_empty() || using.is_some() || !order_by.is_empty() || limit.is_some() {
        return Err(SqlError::refused("DELETE with USING, ORDER BY or LIMIT is not supported")
            .hint("use WHERE … IN (SELECT …)"));
    }
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = from;
    let [table] = from.as_slice() else { return Err(SqlError::refused("DELETE takes one table")) };
    let (called, alias) = target(table)?;
    let def = definition(db, &called)?;
    let mut binder = Binder::new(db).given(meter.parameters());
    let source = binder.open_table(&called.text, &alias).map_err(|error| error.at(called.span))?;
    let own = source.id;
    let filter = binder.filter(selection.as_ref())?;
    if let Some(items) = returning {
        project(db, meter, &def, &alias, items, Vec::new())?;
    }
    let projection = vec![Expr::new(Kind::Column(own, def.columns.len()), Type::Int)];
    let rows = affected(db, meter, binder.sources(), From::Source(source), filter, projection)?;
    let ids: Vec<i64> = rows.into_iter().filter_map(split_id).map(|(id, _)| id).collect();
    let rows =
        || ids.iter().filter_map(|id| Some(db.table(&def.name)?.rows.get(*id)?.to_vec())).collect();
    let returned = returning
        .as_ref()
        .map(|items| project(db, meter, &def, &alias, items, rows()))
        .transpose()?;
    let schema = Schema { db: db.clone(), meter };
    let mut writer = Writer::new(db, &schema);
    for id in &ids {
        writer.delete(&def.name, *id)?;
    }
    let log = writer.finish()?;
    Ok(Done { affected: ids.len() as u64, log, returned })
}

/// TRUNCATE: all rows, with all that follows from it.
pub(crate) fn truncate(db: &mut Database, meter: &Meter, called: &Name) -> Result<Done> {
    let def = definition(db, called)?;
    let ids: Vec<i64> =
        db.table(&def.name).map(|table| table.rows.ids().collect()).unwrap_or_default();
    let schema = Schema { db: db.clone(), meter };
    let mut writer = Writer::new(db, &schema);
    for id in &ids {
        writer.delete(&def.name, *id)?;
    }
    Ok(Done { affected: ids.len() as u64, log: writer.finish()?, returned: None })
}

/// Rows to change: the row's number first, in the order of the numbers.
fn affected(
    db: &Database,
    meter: &Meter,
    sources: usize,
    from: From,
    filter: Vec<Expr>,
    projection: Vec<Expr>,
) -> Result<Rows> {
    let outputs =
        projection.iter().map(|expr| Output { name: String::new(), ty: expr.ty }).collect();
    let mut select = bare(projection);
    select.from = Some(from);
    select.filter = filter;
    let query = Query {
        body: Body::Select(Box::new(select)),
        columns: outputs,
        order: Vec::new(),
        limit: None,
        offset: 0,
        outer: Vec::new(),
    };
    let mut rows = Runner::new(db, meter, sources).rows(&query)?;
    rows.arrange_by_key(|row| match row.first() {
        Some(Value::I64(id)) => *id,
        _ => i64::MIN,
    });
    Ok(rows)
}

fn split_id(mut row: Vec<Value>) -> Option<(i64, Vec<Value>)> {
    match row.first() {
        Some(Value::I64(id)) => {
            let id = *id;
            row.remove(0);
            Some((id, row))
        }
        _ => None,
    }
}
