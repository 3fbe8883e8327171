//! From rows of the database to instances, dictionaries and tuples.

use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::STYLE;
use super::compile::Compiler;
use super::node::{Key, Node, Source};
use super::query::Query;
use crate::Machine;
use crate::database::{Cell, Reply};
use crate::sql::{Expr, Select, Writer};
use crate::value::{Dict, Instance, Outcome, Value};
use crate::world::to_value;

/// How rows come out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As instances, those of joined models inside of each other.
    Models,
    /// `objects()`: as instances with all columns as attributes.
    Flat,
    /// `dicts()`
    Dicts,
    /// `tuples()`
    Tuples,
    /// `namedtuples()`
    Named,
}

/// A column of the result: its name, the field that it holds, what its values are.
struct Column {
    name: String,
    source: Option<Source>,
    ty: Option<ColumnType>,
}

/// A decimal number as SQLite keeps it.
pub(super) fn number(digits: &str) -> Value {
    match digits.parse::<f64>() {
        #[allow(clippy::cast_possible_truncation, reason = "it has no fraction")]
        Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::Int(number as i64),
        Ok(number) => Value::Float(number),
        Err(_) => Value::str(digits),
    }
}

/// A value as SQLite gives it, where no field says what it is.
pub(super) fn raw(cell: &Cell) -> Value {
    match cell {
        Cell::Bool(yes) => Value::Int(i64::from(*yes)),
        Cell::Decimal(digits) => number(digits),
        Cell::Date(text) | Cell::Time(text) | Cell::Timestamp(text) => Value::str(text),
        Cell::Uuid(text) => Value::from(text.replace('-', "")),
        other => to_value(None, other),
    }
}

/// A parameter as it was handed over.
pub(super) fn parameter(cell: &Cell) -> Value {
    match cell {
        Cell::Uuid(text) => Value::from(text.replace('-', "")),
        other => to_value(None, other),
    }
}

/// A value of a field.
pub(super) fn converted(ty: &ColumnType, cell: &Cell) -> Value {
    if let Some(moment) = super::epoch::read(ty, cell) {
        return moment;
    }
    match (ty, to_value(Some(ty), cell)) {
        (ColumnType::Decimal(_), Value::Decimal(number)) => number.normalize().into(),
        (ColumnType::Decimal(_), Value::Int(number)) => rust_decimal::Decimal::from(number).into(),
        (_, value) => value,
    }
}

fn columns(machine: &mut Machine, query: &Query) -> Outcome<Vec<Column>> {
    let session = &query.session;
    let root = session.model(query.root.model());
    let mut compiler = Compiler::new(session);
    let nodes = match &query.compound {
        Some((_, left, _)) => return columns(machine, left),
        None => &query.columns,
    };
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        let alias = match node {
            Node::Alias(_, name) => Some(name.to_string()),
            Node::Query(query) => query.alias.as_ref().map(ToString::to_string),
            _ => None,
        };
        let named = |source: &Source, name: &str| {
            session
                .model(source.model())
                .and_then(|model| model.field(name).map(|field| field.ty.clone()))
        };
        out.push(match node.bare() {
            Node::Field(source, name) => Column {
                name: alias.unwrap_or_else(|| name.to_string()),
                source: Some(source.clone()),
                ty: named(source, name),
            },
            Node::Inner(source, name) => {
                let ty = root
                    .as_ref()
                    .and_then(|root| root.fields.iter().find(|field| field.column == *name))
                    .map(|field| field.ty.clone());
                Column {
                    name: alias.unwrap_or_else(|| name.to_string()),
                    source: Some(source.clone()),
                    ty,
                }
            }
            other => {
                let raw = ["sum", "count", "avg", "cast", "array_agg"];
                let (coerce, first) = match other {
                    Node::Call(name, args, _) => {
                        (!raw.contains(&name.to_lowercase().as_str()), args.first())
                    }
                    _ => (true, None),
                };
                let mut ty = match first.map(Node::bare) {
                    Some(Node::Field(source, name)) if coerce => named(source, name),
                    _ => None,
                };
                let name = match alias {
                    Some(alias) => alias,
                    None => {
                        let expr = compiler.expr(machine, other, &None)?;
                        spelled(expr)
                    }
                };
                if ty.is_none() && coerce && !matches!(other, Node::Call(..)) {
                    let field = root.as_ref().and_then(|root| {
                        root.fields
                            .iter()
                            .find(|field| *field.name == *name || *field.column == *name)
                    });
                    ty = field.map(|field| field.ty.clone());
                }
                Column { name, source: None, ty }
            }
        });
    }
    Ok(out)
}

/// The name that a column without one gets: what follows the last dot of its text.
fn spelled(expr: Expr) -> String {
    let select = Select { columns: vec![(expr, None)], ..Select::default() };
    let text = Writer::new(&STYLE).select(&select).sql;
    let text = text.strip_prefix("SELECT ").unwrap_or(&text);
    let last = text.rsplit('.').next().unwrap_or(text);
    last.trim_matches(|letter| "()\"`".contains(letter)).to_owned()
}

/// Names that occur twice get a number; as attributes they must be identifiers.
fn distinct_names(columns: &[Column], identifiers: bool) -> Vec<String> {
    let mut seen: Vec<(String, u32)> = Vec::new();
    let mut out = Vec::new();
    for column in columns {
        let mut name = column.name.clone();
        if identifiers {
            name = identifier(&name);
        }
        while let Some((_, count)) = seen.iter_mut().find(|(known, _)| *known == name) {
            *count += 1;
            name = format!("{name}_{count}");
        }
        seen.push((name.clone(), 1));
        out.push(name);
    }
    out
}

fn identifier(name: &str) -> String {
    let is = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let start = name.find(|letter: char| is(letter) && !letter.is_ascii_digit()).unwrap_or(0);
    let part: String = name.chars().skip(start).take_while(|letter| is(*letter)).collect();
    if part.is_empty() { name.to_owned() } else { part }
}

/// The rows of a reply in the shape that the query asks for.
pub(super) fn made(machine: &mut Machine, query: &Query, reply: &Reply) -> Outcome<Vec<Value>> {
    let columns = columns(machine, query)?;
    let mut out = Vec::with_capacity(reply.rows.len());
    let names = match query.shape {
        Shape::Models | Shape::Flat | Shape::Named => distinct_names(&columns, true),
        Shape::Dicts | Shape::Tuples => distinct_names(&columns, false),
    };
    for row in &reply.rows {
        machine.step()?;
        let values: Vec<Value> = columns
            .iter()
            .zip(row)
            .map(|(column, cell)| match &column.ty {
                Some(ty) => converted(ty, cell),
                None => raw(cell),
            })
            .gather();
        out.push(match query.shape {
            Shape::Tuples => Value::tuple(values),
            Shape::Dicts => {
                let mut dict = Dict::default();
                names.iter().zip(values).for_each(|(name, value)| dict.set(name, value));
                Value::dict(dict)
            }
            Shape::Named => {
                let names = names.iter().map(|name| name.as_str().into()).gather();
                Value::Object(Rc::new(crate::orm::record::Record::new("Row", names, values)))
            }
            Shape::Models if query.tree.is_empty() => flat(machine, query, &names, values)?,
            Shape::Flat => flat(machine, query, &names, values)?,
            Shape::Models => nested(machine, query, &columns, values)?,
        });
        machine.fits(out.len())?;
    }
    Ok(out)
}

/// Rows of a statement of the user's own.
pub(super) fn raw_rows(
    session: &Rc<super::session::Session>,
    model: usize,
    reply: &Reply,
) -> Vec<Value> {
    let of = session.model(model);
    let rows = reply.rows.iter().map(|row| {
        let instance = super::instance::empty(session.class(model));
        for (column, cell) in reply.columns.iter().zip(row) {
            let field =
                of.as_ref().and_then(|of| of.fields.iter().find(|field| *field.column == **column));
            match field {
                Some(field) => {
                    let value = converted(&field.ty, cell);
                    super::instance::with_state(&instance, |state| {
                        state.data.insert(field.name.clone(), value)
                    });
                }
                None => instance.set(column, raw(cell)),
            }
        }
        Value::Instance(instance)
    });
    rows.gather()
}

fn empty(query: &Query, model: usize) -> Rc<Instance> {
    super::instance::empty(query.session.class(model))
}

fn flat(machine: &mut Machine, query: &Query, names: &[String], values: Vec<Value>) -> Outcome {
    let instance = empty(query, query.root.model());
    let made = Value::Instance(instance.clone());
    for (name, value) in names.iter().zip(values) {
        machine.set_attribute(&made, name, value)?;
    }
    super::instance::with_state(&instance, |state| state.dirty.clear());
    Ok(made)
}

/// Instances of all sources, those of joined ones as attributes of the others.
fn nested(machine: &mut Machine, query: &Query, columns: &[Column], values: Vec<Value>) -> Outcome {
    let root = query.root.key();
    let mut objects = Objects(vec![(root.clone(), empty(query, query.root.model()))]);
    let mut branches = Vec::new();
    for branch in &query.tree {
        let key = branch.to.key();
        if objects.get(&key).is_none() {
            objects.0.push((key, empty(query, branch.to.model())));
            branches.push(branch);
        }
    }
    for column in columns {
        if let Some(source) = column.source.as_ref().filter(|it| objects.get(&it.key()).is_none()) {
            objects.0.push((source.key(), empty(query, source.model())));
        }
    }
    let key_of = |column: &Column| match &column.source {
        Some(source) => source.key(),
        None => root.clone(),
    };
    let selected = columns.iter().map(key_of).gather();
    let mut set = Vec::new();
    for (column, value) in columns.iter().zip(values) {
        let key = key_of(column);
        if !value.is_none() {
            set.push(key.clone());
        }
        if let Some(instance) = objects.get(&key) {
            let name = identifier(&column.name);
            machine.set_attribute(&Value::Instance(instance), &name, value)?;
        }
    }
    for branch in branches {
        let (from, to) = (branch.from.key(), branch.to.key());
        let reachable = reachable(query, &to);
        if !selected.contains(&to) && !reachable.iter().any(|key| selected.contains(key)) {
            continue;
        }
        let there = set.contains(&to) || reachable.iter().any(|key| set.contains(key));
        if !there && !branch.outer || !set.contains(&from) && !set.contains(&to) && branch.outer {
            continue;
        }
        let (Some(owner), Some(joined)) = (objects.get(&from), objects.get(&to)) else { continue };
        let is_key = query.session.model(branch.from.model()).is_some_and(|model| {
            model.relation(&branch.attribute).is_some_and(|relation| relation.key.is_some())
        });
        if is_key && !there {
            super::instance::with_state(&owner, |state| {
                state.related.insert(branch.attribute.clone(), Value::None)
            });
            continue;
        }
        let value = if there { Value::Instance(joined) } else { Value::None };
        machine.set_attribute(&Value::Instance(owner), &branch.attribute, value)?;
    }
    for (_, instance) in &objects.0 {
        super::instance::with_state(instance, |state| state.dirty.clear());
    }
    Ok(objects.get(&root).map_or(Value::None, Value::Instance))
}

/// The instances of one row, by their sources: a few.
struct Objects(Vec<(Key, Rc<Instance>)>);

impl Objects {
    fn get(&self, source: &Key) -> Option<Rc<Instance>> {
        self.0.iter().find(|(key, _)| key == source).map(|(_, instance)| instance.clone())
    }
}

/// Sources that are joined from one, directly or further on.
fn reachable(query: &Query, from: &Key) -> Vec<Key> {
    let mut out = Vec::new();
    let mut open = vec![from.clone()];
    while let Some(key) = open.pop() {
        for branch in query.tree.iter().filter(|branch| branch.from.key() == key) {
            if !out.contains(&branch.to.key()) {
                out.push(branch.to.key());
                open.push(branch.to.key());
            }
        }
    }
    out
}
