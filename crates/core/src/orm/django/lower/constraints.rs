//! `unique_together`, `constraints` and `indexes` of `Meta`.
//!
//! Recorded: `django/044`; source: `_unique_sql` and `_create_index_sql` of the schema editor.

use super::expression::Writer;
use super::table::index;
use super::{Columns, Flavour, columns, condition, digest};
use crate::document::{IndexSpec, UniqueSpec, Value};
use crate::resolve::ResolvedModel;
use crate::tables::{Check, Index, Table, Unique};

/// Adds them to the table.
pub(super) fn add(model: &ResolvedModel, named: &Columns, table: &mut Table) {
    // Checks and uniques of `Meta.constraints` are written in their common order, which is that of their places in the source.
    let mut places: Vec<u32> = model
        .meta
        .uniques
        .iter()
        .filter(|unique| unique.constraint)
        .map(|unique| unique.span.start)
        .collect();
    places.extend(model.meta.checks.iter().map(|check| check.span.start));
    places.sort_unstable();
    let position = |start: u32| places.iter().position(|place| *place == start).unwrap_or_default();
    for spec in &model.meta.uniques {
        if spec.constraint {
            constraint(spec, named, position(spec.span.start), table);
        } else {
            together(spec, named, table);
        }
    }
    for spec in &model.meta.checks {
        let write = |flavour| condition::write(&spec.condition, Writer { columns: named, flavour });
        let check = Check {
            name: spec.name.clone(),
            condition: write(Flavour::Plain),
            native: write(Flavour::Native),
            position: position(spec.span.start),
        };
        if check.native.is_none() {
            table.left_out.extend(check.name.clone());
        }
        table.checks.push(check);
    }
    for spec in &model.meta.indexes {
        match meta_index(spec, named, &table.name) {
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

/// A group of `unique_together` becomes a unique index.
fn together(spec: &UniqueSpec, named: &Columns, table: &mut Table) {
    let Some(columns) = columns_of(&spec.fields, named).filter(|columns| !columns.is_empty())
    else {
        return;
    };
    let parts: Vec<&str> = columns.iter().map(String::as_str).collect();
    let name = digest::index_name(&table.name, &parts, "_uniq");
    table.indexes.push(Index { unique: true, ..index(name.clone(), ascending(&columns)) });
    table.uniques.push(Unique {
        name: Some(name),
        columns,
        constraint: false,
        ..Unique::default()
    });
}

/// A `UniqueConstraint` is written into the table, or as a unique index where it has a condition or expressions.
fn constraint(spec: &UniqueSpec, named: &Columns, position: usize, table: &mut Table) {
    let has = |option: &str| {
        spec.extra.iter().any(|(name, value)| {
            name == option && *value != Value::None && value.as_list() != Some(&[])
        })
    };
    // SQLite can do none of these, so Django leaves the constraint out (with a warning).
    if has("include") || has("deferrable") || has("nulls_distinct") {
        return;
    }
    let Some(columns) = columns_of(&spec.fields, named) else {
        table.left_out.extend(spec.name.clone());
        return;
    };
    let name = spec.name.clone().unwrap_or_default();
    if spec.condition.is_none() && spec.expressions.is_empty() && !has("opclasses") {
        table.uniques.push(Unique {
            name: Some(name),
            columns,
            constraint: true,
            position,
            ..Unique::default()
        });
        return;
    }
    let Some((columns, expressions)) = indexed(&spec.expressions, ascending(&columns), named)
    else {
        table.left_out.push(name);
        return;
    };
    if spec.condition.is_none() && expressions.is_empty() {
        let columns = columns.iter().map(|(column, _)| column.clone()).collect();
        table.uniques.push(Unique {
            name: Some(name.clone()),
            columns,
            position,
            ..Unique::default()
        });
    }
    push(
        conditional(
            Index { unique: true, expressions, ..index(name, columns) },
            spec.condition.as_ref(),
            named,
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

fn meta_index(spec: &IndexSpec, named: &Columns, table: &str) -> Option<Index> {
    let columns: Vec<(String, bool)> = spec
        .fields
        .iter()
        .map(|(field, descending)| Some((named.get(field)?.column.clone(), *descending)))
        .collect::<Option<_>>()?;
    let name = spec.name.clone().unwrap_or_else(|| digest::meta_index_name(table, &columns));
    let (columns, expressions) = indexed(&spec.expressions, columns, named)?;
    if columns.is_empty() && expressions.is_empty() {
        return None;
    }
    Some(conditional(Index { expressions, ..index(name, columns) }, spec.condition.as_ref(), named))
}

fn conditional(index: Index, condition: Option<&Value>, named: &Columns) -> Index {
    let write = |flavour| {
        condition.and_then(|value| condition::write(value, Writer { columns: named, flavour }))
    };
    Index {
        condition: write(Flavour::Plain),
        native_condition: write(Flavour::Native),
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
    named: &Columns,
) -> Option<Indexed> {
    if expressions.is_empty() {
        return Some((columns, Vec::new()));
    }
    let parts: Vec<Part> =
        expressions.iter().map(|expression| part(expression, named)).collect::<Option<_>>()?;
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

fn part(value: &Value, named: &Columns) -> Option<Part> {
    let writer = Writer { columns: named, flavour: Flavour::Native };
    let plain = |name: &str| {
        let column = named.get(name)?.column.clone();
        Some(Part { sql: columns::quote(&column), column: Some((column, false)) })
    };
    match value {
        Value::Str(name) => plain(name),
        Value::Call { callee, args } => {
            match (callee.rsplit('.').next().unwrap_or(callee), args.as_slice()) {
                ("F", [name]) => plain(name.value.as_str()?),
                ("desc" | "asc", [inner]) => {
                    let descending = callee.ends_with("desc");
                    let inner = part(&inner.value, named)?;
                    Some(Part {
                        column: inner.column.map(|(column, _)| (column, descending)),
                        sql: format!("{} {}", inner.sql, if descending { "DESC" } else { "ASC" }),
                    })
                }
                ("OrderBy", [inner, options @ ..]) => {
                    let descending = options.iter().any(|option| {
                        option.keyword.as_deref() == Some("descending")
                            && option.value == Value::Bool(true)
                    });
                    let inner = part(&inner.value, named)?;
                    let sql = format!("{} {}", inner.sql, if descending { "DESC" } else { "ASC" });
                    Some(Part { column: inner.column.map(|(column, _)| (column, descending)), sql })
                }
                ("Collate", [inner, collation]) => {
                    let inner = part(&inner.value, named)?;
                    Some(Part {
                        column: None,
                        sql: format!(
                            "{} COLLATE {}",
                            inner.sql,
                            columns::quote(collation.value.as_str()?)
                        ),
                    })
                }
                _ => Some(Part {
                    column: None,
                    sql: format!("({})", writer.expression(value)?.text),
                }),
            }
        }
        _ => None,
    }
}
