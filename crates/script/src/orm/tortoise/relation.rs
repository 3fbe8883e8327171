//! `author.books`, `user.roles`: relations to many rows.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::{key_of, with_state};
use super::methods::filtered;
use super::queryset::QuerySet;
use super::shape::{Keys, Rel, Side};
use super::{STYLE, coroutine, encode, raised, send};
use crate::Machine;
use crate::eval::raise;
use crate::orm::hashed;
use crate::sql::{Delete, Expr, Insert, Is, Select, Source, Writer};
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::World;

/// A relation of an instance.
#[derive(Clone)]
pub(super) struct RelatedRows {
    pub(super) world: Rc<World>,
    pub(super) instance: Rc<Instance>,
    pub(super) rel: Rel,
}

const NOT_FETCHED: &str = "No values were fetched for this relation, first use .fetch_related()";

const NOT_SAVED: &str =
    "This objects hasn't been instanced, call .save() before calling related queries";

/// A column of a through table. What no column is called SQLite reads as text, where no table stands before it;
/// no key is equal to that.
pub(super) fn through_column(world: &World, table: &str, column: &str) -> Expr {
    let of = world.models.iter().find(|model| *model.table == *table);
    let known = of.is_none_or(|of| of.fields.iter().any(|field| *field.column == *column));
    if known {
        Expr::Column(None, column.into())
    } else {
        Expr::Raw(format!("'{}'", column.replace('\'', "''")))
    }
}

impl RelatedRows {
    pub(super) fn class_name(&self) -> &'static str {
        if self.rel.side == Side::Many { "ManyToManyRelation" } else { "ReverseRelation" }
    }

    /// The rows that were fetched.
    pub(super) fn fetched(&self) -> Option<Vec<Value>> {
        let name = &self.rel.name;
        with_state(&self.instance, |state| state.fetched.get(name).cloned()).flatten()
    }

    fn saved(&self) -> bool {
        with_state(&self.instance, |state| state.saved).unwrap_or(false)
    }

    fn rows(&self, machine: &mut Machine) -> Outcome<Vec<Value>> {
        self.fetched().ok_or_else(|| raised(machine, "NoValuesFetched", NOT_FETCHED))
    }

    /// The query behind it.
    fn query(&self, machine: &mut Machine) -> Outcome<QuerySet> {
        if !self.saved() {
            return Err(raised(machine, "OperationalError", NOT_SAVED));
        }
        let set = QuerySet::all(&self.world, &self.rel.target);
        let held = self.instance.get(&self.rel.own.0).unwrap_or(Value::None);
        Ok(match &self.rel.through {
            Some(keys) => set.whose(&keys.back, held),
            None => set.whose(&self.rel.other.0, held),
        })
    }

    fn create(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        if !self.saved() {
            return Err(raised(machine, "OperationalError", NOT_SAVED));
        }
        args.take("using_db");
        let held = self.instance.get(&self.rel.own.0).unwrap_or(Value::None);
        let name = match &self.rel.through {
            Some(keys) => keys.back.clone(),
            None => self.rel.other.0.clone(),
        };
        args.keywords.retain(|(known, _)| *known != name);
        args.keywords.push((name, held));
        super::save::create(machine, &self.world, self.rel.target.at, args)
    }

    /// The keys of instances, as their models encode them.
    fn keys(&self, machine: &mut Machine, rows: &[Value], saved: Saved) -> Outcome<Vec<Expr>> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        if key_of(&self.world, first).is_none() {
            let name = match first {
                Value::Class(_) => "type".into(),
                other => other.type_name(),
            };
            let message = format!("type object '{name}' has no attribute '_meta'");
            return Err(raise("AttributeError", message));
        }
        let mut out = Vec::new();
        for row in rows {
            let stored = match row {
                Value::Instance(instance) => with_state(instance, |state| state.saved),
                _ => None,
            };
            let Some(stored) = stored else {
                let message = format!("'{}' object has no attribute 'pk'", row.type_name());
                return Err(raise("AttributeError", message));
            };
            if saved == Saved::Needed && !stored {
                let shown = machine.str(row)?;
                let message = format!("You should first call .save() on {shown}");
                return Err(raised(machine, "OperationalError", message));
            }
            let key = key_of(&self.world, row).unwrap_or(Value::None);
            let cell = match self.rel.target.key() {
                Some(field) => encode::cell(machine, &field.ty, &key)?,
                None => crate::database::Cell::Null,
            };
            out.push(Expr::Param(cell));
        }
        Ok(out)
    }

    fn own_key(&self, machine: &mut Machine) -> Outcome<Expr> {
        let held = self.instance.get(&self.rel.own.0).unwrap_or(Value::None);
        let model = self.world.model_of(&self.instance.class).and_then(|at| self.world.model(at));
        let field = model.and_then(|model| model.key());
        Ok(Expr::Param(match field {
            Some(field) => encode::cell(machine, &field.ty, &held)?,
            None => crate::database::Cell::Null,
        }))
    }

    /// `near = this AND far = that`
    fn pairs(&self, keys: &Keys, own: &Expr, far: &[Expr]) -> Expr {
        let near = through_column(&self.world, &keys.table, &keys.near);
        if matches!(near, Expr::Raw(_)) {
            return Expr::Or(Vec::new());
        }
        let here = Expr::binary("=", near, own.clone());
        let column = through_column(&self.world, &keys.table, &keys.far);
        match far {
            [] => here,
            _ if matches!(column, Expr::Raw(_)) => Expr::Or(Vec::new()),
            [one] => Expr::And(vec![here, Expr::binary("=", column, one.clone())]),
            many => Expr::And(vec![here, Expr::In(Box::new(column), many.to_vec(), Is::So)]),
        }
    }

    fn add(&self, machine: &mut Machine, rows: &[Value]) -> Outcome {
        let Some(keys) = &self.rel.through else { return Ok(Value::None) };
        if rows.is_empty() {
            return Ok(Value::None);
        }
        if !self.saved() {
            let shown = machine.str(&Value::Instance(self.instance.clone()))?;
            let message = format!("You should first call .save() on {shown}");
            return Err(raised(machine, "OperationalError", message));
        }
        let far = self.keys(machine, rows, Saved::Needed)?;
        let own = self.own_key(machine)?;
        let select = Select {
            columns: vec![(through_column(&self.world, &keys.table, &keys.far), None)],
            from: vec![Source::table(&keys.table, None)],
            condition: Some(self.pairs(keys, &own, &far)),
            ..Select::default()
        };
        let reply = send(machine, &self.world, Writer::new(&STYLE).select(&select))?;
        let known: Vec<Expr> =
            reply.rows.iter().filter_map(|row| row.first().cloned()).map(Expr::Param).gather();
        // Keys that are not of the usual kinds stay in their order.
        let hashed = far.iter().enumerate().map(|(at, key)| {
            let hash = match key {
                Expr::Param(cell) => hashed::hash_of(cell),
                _ => None,
            };
            (hash.unwrap_or(at as u64), key.clone())
        });
        let wanted = hashed::difference(hashed, &known);
        if wanted.is_empty() {
            return Ok(Value::None);
        }
        let insert = Insert {
            verb: "INSERT",
            table: keys.table.clone(),
            columns: vec![keys.far.clone(), keys.near.clone()],
            rows: wanted.into_iter().map(|key| vec![key, own.clone()]).gather(),
            ..Insert::default()
        };
        send(machine, &self.world, Writer::new(&STYLE).insert(&insert))?;
        Ok(Value::None)
    }

    fn remove(&self, machine: &mut Machine, rows: &[Value]) -> Outcome {
        let Some(keys) = &self.rel.through else { return Ok(Value::None) };
        let far = self.keys(machine, rows, Saved::Or)?;
        let own = self.own_key(machine)?;
        let delete = Delete {
            table: Source::table(&keys.table, None),
            condition: Some(self.pairs(keys, &own, &far)),
        };
        send(machine, &self.world, Writer::new(&STYLE).delete(&delete))?;
        Ok(Value::None)
    }
}

/// Whether rows must be in the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Saved {
    Needed,
    Or,
}

impl Object for RelatedRows {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.class_name(), "tortoise.fields.relational", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let many = self.rel.side == Side::Many;
        let own = self.clone();
        Ok(Some(match name {
            "related_objects" => Value::list(self.fetched().unwrap_or_default()),
            "filter" => Value::native("filter", move |machine, args| {
                filtered(&own.query(machine)?, args, false).map(QuerySet::value)
            }),
            "all" => {
                Value::native("all", move |machine, _| own.query(machine).map(QuerySet::value))
            }
            "order_by" | "limit" | "offset" => {
                let set = Rc::new(self.query(machine)?);
                return set.attribute(machine, name);
            }
            "create" => Value::native("create", move |_, args| {
                let own = own.clone();
                Ok(coroutine::later(move |machine| own.create(machine, args)))
            }),
            "add" if many => Value::native("add", move |_, args| {
                let own = own.clone();
                Ok(coroutine::later(move |machine| own.add(machine, &args.positional)))
            }),
            "remove" if many => Value::native("remove", move |_, args| {
                let own = own.clone();
                Ok(coroutine::later(move |machine| {
                    if args.positional.is_empty() {
                        let message = "remove() called on no instances";
                        return Err(raised(machine, "OperationalError", message));
                    }
                    own.remove(machine, &args.positional)
                }))
            }),
            "clear" if many => Value::native("clear", move |_, _| {
                let own = own.clone();
                Ok(coroutine::later(move |machine| own.remove(machine, &[])))
            }),
            _ => return Ok(None),
        }))
    }

    fn wait(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.query(machine)?.run(machine).map(Some)
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.rows(machine).map(|rows| Some(Value::list(rows)))
    }

    fn iterate_async(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        if self.fetched().is_none() {
            let rows = self.query(machine)?.run(machine)?;
            let rows = machine.list_of(&rows)?;
            let name = self.rel.name.clone();
            with_state(&self.instance, |state| state.fetched.insert(name, rows));
        }
        self.rows(machine).map(|rows| Some(Value::list(rows)))
    }

    fn len(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<usize>> {
        self.rows(machine).map(|rows| Some(rows.len()))
    }

    fn truth(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<bool>> {
        self.rows(machine).map(|rows| Some(!rows.is_empty()))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let rows = Value::list(self.rows(machine)?);
        machine.item(&rows, key).map(Some)
    }

    fn contains(self: Rc<Self>, machine: &mut Machine, item: &Value) -> Outcome<Option<bool>> {
        let rows = Value::list(self.rows(machine)?);
        machine.contains(&rows, item).map(Some)
    }
}
