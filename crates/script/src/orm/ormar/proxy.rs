//! A relation's list: what is loaded, and a query set of what is not.

use std::any::Any;
use std::rc::Rc;

use super::exceptions::{gone, is, raise as raise_own};
use super::link::{Kind, Link, Own, Via, link};
use super::make::make;
use super::methods::{list, method, narrowing, with_defaults};
use super::queryset::QuerySet;
use super::save;
use super::state::{counted, dangles, forget, held, hold, key_of, push, relate, same, shown};
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::orm::awaitable::later;
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::World;

/// `ann.books`
#[derive(Clone)]
pub(super) struct Proxy {
    world: Rc<World>,
    owner: Rc<Instance>,
    relation: Link,
    /// What has been narrowed already: then it is no list any more.
    set: Option<QuerySet>,
}

type Run = fn(&Proxy, &mut Machine, Args) -> Outcome;

/// What is awaited and does otherwise than a query set.
const AWAITED: &[(&str, Run)] = &[
    ("add", |proxy, machine, args| proxy.add(machine, args)),
    ("remove", |proxy, machine, args| proxy.remove(machine, args)),
    ("clear", |proxy, machine, args| proxy.clear(machine, args)),
    ("create", |proxy, machine, args| proxy.create(machine, args)),
    ("update", |proxy, machine, args| proxy.update(machine, args)),
    ("get_or_create", |proxy, machine, mut args| {
        let defaults = args.take("_defaults");
        match proxy.loaded(machine, "get", args.clone()) {
            Ok(found) => Ok(Value::tuple(vec![found, Value::Bool(false)])),
            Err(raised) if is(machine, &raised, "NoMatch") => {
                let keywords = with_defaults(machine, args.keywords, defaults)?;
                let made = proxy.create(machine, Args { positional: Vec::new(), keywords })?;
                Ok(Value::tuple(vec![made, Value::Bool(true)]))
            }
            Err(raised) => Err(raised),
        }
    }),
    ("update_or_create", |proxy, machine, mut args| {
        // One with a key is updated, whatever it is related to.
        let model = proxy.world.model(proxy.relation.target).cloned();
        let key = model.as_ref().and_then(|model| model.key()).map(|key| key.name.clone());
        let key = args.take("pk").or_else(|| key.and_then(|key| args.take(&key)));
        match key {
            Some(key) if !key.is_none() => {
                let mut narrow = Args::default();
                narrow.keywords.push(("pk".into(), key.clone()));
                match proxy.query(machine)?.filter(machine, narrow)?.get(machine) {
                    Ok(Value::Instance(found)) => save::update(machine, &proxy.world, &found, args),
                    Err(raised) if is(machine, &raised, "NoMatch") => {
                        args.keywords.push(("pk".into(), key));
                        proxy.create(machine, args)
                    }
                    other => other,
                }
            }
            _ => proxy.create(machine, args),
        }
    }),
    ("all", |proxy, machine, args| proxy.loaded(machine, "all", args)),
    ("get", |proxy, machine, args| proxy.loaded(machine, "get", args)),
    ("first", |proxy, machine, args| proxy.loaded(machine, "first", args)),
    ("last", |proxy, machine, args| proxy.loaded(machine, "last", args)),
    ("get_or_none", |proxy, machine, args| match proxy.loaded(machine, "get", args) {
        Err(raised) if is(machine, &raised, "NoMatch") => Ok(Value::None),
        other => other,
    }),
    ("first_or_none", |proxy, machine, args| proxy.loaded(machine, "first_or_none", args)),
    ("last_or_none", |proxy, machine, args| proxy.loaded(machine, "last_or_none", args)),
];

impl Proxy {
    pub(super) fn new(world: Rc<World>, owner: Rc<Instance>, relation: Link) -> Self {
        Self { world, owner, relation, set: None }
    }

    fn items(&self) -> Vec<Rc<Instance>> {
        held(&self.owner, &self.relation.name)
    }

    fn saved(&self, machine: &mut Machine) -> Outcome<()> {
        if machine.truth(&key_of(&self.world, &self.owner))? {
            return Ok(());
        }
        let message = "You cannot query relationships from unsaved model.";
        Err(raise_own(machine, "RelationshipInstanceError", message))
    }

    /// The query set of the related rows.
    fn query(&self, machine: &mut Machine) -> Outcome<QuerySet> {
        if let Some(set) = &self.set {
            return Ok(set.clone());
        }
        self.saved(machine)?;
        let mut set = QuerySet::new(self.world.clone(), self.relation.target);
        let model = self.world.model_of(&self.owner.class);
        set.source = model;
        set.related = vec![self.relation.related.to_string()];
        let key = model.and_then(|at| self.world.model(at)).and_then(|model| model.key());
        let key = key.map(|key| key.column.clone()).unwrap_or_default();
        let condition = format!("{}__{key}", self.relation.related);
        let value = key_of(&self.world, &self.owner);
        set.filter(
            machine,
            Args { positional: Vec::new(), keywords: vec![(condition.into(), value)] },
        )
    }

    /// Asks, and puts what was found in the place of what was loaded.
    fn loaded(&self, machine: &mut Machine, name: &str, args: Args) -> Outcome {
        let set = self.query(machine)?;
        let Some(run) = method(&set, name) else { return Ok(Value::None) };
        let asked = machine.call(&run, args)?;
        let found = machine.wait(&asked)?;
        let items = match &found {
            Value::List(items) => items.borrow().clone(),
            Value::None => Vec::new(),
            one => vec![one.clone()],
        };
        hold(&self.owner, &self.relation.name, Vec::new());
        for item in items {
            if let Value::Instance(item) = item {
                relate(machine, &self.world, &self.owner, &self.relation, &item)?;
            }
        }
        Ok(found)
    }

    fn pair(&self, via: &Via, item: &Rc<Instance>) -> Vec<(Rc<str>, Value)> {
        let (near, far) = match via.own {
            Own::No | Own::Declared => (&via.near, &via.far),
            Own::Reverse => (&via.far, &via.near),
        };
        vec![
            (near.clone(), key_of(&self.world, &self.owner)),
            (far.clone(), key_of(&self.world, item)),
        ]
    }

    /// Inserts the row that joins the two.
    fn link(
        &self,
        machine: &mut Machine,
        via: &Via,
        item: &Rc<Instance>,
        more: Vec<(Rc<str>, Value)>,
    ) -> Outcome<()> {
        if key_of(&self.world, item).is_none() {
            let message = format!(
                "You cannot save {} model without primary key set! \nSave the child model first.",
                item.class.name.to_lowercase()
            );
            return Err(raise_own(machine, "ModelPersistenceError", &message));
        }
        let mut given = self.pair(via, item);
        for (name, value) in more {
            given.retain(|(known, _)| *known != name);
            given.push((name, value));
        }
        let row = make(machine, &self.world, via.model, given, &[])?;
        save::insert(machine, &self.world, &row)
    }

    /// Gives the row that joins the two its values, or makes it: `upsert_through_instance`.
    pub(super) fn joined(&self, machine: &mut Machine, item: &Rc<Instance>) -> Outcome<()> {
        let Some(via) = &self.relation.via else { return Ok(()) };
        let name = self.world.model(via.model).map(|model| model.name.to_lowercase());
        let through = held(item, &name.unwrap_or_default()).into_iter().next();
        let mut more = Vec::new();
        if let (Some(through), Some(model)) = (through, self.world.model(via.model)) {
            for field in model.fields.iter().filter(|field| !field.relation) {
                more.push((field.name.clone(), through.get(&field.name).unwrap_or(Value::None)));
            }
        }
        match self.joining(machine, via, item) {
            Ok(row) => {
                let args = Args { positional: Vec::new(), keywords: more };
                save::update(machine, &self.world, &row, args).map(|_| ())
            }
            Err(raised) if is(machine, &raised, "NoMatch") => self.link(machine, via, item, more),
            Err(raised) => Err(raised),
        }
    }

    /// The row that joins the two.
    fn joining(
        &self,
        machine: &mut Machine,
        via: &Via,
        item: &Rc<Instance>,
    ) -> Outcome<Rc<Instance>> {
        let set = QuerySet::new(self.world.clone(), via.model);
        let args = Args { positional: Vec::new(), keywords: self.pair(via, item) };
        match set.filter(machine, args)?.get(machine)? {
            Value::Instance(row) => Ok(row),
            _ => Err(raise_own(machine, "NoMatch", "")),
        }
    }

    fn instance(value: &Value) -> Outcome<Rc<Instance>> {
        match value {
            Value::Instance(item) => Ok(item.clone()),
            other => Err(raise(
                "AttributeError",
                format!("'{}' object has no attribute 'pk'", other.type_name()),
            )),
        }
    }

    fn add(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let given = args.take("item").or_else(|| args.positional.first().cloned());
        self.saved(machine)?;
        let item = Self::instance(&given.unwrap_or(Value::None))?;
        match &self.relation.via {
            Some(via) => {
                self.link(machine, via, &item, args.keywords)?;
                relate(machine, &self.world, &self.owner, &self.relation, &item)?;
            }
            None => {
                if let Some(back) = link(&self.world, self.relation.target, &self.relation.related)
                {
                    relate(machine, &self.world, &item, &back, &self.owner)?;
                }
                save::upsert(machine, &self.world, &item, Args::default())?;
            }
        }
        Ok(Value::None)
    }

    fn remove(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let keep = args.take("keep_reversed").or_else(|| args.positional.get(1).cloned());
        let keep = machine.truth(&keep.unwrap_or(Value::Bool(true)))?;
        let given = args.take("item").or_else(|| args.positional.first().cloned());
        let item = Self::instance(&given.unwrap_or(Value::None))?;
        let mut known = false;
        for each in self.items() {
            known |= same(machine, &self.world, &each, &item)?;
        }
        if !known {
            let message = format!(
                "Object {} has no {} with given primary key!",
                self.owner.class.name.to_lowercase(),
                item.class.name.to_lowercase()
            );
            return Err(raise_own(machine, "NoMatch", &message));
        }
        forget(machine, &self.world, &self.owner, &self.relation.name, &item)?;
        forget(machine, &self.world, &item, &self.relation.related, &self.owner)?;
        match &self.relation.via {
            Some(via) => {
                let row = self.joining(machine, via, &item)?;
                save::delete(machine, &self.world, &row)?;
            }
            None if keep => {
                hold(&item, &self.relation.related, Vec::new());
                save::update(machine, &self.world, &item, Args::default())?;
            }
            None => {
                save::delete(machine, &self.world, &item)?;
            }
        }
        Ok(Value::None)
    }

    fn clear(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        self.saved(machine)?;
        let keep = args.take("keep_reversed").or_else(|| args.positional.first().cloned());
        let keep = machine.truth(&keep.unwrap_or(Value::Bool(true)))?;
        hold(&self.owner, &self.relation.name, Vec::new());
        let (of, column): (usize, Rc<str>) = match &self.relation.via {
            // ormar takes the owner's name for the column, whatever the column's name is.
            Some(via) => (via.model, self.owner.class.name.to_lowercase().into()),
            None => (self.relation.target, self.relation.related.clone()),
        };
        let owner = key_of(&self.world, &self.owner);
        let args = Args { positional: Vec::new(), keywords: vec![(column.clone(), owner)] };
        let set = QuerySet::new(self.world.clone(), of).filter(machine, args)?;
        if keep && self.relation.kind == Kind::Reverse {
            let keywords = vec![(column, Value::None)];
            return set.update(machine, Args { positional: Vec::new(), keywords });
        }
        set.delete(machine, Args::default())
    }

    fn through_values(
        &self,
        machine: &mut Machine,
        args: &mut Args,
    ) -> Outcome<Vec<(Rc<str>, Value)>> {
        let model = self.relation.via.as_ref().and_then(|via| self.world.model(via.model));
        let given = model.and_then(|model| args.take(&model.name.to_lowercase()));
        with_defaults(machine, Vec::new(), given)
    }

    fn create(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let more = self.through_values(machine, &mut args)?;
        let set = self.query(machine)?;
        if self.relation.kind == Kind::Reverse {
            let owner = Value::Instance(self.owner.clone());
            args.keywords.push((self.relation.related.clone(), owner));
        }
        let made = set.create(machine, args)?;
        if let Value::Instance(item) = &made {
            relate(machine, &self.world, &self.owner, &self.relation, item)?;
            if let Some(via) = &self.relation.via {
                self.link(machine, via, item, more)?;
            }
        }
        Ok(made)
    }

    fn update(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let each = args.take("each").or_else(|| args.positional.first().cloned());
        let each = machine.truth(&each.unwrap_or(Value::None))?;
        let set = self.query(machine)?;
        if !each && set.filters.len() + set.excludes.len() == 1 {
            return Err(raise_own(
                machine,
                "QueryDefinitionError",
                "You cannot update without filtering the queryset first. If you want to update all rows use update(each=True, **kwargs)",
            ));
        }
        let more = self.through_values(machine, &mut args)?;
        args.positional.clear();
        let children = set.all(machine)?;
        for child in &children {
            save::update(machine, &self.world, child, args.clone())?;
            if let (Some(via), false) = (&self.relation.via, more.is_empty()) {
                let row = self.joining(machine, via, child)?;
                let values = Args { positional: Vec::new(), keywords: more.clone() };
                save::update(machine, &self.world, &row, values)?;
            }
        }
        Ok(Value::from(children.len()))
    }
}

impl Object for Proxy {
    fn class(&self) -> Rc<Class> {
        let name = if self.set.is_some() { "QuerysetProxy" } else { "RelationProxy" };
        Rc::new(Class::new(name, "ormar.relations", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let Some((name, run)) = narrowing(name) {
            return Ok(Some(Value::native(name, move |machine, args| {
                let set = run(&self.query(machine)?, machine, args)?;
                Ok(Value::Object(Rc::new(Self { set: Some(set), ..(*self).clone() })))
            })));
        }
        if let Some((name, run)) = AWAITED.iter().find(|(known, _)| *known == name).copied() {
            return Ok(Some(Value::native(name, move |_, args| {
                let proxy = self.clone();
                Ok(later(move |machine| run(&proxy, machine, args)))
            })));
        }
        match (name, &self.set) {
            ("append", None) => Ok(Some(Value::native("append", move |_, args| {
                let item = Self::instance(&args.only("append")?)?;
                push(&self.owner, &self.relation.name, &item);
                Ok(Value::None)
            }))),
            (
                "count" | "exists" | "max" | "min" | "sum" | "avg" | "values" | "values_list"
                | "iterate" | "delete",
                _,
            ) => {
                let set = self.query(machine)?;
                Ok(if name == "delete" { None } else { method(&set, name) })
            }
            ("index" | "pop" | "sort" | "reverse" | "extend" | "insert", _) => {
                Err(refuse(format!("`{name}` of a relation's list is not supported here yet.")))
            }
            _ => Ok(None),
        }
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        if self.set.is_some() {
            return Ok(None);
        }
        if dangles(&self.owner, &self.relation.name) {
            return Err(gone(machine));
        }
        machine.iterate(&list(self.items())).map(|each| Some(Value::Iter(each)))
    }

    fn len(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<usize>> {
        Ok(self.set.is_none().then(|| counted(&self.owner, &self.relation.name)))
    }

    fn truth(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<bool>> {
        Ok(self.set.is_none().then(|| counted(&self.owner, &self.relation.name) > 0))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        match &self.set {
            Some(set) => {
                let set = Some(set.sliced(machine, key)?);
                Ok(Some(Value::Object(Rc::new(Self { set, ..(*self).clone() }))))
            }
            None => machine.item(&list(self.items()), key).map(Some),
        }
    }

    fn contains(self: Rc<Self>, machine: &mut Machine, item: &Value) -> Outcome<Option<bool>> {
        machine.contains(&list(self.items()), item).map(Some)
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let items = Value::list(shown(&self.owner, &self.relation.name));
        machine.deeper(|machine| machine.repr(&items)).map(Some)
    }

    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        _: crate::value::Side,
    ) -> Outcome<Option<Value>> {
        if op != "==" {
            return Ok(None);
        }
        let other = match other {
            Value::Object(object) if object.any().is::<Self>() => {
                Value::list(machine.list_of(other)?)
            }
            other => other.clone(),
        };
        Ok(Some(Value::Bool(machine.equal(&list(self.items()), &other)?)))
    }
}
