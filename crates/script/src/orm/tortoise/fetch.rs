//! Awaiting a query set: sending its statement, and what its rows become.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::compile::{Build, Loading, Table};
use super::encode;
use super::expression::{Node, node_of};
use super::instance::{State, with_state};
use super::queryset::{Action, QuerySet, Shape, Wanted};
use super::{STYLE, prefetch, raised, send, shape};
use crate::Machine;
use crate::database::{Cell, Reply};
use crate::eval::raise;
use crate::sql::{Call, Delete, Expr, Is, Select, Source, Update, What, Writer};
use crate::value::{Dict, Instance, Outcome, Value};
use crate::world::to_cell;

impl QuerySet {
    /// `await queryset`
    pub(super) fn run(&self, machine: &mut Machine) -> Outcome {
        super::start::unasked(machine, self)?;
        match &self.action {
            Action::Rows => self.fetch(machine),
            Action::Count => self.count(machine),
            Action::Exists | Action::Contains(_) => self.exists(machine),
            Action::Update(values) => self.update(machine, values),
            Action::Delete => self.delete(machine),
        }
    }

    fn fetch(&self, machine: &mut Machine) -> Outcome {
        let (select, loading) = self.select(machine)?;
        let reply = self.ask(machine, &select)?;
        let mut out = Vec::with_capacity(reply.rows.len());
        for row in &reply.rows {
            let value = |at: &usize| {
                let (column, cell) = (loading.columns.get(*at)?, row.get(*at)?);
                Some(encode::from_db(column.1.as_ref(), cell))
            };
            out.push(match &self.shape {
                Shape::Instances => self.instance(&loading, row),
                Shape::Dicts(_) => {
                    let mut dict = Dict::default();
                    for ((name, ty), cell) in loading.columns.iter().zip(row) {
                        dict.set(name, encode::from_db(ty.as_ref(), cell));
                    }
                    Value::dict(dict)
                }
                Shape::Tuples(_) => Value::tuple(loading.picks.iter().filter_map(value).gather()),
                Shape::Flat(_) => loading.picks.first().and_then(value).unwrap_or(Value::None),
            });
        }
        if matches!(self.shape, Shape::Instances) {
            prefetch::run(machine, &self.world, &self.model, &out, &self.prefetches)?;
        }
        let name = &self.model.name;
        match (self.wanted, out.as_slice()) {
            (Wanted::All, _) => Ok(Value::list(out)),
            (_, [only]) => Ok(only.clone()),
            (Wanted::OneOrNone, []) => Ok(Value::None),
            (Wanted::One, []) => {
                let message = format!("Object \"{name}\" does not exist");
                Err(raised(machine, "DoesNotExist", message))
            }
            (Wanted::ByKey, []) => Err(self.no_such_key(machine)?),
            (_, _) => {
                let message =
                    format!("Multiple objects returned for \"{name}\", expected exactly one");
                Err(raised(machine, "MultipleObjectsReturned", message))
            }
        }
    }

    /// `Author[key]` of what is not there.
    pub(super) fn no_such_key(&self, machine: &mut Machine) -> Outcome<Box<crate::Raised>> {
        let name = &self.model.name;
        let key = self.model.key().map(|key| key.attname.clone()).unwrap_or_default();
        let asked = self.conditions.last().and_then(|q| q.filters.first());
        let shown = match asked {
            Some((_, value)) => machine.str(&value.clone())?,
            None => "".into(),
        };
        let message = format!("{name} has no object with {key}={shown}");
        Ok(raised(machine, "ObjectDoesNotExistError", message))
    }

    fn ask(&self, machine: &mut Machine, select: &Select) -> Outcome<Reply> {
        send(machine, &self.world, Writer::new(&STYLE).select(select))
    }

    fn instance(&self, loading: &Loading, row: &[Cell]) -> Value {
        let Some(class) = self.world.class(self.model.at) else { return Value::None };
        let instance = Rc::new(Instance::new(class));
        *instance.state.borrow_mut() = Some(Box::new(State::from_row(loading.partial)));
        let extra = loading.own + self.annotations.len();
        let mut cells = loading.columns.iter().zip(row);
        for ((name, ty), cell) in cells.by_ref().take(extra) {
            instance.set(name, encode::from_db(ty.as_ref(), cell));
        }
        let mut made: Vec<(Vec<Rc<str>>, Rc<Instance>)> = Vec::new();
        for related in &loading.related {
            let Some(class) = self.world.class(related.model.at) else { continue };
            let one = Rc::new(Instance::new(class));
            *one.state.borrow_mut() = Some(Box::new(State::from_row(false)));
            // A row of nothing but zeros and empty texts counts as no row for Tortoise.
            let mut any = false;
            for ((name, ty), cell) in cells.by_ref().take(related.model.fields.len()) {
                any |= truthy(cell);
                one.set(name, encode::from_db(ty.as_ref(), cell));
            }
            let Some((name, before)) = related.path.split_last() else { continue };
            let owner = match before {
                [] => Some(instance.clone()),
                path => made.iter().find(|(known, _)| known == path).map(|(_, one)| one.clone()),
            };
            let value = if any { Value::Instance(one.clone()) } else { Value::None };
            if let Some(owner) = owner {
                with_state(&owner, |state| state.cache.insert(name.clone(), value));
            }
            if any {
                made.push((related.path.clone(), one));
            }
        }
        Value::Instance(instance)
    }

    fn count(&self, machine: &mut Machine) -> Outcome {
        let build = self.filters_only(machine)?;
        let key = self.model.key().map(|key| key.column.clone()).unwrap_or_default();
        let star = Expr::call("COUNT", vec![Expr::Star]);
        let select = if !build.group.is_empty() {
            // One row for every group: as many as there are rows of this.
            let inner = build.done(vec![(Table::of(&self.model).column(&key), None)]);
            let source = Source { what: What::Select(Box::new(inner)), alias: Some("_t".into()) };
            Select { columns: vec![(star, None)], from: vec![source], ..Select::default() }
        } else if self.distinct {
            let distinct = Expr::Call(Call {
                name: "COUNT".into(),
                args: vec![Table::of(&self.model).column(&key)],
                distinct: true,
                filter: None,
            });
            build.done(vec![(distinct, None)])
        } else {
            build.done(vec![(star, None)])
        };
        let reply = self.ask(machine, &select)?;
        let count = match reply.rows.first().and_then(|row| row.first()) {
            Some(Cell::Int(count)) => *count,
            _ => 0,
        };
        let count = (count - self.offset.unwrap_or(0)).max(0);
        Ok(Value::Int(self.limit.map_or(count, |limit| count.min(limit))))
    }

    fn exists(&self, machine: &mut Machine) -> Outcome {
        let set = match &self.action {
            Action::Contains(key) => self.clone().whose("pk", key.clone()),
            _ => self.clone(),
        };
        let build = set.filters_only(machine)?;
        let mut select = build.done(vec![(Expr::Raw("1".into()), None)]);
        select.limit = Some(Expr::Param(Cell::Int(1)));
        Ok(Value::Bool(!self.ask(machine, &select)?.rows.is_empty()))
    }

    /// The condition of a change: over relations, rows are told by their keys.
    fn told(&self, build: &Build) -> Option<Expr> {
        if build.joins.is_empty() {
            return build.modifier.wheres.clone();
        }
        let key = self.model.key().map(|key| key.column.clone()).unwrap_or_default();
        let inner = build.done(vec![(Table::of(&self.model).column(&key), None)]);
        let source = Source { what: What::Select(Box::new(inner)), alias: Some("_t".into()) };
        let select = Select {
            columns: vec![(Expr::column("_t", &key), None)],
            from: vec![source],
            ..Select::default()
        };
        let column = Table::of(&self.model).column(&key);
        Some(Expr::InSelect(Box::new(column), Box::new(select), Is::So))
    }

    fn update(&self, machine: &mut Machine, values: &[(Rc<str>, Value)]) -> Outcome {
        let build = self.filters_only(machine)?;
        let mut set = Vec::new();
        for (name, value) in values {
            set.push(self.assignment(machine, name, value)?);
        }
        let condition = self.told(&build);
        let update = Update { table: self.model.table.clone(), set, condition };
        let reply = send(machine, &self.world, Writer::new(&STYLE).update(&update))?;
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
    }

    fn assignment(
        &self,
        machine: &mut Machine,
        name: &str,
        value: &Value,
    ) -> Outcome<(Rc<str>, Expr)> {
        if let Some(rel) = shape::relation(&self.world, &self.model, name) {
            if rel.side != shape::Side::Forward {
                let message = format!("Field {name} is virtual and can not be updated");
                return Err(raised(machine, "FieldError", message));
            }
            super::instance::check_type(machine, &rel, value)?;
            let Value::Instance(target) = value else {
                let message = format!("'NoneType' object has no attribute '{}'", rel.other.0);
                return Err(raise("AttributeError", message));
            };
            let key = target.get(&rel.other.0).unwrap_or(Value::None);
            return Ok((rel.own.1, Expr::Param(to_cell(None, &key).unwrap_or(Cell::Null))));
        }
        let Some(field) = shape::column(&self.model, name) else {
            let message = format!(
                "Unknown keyword argument {name} for model <class '{}.{}'>",
                "models", self.model.name
            );
            return Err(raised(machine, "FieldError", message));
        };
        if field.primary_key {
            let message = format!("Field {name} is PK and can not be updated");
            return Err(raised(machine, "IntegrityError", message));
        }
        let expr = match node_of(value) {
            Node::Value(value) => Expr::Param(encode::to_db(machine, field, &value)?),
            node => {
                let mut joins = super::compile::Joins::default();
                self.context().resolve(machine, &node, &mut joins)?.expr
            }
        };
        Ok((field.column.clone(), expr))
    }

    fn delete(&self, machine: &mut Machine) -> Outcome {
        let build = self.filters_only(machine)?;
        let table = Source::table(&self.model.table, None);
        let delete = Delete { table, condition: self.told(&build) };
        // Tortoise counts what SQLite changed in all tables: what a deletion takes with it, too.
        let before = self.dependants();
        let reply = send(machine, &self.world, Writer::new(&STYLE).delete(&delete))?;
        let taken = before - self.dependants();
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX) + taken))
    }
}

impl QuerySet {
    /// How many rows point at those of this model, over any number of tables: the sum of those tables' rows, and of their keys
    /// that a deletion only empties.
    fn dependants(&self) -> i64 {
        let world = &self.world;
        let mut reached = vec![self.model.name.clone()];
        let mut asked: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(name) = reached.get(at).cloned() {
            at += 1;
            for source in &world.models {
                for relation in &source.relations {
                    let ends_here = relation.target == name;
                    let sql = match (&relation.through, &relation.key) {
                        (Some(through), _) if ends_here || source.name == name => {
                            format!("SELECT COUNT(*) FROM \"{}\"", through.table)
                        }
                        (None, Some(key))
                            if ends_here && relation.on_delete.as_deref() == Some("SET NULL") =>
                        {
                            format!("SELECT COUNT(\"{}\") FROM \"{}\"", key.column, source.table)
                        }
                        (None, Some(_)) if ends_here && !reached.contains(&source.name) => {
                            reached.push(source.name.clone());
                            format!("SELECT COUNT(*) FROM \"{}\"", source.table)
                        }
                        _ => continue,
                    };
                    if !asked.contains(&sql) {
                        asked.push(sql);
                    }
                }
            }
        }
        asked.iter().map(|sql| self.number(sql)).sum()
    }

    fn number(&self, sql: &str) -> i64 {
        let reply = self.world.send_quietly(sql).ok();
        match reply.and_then(|reply| reply.rows.into_iter().next()?.into_iter().next()) {
            Some(Cell::Int(number)) => number,
            _ => 0,
        }
    }
}

/// Whether Python takes a value of a row for true.
fn truthy(cell: &Cell) -> bool {
    match cell {
        Cell::Null => false,
        Cell::Bool(yes) => *yes,
        Cell::Int(number) => *number != 0,
        Cell::Float(number) => *number != 0.0,
        Cell::Text(text) => !text.is_empty(),
        Cell::Bytes(bytes) => !bytes.is_empty(),
        // SQLite keeps these as text.
        Cell::Decimal(_) | Cell::Date(_) | Cell::Time(_) | Cell::Timestamp(_) | Cell::Uuid(_) => {
            true
        }
    }
}
