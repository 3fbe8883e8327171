//! CREATE TABLE as a table definition, and the schema's own expressions.

use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{
    ColumnDef, ColumnOption, ColumnOptionDef, ConstraintCharacteristics, DeferrableInitial,
    Expr as Ast, Ident, ObjectName, ReferentialAction, TableConstraint,
};
use throughline_order::Gather as _;

use super::{Runner, bare};
use crate::bind::{Binder, data_type};
use crate::catalog::{
    Auto, Check, Column, ForeignKey, Reaction, Source, TableDef, Unique, UniqueKind,
};
use crate::error::{Result, SqlError};
use crate::ir::{Body, From, Kind, Output, Query};
use crate::reader::Meter;
use crate::store::{Database, Evaluate, convert};
use crate::text::{fold, name, table_name, write};
use crate::types::{self, Type};

/// Evaluates the schema's expressions on rows.
pub(crate) struct Schema<'a> {
    pub(crate) db: Database,
    pub(crate) meter: &'a Meter,
}

impl Evaluate for Schema<'_> {
    fn conditions(
        &self,
        def: &TableDef,
        condition: &Source,
        rows: &Arc<Vec<Vec<Value>>>,
    ) -> Result<Vec<Option<bool>>> {
        let mut binder = Binder::new(&self.db);
        let columns = def.columns.iter().map(|column| (column.name.clone(), column.ty)).gather();
        let count = rows.len();
        let source = binder.open_rows(&def.name, columns, Arc::clone(rows));
        let expr = binder.truth(&condition.ast)?;
        let mut select = bare(vec![expr]);
        select.from = Some(From::Source(source));
        let columns = vec![Output { name: String::new(), ty: Type::Bool }];
        let query = Query {
            body: Body::Select(Box::new(select)),
            columns,
            order: Vec::new(),
            limit: None,
            offset: 0,
            outer: Vec::new(),
        };
        if count == 0 {
            return Ok(Vec::new());
        }
        let rows = Runner::new(&self.db, self.meter, binder.sources()).rows(&query)?;
        Ok(rows
            .iter()
            .map(|row| if let Some(Value::Bool(truth)) = row.first() { Some(*truth) } else { None })
            .gather())
    }

    fn default(&self, def: &TableDef, column: usize) -> Result<Value> {
        let Some(column) = def.columns.get(column) else { return Ok(Value::Null) };
        let Some(default) = &column.default else { return Ok(Value::Null) };
        let mut binder = Binder::new(&self.db);
        let expr = binder.expr(&default.ast)?;
        let value = match expr.as_value() {
            Some(value) => value.clone(),
            None => {
                let columns = vec![Output { name: String::new(), ty: expr.ty }];
                let body = Body::Select(Box::new(bare(vec![expr])));
                let query = Query {
                    body,
                    columns,
                    order: Vec::new(),
                    limit: None,
                    offset: 0,
                    outer: Vec::new(),
                };
                let rows = Runner::new(&self.db, self.meter, binder.sources()).rows(&query)?;
                rows.into_iter()
                    .next()
                    .and_then(|row| row.into_iter().next())
                    .unwrap_or(Value::Null)
            }
        };
        convert(value.clone(), column.ty).ok_or_else(|| {
            SqlError::error(format!(
                "the default of {}.{} is {}, which is not {}",
                def.name,
                column.name,
                types::literal(&value),
                column.declared
            ))
        })
    }
}

fn no_query() -> SqlError {
    SqlError::error(
        "a subquery cannot stand in a CHECK, in a DEFAULT or in the condition of an index",
    )
}

/// A schema expression with its text.
///
/// # Errors
/// It holds something that has no text, which no schema may.
pub(super) fn source(ast: &Ast) -> Result<Source> {
    if let Ast::Nested(inner) = ast {
        return source(inner);
    }
    let text = write::expression(ast);
    // Read anew, as the places of its names mean nothing after this script.
    let ast = crate::text::expression(&text).map_err(|error| {
        let hidden = write::hides_query(&text);
        if hidden { no_query() } else { error }
    })?;
    let ast = Arc::new(ast);
    Ok(Source { text, ast })
}

/// Builds a definition from columns and constraints.
pub(super) fn table(
    called: &str,
    columns: &[ColumnDef],
    constraints: &[TableConstraint],
) -> Result<TableDef> {
    let mut def = TableDef {
        name: called.to_owned(),
        columns: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
    };
    for column in columns {
        add_column(&mut def, column)?;
    }
    for constraint in constraints {
        add_constraint(&mut def, constraint)?;
    }
    for unique in def.uniques.clone().iter().filter(|unique| unique.kind == UniqueKind::Primary) {
        for column in &unique.columns {
            if let Some(column) = def.columns.get_mut(*column) {
                column.not_null = true;
            }
        }
    }
    // As in SQLite: a primary key that is one INTEGER numbers the rows by itself.
    if let Some(row) = def.row_column()
        && let Some(column) = def.columns.get_mut(row)
        && column.auto == Auto::No
        && matches!(column.declared.as_str(), "INTEGER" | "INT")
    {
        column.auto = Auto::Next;
    }
    if let Some(column) = def
        .columns
        .iter()
        .enumerate()
        .find(|(at, column)| column.auto != Auto::No && def.row_column() != Some(*at))
        .map(|(_, column)| column)
    {
        return Err(SqlError::refused(format!(
            "{} numbers rows, but is not the primary key",
            column.name
        ))
        .hint("make it INTEGER PRIMARY KEY"));
    }
    Ok(def)
}

/// Adds a column with its own constraints. Gives its place.
pub(super) fn add_column(def: &mut TableDef, ast: &ColumnDef) -> Result<usize> {
    let ColumnDef { name: ident, data_type: ty, collation, options } = ast;
    let called = crate::text::new_name(ident)?;
    if def.column(&called.text).is_some() {
        return Err(SqlError::error(format!("{} has two columns named {}", def.name, called.text))
            .at(called.span));
    }
    if collation.is_some() {
        return Err(SqlError::refused("COLLATE is not supported")
            .hint("compare LOWER(x)")
            .at(called.span));
    }
    let declared = data_type(ty).map_err(|error| error.at(called.span))?;
    let at = def.columns.len();
    def.columns.push(Column {
        name: called.text.clone(),
        ty: declared.ty,
        declared: declared.text,
        length: declared.length,
        precision: declared.precision,
        range: declared.range,
        not_null: false,
        default: None,
        auto: if declared.numbered { Auto::Ever } else { Auto::No },
    });
    for ColumnOptionDef { name: constraint, option } in options {
        let constraint = constraint.as_ref().map(|ident| name(ident).text);
        column_option(def, at, constraint, option).map_err(|error| error.at(called.span))?;
    }
    Ok(at)
}

fn column_option(
    def: &mut TableDef,
    at: usize,
    constraint: Option<String>,
    option: &ColumnOption,
) -> Result<()> {
    let set = |def: &mut TableDef, change: &dyn Fn(&mut Column)| {
        if let Some(column) = def.columns.get_mut(at) {
            change(column);
        }
    };
    match option {
        ColumnOption::Null | ColumnOption::Comment(_) => {}
        ColumnOption::NotNull => set(def, &|column| column.not_null = true),
        ColumnOption::Default(expr) => {
            let default = source(expr)?;
            set(def, &|column| column.default = Some(default.clone()));
        }
        ColumnOption::Unique { is_primary, characteristics: _ } => {
            let kind = if *is_primary { UniqueKind::Primary } else { UniqueKind::Constraint };
            add_unique(def, Unique { name: constraint, columns: vec![at], kind, condition: None })?;
        }
        ColumnOption::ForeignKey {
            foreign_table,
            referred_columns,
            on_delete,
            on_update,
            characteristics,
        } => {
            let key = foreign_key(
                constraint,
                vec![at],
                foreign_table,
                referred_columns,
                *on_delete,
                *on_update,
                characteristics.as_ref(),
            )?;
            def.foreign_keys.push(key);
        }
        ColumnOption::Check(expr) => {
            def.checks.push(Check { name: constraint, condition: source(expr)? })
        }
        ColumnOption::DialectSpecific(tokens) => {
            let word =
                tokens.first().map(|token| token.to_string().to_uppercase()).unwrap_or_default();
            match word.as_str() {
                "AUTOINCREMENT" | "AUTO_INCREMENT" => set(def, &|column| column.auto = Auto::Ever),
                "ASC" | "DESC" => {}
                _ => return Err(SqlError::refused(format!("{word} is not supported"))),
            }
        }
        ColumnOption::Generated { generation_expr: None, .. } | ColumnOption::Identity(_) => {
            set(def, &|column| column.auto = Auto::Ever)
        }
        ColumnOption::Generated { .. } => {
            return Err(SqlError::refused("generated columns are not supported")
                .hint("compute it in the query"));
        }
        ColumnOption::OnConflict(_)
        | ColumnOption::Materialized(_)
        | ColumnOption::Ephemeral(_)
        | ColumnOption::Alias(_)
        | ColumnOption::CharacterSet(_)
        | ColumnOption::OnUpdate(_)
        | ColumnOption::Options(_)
        | ColumnOption::Policy(_)
        | ColumnOption::Tags(_) => {
            return Err(SqlError::refused("this column option is not supported"));
        }
    }
    Ok(())
}

fn add_unique(def: &mut TableDef, unique: Unique) -> Result<()> {
    if unique.kind == UniqueKind::Primary && def.primary_key().is_some() {
        return Err(SqlError::error(format!("{} has two primary keys", def.name))
            .hint("for a key of two columns write PRIMARY KEY (a, b) after the columns"));
    }
    def.uniques.push(unique);
    Ok(())
}

/// The places of columns.
pub(super) fn places(def: &TableDef, columns: &[Ident]) -> Result<Vec<usize>> {
    columns
        .iter()
        .map(|ident| {
            let wanted = name(ident);
            def.column(&wanted.text).ok_or_else(|| {
                let mut error =
                    SqlError::error(format!("{} has no column {}", def.name, wanted.text));
                error.hint = crate::text::did_you_mean(
                    &wanted.text,
                    def.columns.iter().map(|column| column.name.as_str()),
                );
                error.at(wanted.span)
            })
        })
        .collect()
}

pub(super) fn add_constraint(def: &mut TableDef, constraint: &TableConstraint) -> Result<()> {
    let text = |ident: &Option<Ident>| ident.as_ref().map(|ident| name(ident).text);
    match constraint {
        TableConstraint::Unique { name, columns, .. } => {
            let columns = places(def, columns)?;
            add_unique(
                def,
                Unique { name: text(name), columns, kind: UniqueKind::Constraint, condition: None },
            )
        }
        TableConstraint::PrimaryKey { name, columns, .. } => {
            let columns = places(def, columns)?;
            add_unique(
                def,
                Unique { name: text(name), columns, kind: UniqueKind::Primary, condition: None },
            )
        }
        TableConstraint::ForeignKey {
            name,
            columns,
            foreign_table,
            referred_columns,
            on_delete,
            on_update,
            characteristics,
        } => {
            let columns = places(def, columns)?;
            let key = foreign_key(
                text(name),
                columns,
                foreign_table,
                referred_columns,
                *on_delete,
                *on_update,
                characteristics.as_ref(),
            )?;
            def.foreign_keys.push(key);
            Ok(())
        }
        TableConstraint::Check { name, expr } => {
            def.checks.push(Check { name: text(name), condition: source(expr)? });
            Ok(())
        }
        TableConstraint::Index { .. } | TableConstraint::FulltextOrSpatial { .. } => {
            Err(SqlError::refused("indexes inside CREATE TABLE are not supported")
                .hint("write CREATE INDEX"))
        }
    }
}

fn foreign_key(
    constraint: Option<String>,
    columns: Vec<usize>,
    table: &ObjectName,
    referred: &[Ident],
    on_delete: Option<ReferentialAction>,
    on_update: Option<ReferentialAction>,
    characteristics: Option<&ConstraintCharacteristics>,
) -> Result<ForeignKey> {
    let table = table_name(table)?;
    if !referred.is_empty() && referred.len() != columns.len() {
        return Err(SqlError::error(format!(
            "a foreign key of {} columns references {}",
            columns.len(),
            referred.len()
        ))
        .at(table.span));
    }
    let deferred = match characteristics {
        Some(ConstraintCharacteristics { enforced: Some(false), .. }) => {
            return Err(SqlError::refused("NOT ENFORCED is not supported").at(table.span));
        }
        Some(ConstraintCharacteristics { initially, .. }) => {
            *initially == Some(DeferrableInitial::Deferred)
        }
        None => false,
    };
    let referred = referred.iter().map(|ident| name(ident).text).gather();
    Ok(ForeignKey {
        name: constraint,
        columns,
        table: table.text,
        referred,
        on_delete: action(on_delete),
        on_update: action(on_update),
        deferred,
    })
}

fn action(action: Option<ReferentialAction>) -> Reaction {
    match action {
        None | Some(ReferentialAction::NoAction) => Reaction::NoAction,
        Some(ReferentialAction::Restrict) => Reaction::Restrict,
        Some(ReferentialAction::Cascade) => Reaction::Cascade,
        Some(ReferentialAction::SetNull) => Reaction::SetNull,
        Some(ReferentialAction::SetDefault) => Reaction::SetDefault,
    }
}

/// Checks what a definition's expressions and references say, as far as it can be known.
pub(super) fn validate(def: &TableDef, db: &Database, meter: &Meter) -> Result<()> {
    let mut with_self = db.clone();
    with_self.create(def.clone());
    let schema = Schema { db: with_self, meter };
    let mut conditions: Vec<&Source> = def.checks.iter().map(|check| &check.condition).gather();
    conditions.extend(def.uniques.iter().filter_map(|unique| unique.condition.as_ref()));
    for condition in conditions {
        schema.conditions(def, condition, &Arc::default())?;
    }
    for at in 0..def.columns.len() {
        schema.default(def, at)?;
    }
    for key in &def.foreign_keys {
        let own = fold(&key.table) == fold(&def.name);
        let parent = if own { Some(def) } else { db.table(&key.table).map(|table| &*table.def) };
        let Some(parent) = parent else { continue };
        for wanted in &key.referred {
            if parent.column(wanted).is_none() {
                let mut error = SqlError::error(format!("{} has no column {wanted}", parent.name));
                error.hint = crate::text::did_you_mean(
                    wanted,
                    parent.columns.iter().map(|column| column.name.as_str()),
                );
                return Err(error);
            }
        }
    }
    Ok(())
}

impl<'a> Binder<'a> {
    /// A condition of the schema.
    pub(crate) fn truth(&mut self, ast: &'a Ast) -> Result<crate::ir::Expr> {
        let expr = self.expr(ast)?;
        if has_query(&expr) {
            return Err(no_query().at(expr.span));
        }
        self.as_condition(expr)
    }
}

fn has_query(expr: &crate::ir::Expr) -> bool {
    matches!(expr.kind, Kind::Scalar(_) | Kind::Exists(_) | Kind::InQuery(..))
        || expr.children().into_iter().any(has_query)
}
