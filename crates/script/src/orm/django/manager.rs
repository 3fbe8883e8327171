//! `Model.objects`, and managers of the user's own.
//!
//! Follows `BaseManager` and `Options.managers` of Django 5.2.

use std::any::Any;
use std::rc::Rc;

use super::queryset::QuerySet;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Bound, Class, Hooks, Instance, Method, Object, Outcome, Value};
use crate::world::World;

/// A manager without anything of the user's: every call starts a new query set.
pub(super) struct Manager {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

/// What Django has on managers and query sets and scripts have not.
const INNER: &[&str] = &[
    "get_prefetch_querysets",
    "db_manager",
    "deconstruct",
    "check",
    "contribute_to_class",
    "auto_created",
    "use_in_migrations",
    "creation_counter",
];

/// Whether a name is one of those.
pub(super) fn is_inner(name: &str) -> bool {
    INNER.contains(&name) || name.starts_with('_') && !name.starts_with("__")
}

pub(super) fn inner(name: &str, of: &str) -> Box<crate::Raised> {
    refuse(format!("`{name}` of {of} is not supported here."))
}

impl Object for Manager {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Manager", "django.db.models.manager", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        // A manager has no `delete`: that would empty the table by mistake.
        if name == "delete" {
            return Ok(None);
        }
        let set = Rc::new(QuerySet::all(self.world.clone(), self.model));
        if name == "get_queryset" {
            return Ok(Some(Value::native("get_queryset", move |_, _| {
                Ok(Value::Object(set.clone()))
            })));
        }
        if is_inner(name) {
            return Err(inner(name, "a manager"));
        }
        set.attribute(machine, name)
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        let name = self
            .world
            .model(self.model)
            .map(|model| format!("{}.{}", model.app, model.name))
            .unwrap_or_default();
        Ok(Some(format!("{name}.objects")))
    }
}

/// Where a class of managers keeps the class of its query sets.
const SETS: &str = " queryset";

/// `models.Manager` as a class.
struct ManagerHooks {
    world: Rc<World>,
}

/// What a manager of the user's is bound to.
struct Of(usize);

/// `Manager` and `QuerySet`, to derive from.
pub(super) fn classes(world: &Rc<World>) -> [(&'static str, Rc<Class>); 2] {
    let mut manager = Class::new("Manager", "django.db.models.manager", &[]);
    manager.hooks = Some(Rc::new(ManagerHooks { world: world.clone() }));
    let manager = Rc::new(manager);
    let mut sets = Class::new("QuerySet", "django.db.models.query", &[]);
    sets.hooks = Some(Rc::new(SetHooks { world: world.clone(), manager: manager.clone() }));
    [("Manager", manager), ("QuerySet", Rc::new(sets))]
}

impl Hooks for ManagerHooks {
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let made = Value::Instance(Rc::new(Instance::new(class.clone())));
        if let Some(init @ Value::Function(_)) = class.get("__init__") {
            machine.call(&init, args.after(made.clone()))?;
        }
        Ok(Some(made))
    }

    fn class_attribute(
        &self,
        _: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        if name != "from_queryset" {
            return Ok(None);
        }
        let class = class.clone();
        Ok(Some(Value::native("from_queryset", move |_, mut args| {
            let named = args.take("class_name");
            let Some(Value::Class(sets)) = args.positional.first() else {
                return Err(raise("TypeError", "a class of query sets is needed"));
            };
            let name = format!("{}From{}", class.name, sets.name);
            let name = named.as_ref().and_then(Value::as_str).map_or(name, str::to_owned);
            Ok(Value::Class(with_sets(&class, &name, sets)))
        })))
    }

    fn derive(
        &self,
        _: &mut Machine,
        name: &str,
        parents: &[Rc<Class>],
        names: crate::value::Names,
    ) -> Outcome<Option<Rc<Class>>> {
        Ok(Some(as_written(name, parents, names)))
    }

    fn attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        if instance.class.get(name).is_some() || instance.get(name).is_some() {
            return Ok(None);
        }
        self.inherited(machine, instance, name)
    }

    fn inherited(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        if matches!(name, "__init__" | "__class__" | "delete" | "as_manager") {
            return Ok(None);
        }
        let Some(model) = model_of(instance) else { return Ok(None) };
        match name {
            "model" => return Ok(self.world.class(model).map(Value::Class)),
            "db" => return Ok(Some(Value::str("default"))),
            "_db" | "_hints" => return Ok(Some(Value::None)),
            "get_queryset" => {
                let set = Rc::new(plain_set(&self.world, model, &instance.class));
                return Ok(Some(Value::native("get_queryset", move |_, _| {
                    Ok(Value::Object(set.clone()))
                })));
            }
            _ if is_inner(name) => return Err(inner(name, "a manager")),
            _ => {}
        }
        let set = set_of(machine, &self.world, model, instance)?;
        Rc::new(set).attribute(machine, name)
    }
}

/// `models.QuerySet` as a class.
struct SetHooks {
    world: Rc<World>,
    manager: Rc<Class>,
}

impl Hooks for SetHooks {
    /// `PostQuerySet(self.model, using=self._db)`
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        mut args: Args,
    ) -> Outcome<Option<Value>> {
        if class.get("__init__").is_some() {
            return Err(refuse("A query set's own `__init__` is not supported here."));
        }
        let given = args.take("model").or_else(|| args.positional.first().cloned());
        let Some(Value::Class(model)) = given else {
            return Err(refuse("A query set without a model is not supported here."));
        };
        let Some(at) = self.world.model_of(&model) else {
            let shown = machine.repr(&Value::Class(model))?;
            return Err(raise("TypeError", format!("{shown} is not a model")));
        };
        let mut set = QuerySet::all(self.world.clone(), at);
        set.user = Some(class.clone());
        Ok(Some(Value::Object(Rc::new(set))))
    }

    fn class_attribute(
        &self,
        _: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        if name != "as_manager" {
            return Ok(None);
        }
        let (class, manager) = (class.clone(), self.manager.clone());
        Ok(Some(Value::native("as_manager", move |_, _| {
            let made = with_sets(&manager, &format!("ManagerFrom{}", class.name), &class);
            Ok(Value::Instance(Rc::new(Instance::new(made))))
        })))
    }

    fn class_item(&self, _: &mut Machine, class: &Rc<Class>, _: &Value) -> Outcome<Option<Value>> {
        Ok(Some(Value::Class(class.clone())))
    }

    fn derive(
        &self,
        _: &mut Machine,
        name: &str,
        parents: &[Rc<Class>],
        names: crate::value::Names,
    ) -> Outcome<Option<Rc<Class>>> {
        Ok(Some(as_written(name, parents, names)))
    }
}

/// A class as a script declares it.
fn as_written(name: &str, parents: &[Rc<Class>], names: crate::value::Names) -> Rc<Class> {
    let made = Class::new(name, "__main__", parents);
    *made.names.borrow_mut() = names;
    Rc::new(made)
}

/// A class of managers whose query sets are of this class.
fn with_sets(manager: &Rc<Class>, name: &str, sets: &Rc<Class>) -> Rc<Class> {
    let made = Class::new(name, "django.db.models.manager", std::slice::from_ref(manager));
    made.set(SETS, Value::Class(sets.clone()));
    Rc::new(made)
}

fn model_of(instance: &Instance) -> Option<usize> {
    let state = instance.state.borrow();
    state.as_ref().and_then(|state| state.downcast_ref::<Of>()).map(|of| of.0)
}

/// Every row, as query sets of the manager's class.
fn plain_set(world: &Rc<World>, model: usize, class: &Class) -> QuerySet {
    let mut set = QuerySet::all(world.clone(), model);
    set.user = match class.get(SETS) {
        Some(Value::Class(sets)) => Some(sets),
        _ => None,
    };
    set
}

/// What a manager of the user's starts with.
fn set_of(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    manager: &Rc<Instance>,
) -> Outcome<QuerySet> {
    let Some(get @ Value::Function(_)) = manager.class.get("get_queryset") else {
        return Ok(plain_set(world, model, &manager.class));
    };
    let made = machine.call(&get, Args::one(Value::Instance(manager.clone())))?;
    match &made {
        Value::Object(object) => super::queryset::query_set(object).map(|set| set.copy()),
        _ => None,
    }
    .ok_or_else(|| {
        refuse("A manager whose `get_queryset` gives no query set is not supported here.")
    })
}

/// The managers of a model that its class and those behind it declare, each with its name, the default one first.
fn declared(class: &Rc<Class>) -> Vec<(Rc<str>, Rc<Instance>)> {
    let line = std::iter::once(class).chain(&class.mro);
    let mut out: Vec<(Rc<str>, Rc<Instance>)> = Vec::new();
    for each in line {
        for (name, value) in each.names.borrow().iter() {
            if let Value::Instance(instance) = value
                && instance.class.derives_from("Manager")
                && out.iter().all(|(known, _)| known != name)
            {
                out.push((name.clone(), instance.clone()));
            }
        }
    }
    out
}

/// A manager as an attribute of a model's class; nothing where it has none of this name.
pub(super) fn attribute(
    world: &Rc<World>,
    model: usize,
    class: &Rc<Class>,
    name: &str,
) -> Option<Value> {
    let plain = || Value::Object(Rc::new(Manager { world: world.clone(), model }));
    if name == "_base_manager" {
        return Some(plain());
    }
    let managers = declared(class);
    let found = match name {
        "_default_manager" => default(world, model, &managers),
        name => managers.iter().find(|(known, _)| **known == *name).map(|(_, found)| found.clone()),
    };
    match found {
        Some(found) => Some(bound(world, model, &found)),
        None if managers.is_empty() && matches!(name, "objects" | "_default_manager") => {
            Some(plain())
        }
        None => None,
    }
}

fn default(
    world: &World,
    model: usize,
    managers: &[(Rc<str>, Rc<Instance>)],
) -> Option<Rc<Instance>> {
    let options = world.model(model).map(|model| &model.options);
    let mut options = options.into_iter().flatten();
    let chosen = options.find(|(name, _)| &**name == "default_manager_name");
    let named = chosen.and_then(|(_, chosen)| managers.iter().find(|(name, _)| name == chosen));
    named.or_else(|| managers.first()).map(|(_, found)| found.clone())
}

fn bound(world: &Rc<World>, model: usize, found: &Rc<Instance>) -> Value {
    if &*found.class.module == "django.db.models.manager" && found.class.get(SETS).is_none() {
        return Value::Object(Rc::new(Manager { world: world.clone(), model }));
    }
    let made = Instance::new(found.class.clone());
    *made.names.borrow_mut() = found.names.borrow().clone();
    *made.state.borrow_mut() = Some(Box::new(Of(model)));
    Value::Instance(Rc::new(made))
}

/// Whether the default manager of a model has nothing of the user's.
pub(super) fn is_plain(world: &Rc<World>, model: usize) -> bool {
    let class = world.class(model);
    let found = class.and_then(|class| attribute(world, model, &class, "_default_manager"));
    matches!(found, Some(Value::Object(_)))
}

/// What the default manager of a model starts with.
pub(super) fn default_set(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
) -> Outcome<QuerySet> {
    let class = world.class(model);
    match class.and_then(|class| attribute(world, model, &class, "_default_manager")) {
        Some(Value::Instance(manager)) => set_of(machine, world, model, &manager),
        _ => Ok(QuerySet::all(world.clone(), model)),
    }
}

/// A method that the class of a model's default manager has, for a manager of a relation.
pub(super) fn method_of_default(
    world: &Rc<World>,
    model: usize,
    name: &str,
    receiver: &Value,
) -> Option<Value> {
    let class = world.class(model)?;
    let managers = declared(&class);
    let found = default(world, model, &managers)?;
    match found.class.get(name)? {
        method @ Value::Function(_) if name != "get_queryset" => {
            Some(Value::Bound(Rc::new(Bound {
                receiver: receiver.clone(),
                method: Method::Value(method),
            })))
        }
        _ => None,
    }
}
