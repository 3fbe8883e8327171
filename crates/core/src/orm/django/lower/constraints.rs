//! `unique_together`, `constraints` and `indexes` of `Meta`.
//!
//! Recorded: `django/044`, `django/403` and their `ddl_*.sql`; source: `_unique_sql`, `_create_unique_sql` and `_create_index_sql` of
//! the schema editors, and the features of the backends that they ask for.

use std::cell::Cell;
use throughline_order::Arrange as _;

use super::expression::Writer;
use super::table::index;
use super::{Columns, condition, digest, spelling};
use crate::document::{IndexSpec, UniqueSpec, Value};
use crate::resolve::ResolvedModel;
use crate::sql::Dialect;
use crate::tables::{Check, Index, Table, Unique};

/// What names mean, and for which database it is.
#[derive(Clone, Copy)]
struct Scope<'a> {
    named: &'a Columns,
    dialect: Dialect,
}

impl Scope<'_> {
    fn condition(self, value: &Value, dialect: Dialect) -> Option<String> {
        let constants = Cell::new(false);
        condition::write(value, Writer { columns: self.named, dialect, constants: &constants })
    }
}

/// Adds them to the table.
pub(super) fn add(model: &ResolvedModel, named: &Columns, table: &mut Table, dialect: Dialect) {
    let scope = Scope { named, dialect };
    // Checks and uniques of `Meta.constraints` are written in their common order, which is that of their places in the source.
    let mut places: Vec<u32> = model
        .meta
        .uniques
        .iter()
        .filter(|unique| unique.constraint)
        .map(|unique| unique.span.start)
        .collect();
    places.extend(model.meta.checks.iter().map(|check| check.span.start));
    places.arrange();
    let position = |start: u32| places.iter().position(|place| *place == start).unwrap_or_default();
    for spec in &model.meta.uniques {
        if spec.constraint {
            constraint(spec, scope, position(spec.span.start), table);
        } else {
            together(spec, scope, table);
        }
    }
    for spec in &model.meta.checks {
        let check = Check {
            name: spec.name.clone(),
            condition: scope.condition(&spec.condition, Dialect::Engine),
            native: scope.condition(&spec.condition, dialect),
            position: position(spec.span.start),
        };
        if check.native.is_none() {
            table.left_out.extend(check.name.clone());
        }
        table.checks.push(check);
    }
    for spec in &model.meta.indexes {
        match meta_index(spec, scope, &table.name) {
            Some(index) => push(index, table),
            None => table.left_out.extend(spec.name.clone()),
        }
    }
}

/// The columns behind field names; `None` where one is no column of the table.
fn columns_of(fields: &[String], named: &Columns) -> Option<Vec<String>> {
    fields.iter().map(|field| Some(named.get(field)?.column.clone())).collect()
}

fn ascending(columns: &[String]) -> Vec<(String, bool)> {
    columns.iter().map(|column| (column.clone(), false)).collect()
}

/// A group of `unique_together` becomes a unique index on SQLite, a constraint elsewhere.
fn together(spec: &UniqueSpec, scope: Scope<'_>, table: &mut Table) {
    let Some(columns) = columns_of(&spec.fields, scope.named).filter(|columns| !columns.is_empty())
    else {
        return;
    };
    let parts: Vec<&str> = columns.iter().map(String::as_str).collect();
    let name = digest::index_name(&table.name, &parts, "_uniq", scope.dialect);
    if matches!(scope.dialect, Dialect::Engine | Dialect::Sqlite) {
        table.indexes.push(Index { unique: true, ..index(name.clone(), ascending(&columns)) });
    }
    table.uniques.push(Unique { name: Some(name), columns, ..Unique::default() });
}

/// What a `UniqueConstraint` or an `Index` says besides its fields.
struct Options<'a>(&'a [(String, Value)]);

impl<'a> Options<'a> {
    /// An option that says something.
    fn get(&self, option: &str) -> Option<&'a Value> {
        let found = self.0.iter().find(|(name, _)| name == option).map(|(_, value)| value);
        found.filter(|value| **value != Value::None && value.as_list() != Some(&[]))
    }

    fn names(&self, option: &str) -> Vec<String> {
        let list = self.get(option).and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// ` INCLUDE ("a", "b")`.
    fn include(&self, scope: Scope<'_>) -> Option<String> {
        let names = self.names("include");
        if names.is_empty() || scope.dialect != Dialect::Postgres {
            return Some(String::new());
        }
        let columns = columns_of(&names, scope.named)?;
        Some(format!(" INCLUDE ({})", spelling::list(&columns, scope.dialect)))
    }

    fn nulls(&self) -> &'static str {
        match self.get("nulls_distinct") {
            Some(Value::Bool(false)) => " NULLS NOT DISTINCT",
            Some(Value::Bool(true)) => " NULLS DISTINCT",
            _ => "",
        }
    }

    fn deferrable(&self) -> &'static str {
        match self.get("deferrable") {
            Some(Value::Name(path)) if path.ends_with("DEFERRED") => {
                " DEFERRABLE INITIALLY DEFERRED"
            }
            Some(Value::Name(path)) if path.ends_with("IMMEDIATE") => {
                " DEFERRABLE INITIALLY IMMEDIATE"
            }
            _ => "",
        }
    }
}

/// A `UniqueConstraint` is written into the table, or as a unique index where it has more to say than that.
fn constraint(spec: &UniqueSpec, scope: Scope<'_>, position: usize, table: &mut Table) {
    let options = Options(&spec.extra);
    let has = |option| options.get(option).is_some();
    // Django leaves out (with a warning) what the database cannot do.
    let postgres = scope.dialect == Dialect::Postgres;
    let unsupported = has("include") || has("deferrable") || has("nulls_distinct");
    let partial = spec.condition.is_some();
    if (unsupported && !postgres) || (partial && scope.dialect == Dialect::MySql) {
        return;
    }
    let (Some(columns), Some(include)) =
        (columns_of(&spec.fields, scope.named), options.include(scope))
    else {
        table.left_out.extend(spec.name.clone());
        return;
    };
    let name = spec.name.clone().unwrap_or_default();
    if !partial && spec.expressions.is_empty() && !has("opclasses") && include.is_empty() {
        table.uniques.push(Unique {
            name: Some(name),
            columns,
            constraint: !has("nulls_distinct"),
            position,
            head: options.nulls().to_owned(),
            tail: options.deferrable().to_owned(),
        });
        return;
    }
    let classes = options.names("opclasses");
    let Some((columns, expressions)) =
        indexed(&spec.expressions, ascending(&columns), &classes, scope)
    else {
        table.left_out.push(name);
        return;
    };
    if !partial && expressions.is_empty() && !postgres && scope.dialect != Dialect::MySql {
        let columns = columns.iter().map(|(column, _)| column.clone()).collect();
        table.uniques.push(Unique {
            name: Some(name.clone()),
            columns,
            position,
            ..Unique::default()
        });
    }
    let tail = format!("{include}{}", options.nulls());
    push(
        conditional(
            Index { unique: true, expressions, tail, ..index(name, columns) },
            spec.condition.as_ref(),
            scope,
        ),
        table,
    );
}

/// Keeps an index, unless its condition is not understood: without it the index would mean more than was said.
fn push(index: Index, table: &mut Table) {
    if index.partial && index.native_condition.is_none() {
        table.left_out.push(index.name);
    } else {
        table.indexes.push(index);
    }
}

fn meta_index(spec: &IndexSpec, scope: Scope<'_>, table: &str) -> Option<Index> {
    let columns: Vec<(String, bool)> = spec
        .fields
        .iter()
        .map(|(field, descending)| Some((scope.named.get(field)?.column.clone(), *descending)))
        .collect::<Option<_>>()?;
    let name = spec.name.clone().unwrap_or_else(|| digest::meta_index_name(table, &columns));
    let options = Options(&spec.extra);
    let classes = options.names("opclasses");
    let (columns, expressions) = indexed(&spec.expressions, columns, &classes, scope)?;
    if columns.is_empty() && expressions.is_empty() {
        return None;
    }
    // MySQL has no partial indexes: it gets the whole one.
    let condition = spec.condition.as_ref().filter(|_| scope.dialect != Dialect::MySql);
    let tail = options.include(scope)?;
    Some(conditional(Index { expressions, tail, ..index(name, columns) }, condition, scope))
}

fn conditional(index: Index, condition: Option<&Value>, scope: Scope<'_>) -> Index {
    let write = |dialect| condition.and_then(|value| scope.condition(value, dialect));
    Index {
        condition: write(Dialect::Engine),
        native_condition: write(scope.dialect),
        partial: condition.is_some(),
        ..index
    }
}

/// Columns, and where there is more to an index than columns its parts as SQL.
type Indexed = (Vec<(String, bool)>, Vec<String>);

/// What an index is over: plain columns, or expressions (`Lower("name").desc()`).
fn indexed(
    expressions: &[Value],
    columns: Vec<(String, bool)>,
    classes: &[String],
    scope: Scope<'_>,
) -> Option<Indexed> {
    if expressions.is_empty() {
        if classes.is_empty() || scope.dialect != Dialect::Postgres {
            return Some((columns, Vec::new()));
        }
        let parts = columns.iter().zip(classes).map(|((column, descending), class)| {
            let descending = if *descending { " DESC" } else { "" };
            format!("{} {class}{descending}", spelling::quote(column, scope.dialect))
        });
        let parts = parts.collect();
        return Some((columns, parts));
    }
    let parts: Vec<Part> =
        expressions.iter().map(|expression| part(expression, scope)).collect::<Option<_>>()?;
    let plain: Vec<(String, bool)> = parts.iter().filter_map(|part| part.column.clone()).collect();
    let is_plain = plain.len() == parts.len();
    Some((
        plain,
        if is_plain { Vec::new() } else { parts.into_iter().map(|part| part.sql).collect() },
    ))
}

struct Part {
    column: Option<(String, bool)>,
    sql: String,
}

fn part(value: &Value, scope: Scope<'_>) -> Option<Part> {
    let quote = |name: &str| spelling::quote(name, scope.dialect);
    let plain = |name: &str| {
        let column = scope.named.get(name)?.column.clone();
        Some(Part { sql: quote(&column), column: Some((column, false)) })
    };
    let ordered = |inner: &Value, descending: bool| {
        let inner = part(inner, scope)?;
        let sql = format!("{} {}", inner.sql, if descending { "DESC" } else { "ASC" });
        Some(Part { column: inner.column.map(|(column, _)| (column, descending)), sql })
    };
    let Value::Call { callee, args } = value else {
        return value.as_str().and_then(plain);
    };
    match (callee.rsplit('.').next().unwrap_or(callee), args.as_slice()) {
        ("F", [name]) => plain(name.value.as_str()?),
        ("desc", [inner]) => ordered(&inner.value, true),
        ("asc", [inner]) => ordered(&inner.value, false),
        ("OrderBy", [inner, options @ ..]) => {
            let descending = options.iter().any(|option| {
                option.keyword.as_deref() == Some("descending") && option.value == Value::Bool(true)
            });
            ordered(&inner.value, descending)
        }
        ("Collate", [inner, collation]) => {
            let collation = quote(collation.value.as_str()?);
            let sql = match scope.dialect {
                // There a collation is part of the expression.
                Dialect::MySql => {
                    format!("({} COLLATE {collation})", expression(&inner.value, scope)?)
                }
                Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => {
                    format!("{} COLLATE {collation}", part(&inner.value, scope)?.sql)
                }
            };
            Some(Part { column: None, sql })
        }
        _ => Some(Part { column: None, sql: format!("({})", expression(value, scope)?) }),
    }
}

/// An expression; a string names a field.
fn expression(value: &Value, scope: Scope<'_>) -> Option<String> {
    let constants = Cell::new(false);
    let writer = Writer { columns: scope.named, dialect: scope.dialect, constants: &constants };
    let sql = match value {
        Value::Str(name) => writer.column(name)?,
        other => writer.expression(other)?,
    };
    Some(sql.text)
}
