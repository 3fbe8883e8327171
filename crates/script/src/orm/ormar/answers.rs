//! What ends a query set: rows, one row, counts, changes.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::clause::assigned;
use super::compile::Compiled;
use super::exceptions::{is, raise as raise_own};
use super::queryset::{Order, QuerySet};
use super::save::cell;
use super::{Ormar, STYLE, prefetch, save, send};
use crate::Machine;
use crate::database::{Cell, DatabaseError, ErrorKind, Reply, Sent};
use crate::eval::{raise, refuse};
use crate::orm::Runtime;
use crate::sql::{Delete, Expr, Select, Source, Update, What, Writer};
use crate::value::{Args, Dict, Instance, Outcome, Value};
use crate::world::to_value;

impl QuerySet {
    /// Sends its SELECT.
    pub(super) fn fetched(
        &self,
        machine: &mut Machine,
        limit: Option<i64>,
        orders: &[Order],
    ) -> Outcome<(Compiled, Reply)> {
        let compiled = self.compiled_with(machine, limit, orders)?;
        let sent = Writer::new(&STYLE).select(&compiled.select);
        let reply = self.ask(machine, &compiled, sent)?;
        Ok((compiled, reply))
    }

    fn ask(&self, machine: &mut Machine, compiled: &Compiled, sent: Sent) -> Outcome<Reply> {
        if let Some(word) = &compiled.broken {
            // SQLite would not take the statement: ormar has not quoted a reserved word.
            self.world.log_sent(sent);
            let message = format!("near \"{word}\": syntax error");
            let error = DatabaseError { kind: ErrorKind::Operational, message };
            return Err(Ormar.database_error(machine, &self.world, &error));
        }
        send(machine, &self.world, sent)
    }

    fn found(
        &self,
        machine: &mut Machine,
        limit: Option<i64>,
        orders: &[Order],
    ) -> Outcome<Vec<Rc<Instance>>> {
        let (compiled, reply) = self.fetched(machine, limit, orders)?;
        let found = self.instances(machine, &compiled, &reply.rows)?;
        if !self.prefetch.is_empty() && !found.is_empty() {
            prefetch::prefetch(machine, self, &found)?;
        }
        Ok(found)
    }

    pub(super) fn all(&self, machine: &mut Machine) -> Outcome<Vec<Rc<Instance>>> {
        let mut found = self.found(machine, self.limit, &self.orders)?;
        if self.reversed {
            found.reverse();
        }
        Ok(found)
    }

    fn by_key(&self, descending: bool) -> Outcome<Vec<Order>> {
        if self.orders.iter().any(|order| order.own) {
            return Ok(Vec::new());
        }
        let model = self.own()?;
        let name = model.key().map(|key| key.name.to_string()).unwrap_or_default();
        let order = self.order(&name)?;
        Ok(vec![if descending { order.flipped() } else { order }])
    }

    /// `get()`: without conditions the last row by its key.
    pub(super) fn get(&self, machine: &mut Machine) -> Outcome {
        let found = if self.filters.is_empty() {
            let mut orders = self.by_key(true)?;
            orders.extend(self.orders.iter().cloned());
            self.found(machine, Some(1), &orders)?
        } else {
            self.all(machine)?
        };
        only(machine, &found)
    }

    pub(super) fn first(&self, machine: &mut Machine) -> Outcome {
        let mut orders = self.by_key(false)?;
        orders.extend(self.orders.iter().cloned());
        let found = self.found(machine, Some(1), &orders)?;
        only(machine, &found)
    }

    pub(super) fn last(&self, machine: &mut Machine) -> Outcome {
        let mut orders = self.by_key(true)?;
        orders.extend(self.orders.iter().map(Order::flipped));
        let found = self.found(machine, Some(1), &orders)?;
        only(machine, &found)
    }

    fn counted(&self, machine: &mut Machine, select: Select, compiled: &Compiled) -> Outcome<Cell> {
        let reply = self.ask(machine, compiled, Writer::new(&STYLE).select(&select))?;
        Ok(reply
            .rows
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next())
            .unwrap_or(Cell::Null))
    }

    /// `count(distinct=True)`
    pub(super) fn count(&self, machine: &mut Machine, distinct: bool) -> Outcome {
        let mut compiled = self.compiled(machine)?;
        let key = self.own()?.key().map(|key| key.column.clone()).unwrap_or_default();
        let star = |name: &str| (Expr::call("count", vec![Expr::Star]), Some(name.into()));
        let inner = std::mem::take(&mut compiled.select);
        let from = |select: Select, alias: &str| {
            vec![Source { what: What::Select(Box::new(select)), alias: Some(alias.into()) }]
        };
        let mut select = Select {
            columns: vec![star(if distinct { "count_2" } else { "count_1" })],
            from: from(inner, "subquery_for_count"),
            ..Select::default()
        };
        if distinct {
            select.group_by = vec![Expr::column("subquery_for_count", &key)];
            select = Select {
                columns: vec![star("count_1")],
                from: from(select, "subquery_for_group"),
                ..Select::default()
            };
        }
        let count = self.counted(machine, select, &compiled)?;
        Ok(to_value(None, &count))
    }

    pub(super) fn exists(&self, machine: &mut Machine) -> Outcome {
        let mut compiled = self.compiled(machine)?;
        let inner = std::mem::take(&mut compiled.select);
        let select = Select {
            columns: vec![(Expr::Exists(Box::new(inner)), Some("anon_1".into()))],
            ..Select::default()
        };
        let found = self.counted(machine, select, &compiled)?;
        Ok(Value::Bool(matches!(found, Cell::Bool(true)) || matches!(found, Cell::Int(1..))))
    }

    /// `max`, `min`, `sum`, `avg`
    pub(super) fn aggregate(
        &self,
        machine: &mut Machine,
        function: &'static str,
        names: &[String],
    ) -> Outcome {
        use throughline_core::document::ColumnType;
        let mut compiled = self.compiled(machine)?;
        let mut columns = Vec::new();
        for name in names {
            let target = self.order(name)?.target;
            let at = compiled.columns.iter().position(|column| {
                column.table == target.table() && *column.field == *target.field
            });
            let Some(((_, alias), column)) = at
                .and_then(|at| Some((compiled.select.columns.get(at)?, compiled.columns.get(at)?)))
            else {
                return Err(raise_own(
                    machine,
                    "QueryDefinitionError",
                    "You can use aggregate functions only on existing columns of the target model",
                ));
            };
            let ty = self.world.model(column.model).and_then(|model| model.field(&column.field));
            let ty = ty.map(|field| field.ty.clone());
            let text = matches!(
                ty,
                Some(
                    ColumnType::Varchar(_)
                        | ColumnType::Text
                        | ColumnType::Char(_)
                        | ColumnType::Date
                        | ColumnType::DateTime
                        | ColumnType::Time
                        | ColumnType::Boolean
                        | ColumnType::Uuid
                        | ColumnType::Json
                )
            );
            if matches!(function, "sum" | "avg") && text {
                return Err(raise_own(
                    machine,
                    "QueryDefinitionError",
                    "You can use sum and svg only with numeric types of columns",
                ));
            }
            let column = Expr::Column(None, alias.clone().unwrap_or_default());
            let ty = if matches!(function, "max" | "min") { ty } else { None };
            columns.push((Expr::call(function, vec![column]), name.clone(), ty));
        }
        let inner = std::mem::take(&mut compiled.select);
        let alias = format!("subquery_for_{function}");
        let select = Select {
            columns: columns
                .iter()
                .map(|(expr, name, _)| (expr.clone(), Some(name.as_str().into())))
                .gather(),
            from: vec![Source { what: What::Select(Box::new(inner)), alias: Some(alias.into()) }],
            ..Select::default()
        };
        let reply = self.ask(machine, &compiled, Writer::new(&STYLE).select(&select))?;
        let row = reply.rows.first().cloned().unwrap_or_default();
        let mut out = Dict::default();
        let mut only = Value::None;
        for ((_, name, ty), cell) in columns.iter().zip(&row) {
            only = to_value(ty.as_ref(), cell);
            out.set(name, only.clone());
        }
        Ok(if columns.len() > 1 { Value::dict(out) } else { only })
    }

    pub(super) fn create(&self, machine: &mut Machine, args: Args) -> Outcome {
        let made = super::make::make(machine, &self.world, self.model, args.keywords, &[])?;
        save::insert(machine, &self.world, &made)?;
        Ok(Value::Instance(made))
    }

    pub(super) fn update(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let each = args.take("each").or_else(|| args.positional.first().cloned());
        let each = machine.truth(&each.unwrap_or(Value::None))?;
        if !each && self.filters.is_empty() && self.excludes.is_empty() {
            return Err(raise_own(
                machine,
                "QueryDefinitionError",
                "You cannot update without filtering the queryset first. If you want to update all rows use update(each=True, **kwargs)",
            ));
        }
        let model = self.own()?;
        let mut set = Vec::new();
        for field in &model.fields {
            let Some((_, value)) = args.keywords.iter().find(|(name, _)| *name == field.name)
            else {
                continue;
            };
            if let Value::Instance(instance) = value
                && self.world.model_of(&instance.class).is_some()
            {
                // ormar hands the instance itself to the driver.
                let message = format!(
                    "(sqlite3.ProgrammingError) Error binding parameter {}: type '{}' is not supported",
                    set.len() + 1,
                    instance.class.name
                );
                let sql = format!("UPDATE {} SET {}=?", model.table, field.column);
                self.world.log_sent(Sent { sql, params: Vec::new() });
                let class = "ProgrammingError";
                return Err(super::exceptions::exception(
                    machine,
                    "sqlalchemy.exc",
                    class,
                    &message,
                ));
            }
            let value = assigned(machine, &self.world, self.model, &field.name, value)?;
            set.push((field.column.clone(), Expr::Param(cell(machine, field, &value)?)));
        }
        if set.is_empty() {
            return Err(refuse("An `update` that names no column is not supported here."));
        }
        let condition = self.condition_alone(machine)?;
        let update = Update { table: model.table.clone(), set, condition };
        let reply = send(machine, &self.world, Writer::new(&STYLE).update(&update))?;
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
    }

    pub(super) fn delete(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let each = args.take("each").unwrap_or(Value::None);
        if !args.keywords.is_empty() || !args.positional.is_empty() {
            return self.filter(machine, args)?.delete(machine, Args::default());
        }
        if !machine.truth(&each)? && self.filters.is_empty() && self.excludes.is_empty() {
            return Err(raise_own(
                machine,
                "QueryDefinitionError",
                "You cannot delete without filtering the queryset first. If you want to delete all rows use delete(each=True)",
            ));
        }
        let condition = self.condition_alone(machine)?;
        let delete = Delete { table: Source::table(&self.own()?.table, None), condition };
        let reply = send(machine, &self.world, Writer::new(&STYLE).delete(&delete))?;
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
    }

    pub(super) fn bulk_create(&self, machine: &mut Machine, args: Args) -> Outcome {
        let objects = args.positional.first().cloned().unwrap_or(Value::None);
        let instances: Vec<Rc<Instance>> = machine
            .list_of(&objects)?
            .into_iter()
            .filter_map(|object| match object {
                Value::Instance(instance) => Some(instance),
                _ => None,
            })
            .gather();
        if instances.is_empty() {
            return Err(raise_own(
                machine,
                "ModelListEmptyError",
                "Bulk create objects are empty!",
            ));
        }
        save::rows(machine, &self.world, &self.own()?, &instances, save::Keys::Unknown)?;
        Ok(Value::None)
    }

    /// `bulk_update(objects, columns=None)`: the same statement for each row.
    pub(super) fn bulk_update(&self, machine: &mut Machine, args: Args) -> Outcome {
        let [objects, columns] = args.bind("bulk_update", ["objects", "columns"], 1)?;
        let model = self.own()?;
        let mut instances = Vec::new();
        for object in machine.list_of(&objects.unwrap_or(Value::None))? {
            let Value::Instance(instance) = object else { continue };
            if super::state::key_of(&self.world, &instance).is_none() {
                let key = model.key().map(|key| key.name.clone()).unwrap_or_default();
                let message = format!(
                    "You cannot update unsaved objects. {} has to have {key} filled.",
                    model.name
                );
                return Err(raise_own(machine, "ModelPersistenceError", &message));
            }
            instances.push(instance);
        }
        if instances.is_empty() {
            return Err(raise_own(
                machine,
                "ModelListEmptyError",
                "Bulk update objects are empty!",
            ));
        }
        let keywords = columns.into_iter().map(|columns| ("_columns".into(), columns)).gather();
        let args = Args { positional: Vec::new(), keywords };
        // The driver takes all rows at once, so that it is one statement.
        let before = self.world.take_sent();
        let mut done = Ok(Value::None);
        for instance in &instances {
            done =
                save::update_as(machine, &self.world, instance, args.clone(), save::Json::Compact);
            if done.is_err() {
                break;
            }
        }
        let first = self.world.take_sent().into_iter().next();
        before.into_iter().chain(first).for_each(|sent| self.world.log_sent(sent));
        done.map(|_| Value::None)
    }

    /// `update_or_create(**values)`: by the key only.
    pub(super) fn update_or_create(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let model = self.own()?;
        let Some(key) = model.key() else { return Err(raise("LookupError", "no primary key")) };
        for (name, _) in &mut args.keywords {
            if &**name == "pk" {
                name.clone_from(&key.name);
            }
        }
        let given = args.keywords.iter().find(|(name, _)| *name == key.name);
        let Some((_, value)) = given.filter(|(_, value)| !value.is_none()) else {
            return self.create(machine, args);
        };
        let wanted = Args { positional: Vec::new(), keywords: vec![("pk".into(), value.clone())] };
        match self.filter(machine, wanted)?.get(machine) {
            Ok(Value::Instance(found)) => save::update(machine, &self.world, &found, args),
            Ok(other) => Ok(other),
            Err(raised) if is(machine, &raised, "NoMatch") => self.create(machine, args),
            Err(raised) => Err(raised),
        }
    }
}

/// The one that was found.
///
/// # Errors
/// `NoMatch`, `MultipleMatches`.
fn only(machine: &mut Machine, found: &[Rc<Instance>]) -> Outcome {
    match found {
        [] => Err(raise_own(machine, "NoMatch", "")),
        [only] => Ok(Value::Instance(only.clone())),
        _ => Err(raise_own(machine, "MultipleMatches", "")),
    }
}
