//! Instances of models: construction and attributes.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::ColumnType;

use super::queryset::QuerySet;
use super::relation::RelatedRows;
use super::shape::{self, Rel, Side};
use super::{encode, methods, model, raised, save};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Class, Hooks, Instance, Key, Named, Names, Object, Outcome, Value};
use crate::world::{Field, Model, World};

/// What makes a model's class Tortoise's.
pub(super) struct ModelHooks {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

/// What Tortoise keeps with an instance.
#[derive(Clone, Default)]
pub(super) struct State {
    /// `_saved_in_db`
    pub(super) saved: bool,
    /// `_partial`: of `only()`.
    pub(super) partial: bool,
    /// `_custom_generated_pk`: whether the script gave the key that the database would give.
    pub(super) own_key: bool,
    /// Related instances that are loaded, by the relation's name.
    pub(super) cache: Names,
    /// Rows that were fetched, by the relation's name.
    pub(super) fetched: Named<Vec<Value>>,
}

impl State {
    pub(super) fn from_row(partial: bool) -> Self {
        Self { saved: true, partial, ..Self::default() }
    }
}

/// Does something with the state of an instance; `None` where it has none of Tortoise's.
pub(super) fn with_state<T>(
    instance: &Instance,
    change: impl FnOnce(&mut State) -> T,
) -> Option<T> {
    let mut state = instance.state.borrow_mut();
    state.as_mut().and_then(|state| state.downcast_mut::<State>()).map(change)
}

/// The primary key of an instance; `None` for what is no instance of a model.
pub(super) fn key_of(world: &World, value: &Value) -> Option<Value> {
    let Value::Instance(instance) = value else { return None };
    let model = world.model_of(&instance.class).and_then(|at| world.model(at))?;
    let key = model.key().and_then(|key| instance.get(&key.attname));
    Some(key.unwrap_or(Value::None))
}

/// `_validate_relation_type`
pub(super) fn check_type(machine: &mut Machine, rel: &Rel, value: &Value) -> Outcome<()> {
    let fits = match value {
        Value::None => true,
        Value::Instance(instance) => instance.class.name == rel.target.name,
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let message = format!(
        "Invalid type for relationship field '{}'. Expected model type '{}', but got '{}'. Make sure you're using the correct model class for this relationship.",
        rel.name,
        rel.target.name,
        value.type_name()
    );
    Err(raised(machine, "ValidationError", message))
}

/// Points a foreign key at an instance.
pub(super) fn point(
    machine: &mut Machine,
    instance: &Rc<Instance>,
    rel: &Rel,
    value: &Value,
) -> Outcome<()> {
    check_type(machine, rel, value)?;
    let held = match value {
        Value::Instance(target) => target.get(&rel.other.0).unwrap_or(Value::None),
        _ => Value::None,
    };
    instance.set(&rel.own.0, held);
    with_state(instance, |state| state.cache.insert(rel.name.clone(), value.clone()));
    Ok(())
}

/// The default of a field.
fn default(machine: &mut Machine, field: &Field) -> Outcome {
    let given = match field.relation {
        true => None,
        false => crate::orm::defaults::given(machine, field)?,
    };
    match given {
        Some(given) => Ok(given),
        None if field.primary_key && field.ty == ColumnType::Uuid => {
            let make = machine.modules.get("uuid").and_then(|module| module.get("uuid4"));
            make.map_or(Ok(Value::None), |make| machine.call(&make, Args::default()))
        }
        None => Ok(Value::None),
    }
}

/// `_set_kwargs`: what a call of the class or `update_from_dict` gives. Names that are nothing are passed over, as Tortoise does.
pub(super) fn assign(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    given: Vec<(Rc<str>, Value)>,
) -> Outcome<()> {
    for (name, value) in given {
        if let Some(field) = shape::column(model, &name) {
            if field.primary_key && field.auto {
                with_state(instance, |state| state.own_key = true);
            }
            if value.is_none() && !field.null {
                let message = format!("{name} is non nullable field, but null was passed");
                return Err(raise("ValueError", message));
            }
            let value = encode::to_python(machine, field, &value)?;
            instance.set(&name, value);
            continue;
        }
        let Some(rel) = shape::relation(world, model, &name) else { continue };
        let message = match (rel.side, rel.single) {
            (Side::Forward, _) => {
                unsaved(machine, &value)?;
                point(machine, instance, &rel, &value)?;
                continue;
            }
            (Side::Backward, false) => {
                "You can't set backward relations through init, change related model instead"
            }
            (Side::Backward, true) => {
                "You can't set backward one to one relations through init, change related model instead"
            }
            (Side::Many, _) => "You can't set m2m relations through init, use m2m_manager instead",
        };
        return Err(raised(machine, "ConfigurationError", message));
    }
    Ok(())
}

fn unsaved(machine: &mut Machine, value: &Value) -> Outcome<()> {
    let saved = match value {
        Value::Instance(instance) => with_state(instance, |state| state.saved),
        other if !machine.truth(other)? => Some(true),
        _ => None,
    };
    match saved {
        Some(true) => Ok(()),
        Some(false) => {
            let shown = machine.str(value)?;
            let message =
                format!("You should first call .save() on {shown} before referring to it");
            Err(raised(machine, "OperationalError", message))
        }
        None => {
            let message = format!("'{}' object has no attribute '_saved_in_db'", value.type_name());
            Err(raise("AttributeError", message))
        }
    }
}

/// What an empty foreign key is: awaiting it gives `None`, and it is false.
struct NoneAwaitable;

impl Object for NoneAwaitable {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("_NoneAwaitable", "tortoise.fields.relational", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn wait(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::None))
    }

    fn truth(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<bool>> {
        Ok(Some(false))
    }
}

/// Whether a value is [`NoneAwaitable`].
pub(super) fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.any().is::<NoneAwaitable>())
}

impl ModelHooks {
    fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }

    fn related(&self, instance: &Rc<Instance>, rel: Rel) -> Option<Value> {
        if rel.side == Side::Many || rel.side == Side::Backward && !rel.single {
            let rows = RelatedRows { world: self.world.clone(), instance: instance.clone(), rel };
            return Some(Value::Object(Rc::new(rows)));
        }
        let cached = with_state(instance, |state| state.cache.get(&rel.name).cloned()).flatten();
        if cached.is_some() {
            return cached;
        }
        let held = instance.get(&rel.own.0)?;
        if held.is_none() && rel.side == Side::Forward {
            return Some(Value::Object(Rc::new(NoneAwaitable)));
        }
        let set = QuerySet::all(&self.world, &rel.target).whose(&rel.other.0, held);
        Some(methods::single(set).value())
    }
}

impl Hooks for ModelHooks {
    fn is_model(&self) -> bool {
        true
    }

    fn items(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        let mut out = Vec::new();
        for field in shape::selected(&model) {
            // It asks for the attribute by the column's name.
            let value = machine.attribute(&Value::Instance(instance.clone()), &field.column)?;
            out.push(Value::tuple(vec![Value::Str(field.column.clone()), value]));
        }
        Ok(Some(Value::list(out)))
    }

    fn class_item(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        key: &Value,
    ) -> Outcome<Option<Value>> {
        match self.class_attribute(machine, class, "__class_getitem__")? {
            Some(run) => machine.call(&run, Args::one(key.clone())).map(Some),
            None => Ok(None),
        }
    }

    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if !args.positional.is_empty() {
            let message = format!(
                "Model.__init__() takes 1 positional argument but {} were given",
                args.positional.len() + 1
            );
            return Err(raise("TypeError", message));
        }
        let instance = Rc::new(Instance::new(class.clone()));
        *instance.state.borrow_mut() = Some(Box::new(State::default()));
        assign(machine, &self.world, &model, &instance, args.keywords)?;
        for field in &model.fields {
            if instance.get(&field.attname).is_none() {
                let value = default(machine, field)?;
                instance.set(&field.attname, value);
            }
        }
        Ok(Some(Value::Instance(instance)))
    }

    fn class_attribute(
        &self,
        _: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if shape::relation(&self.world, &model, name).is_some() {
            return Ok(Some(model::property()));
        }
        // A method of the user's own comes first.
        if class.get(name).is_some() {
            return Ok(None);
        }
        model::attribute(&self.world, &model, class, name)
    }

    fn attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if super::start::is_unmade(&self.world, &model, name) {
            return Ok(None);
        }
        if let Some(rel) = shape::relation(&self.world, &model, name) {
            return Ok(self.related(instance, rel));
        }
        if name == "pk" {
            return Ok(key_of(&self.world, &Value::Instance(instance.clone())));
        }
        if name == "_saved_in_db" {
            return Ok(with_state(instance, |state| Value::Bool(state.saved)));
        }
        if instance.get(name).is_some() || instance.class.get(name).is_some() {
            return Ok(None);
        }
        if let Some(method) = save::method(&self.world, &model, instance, name) {
            return Ok(Some(method));
        }
        // What the class has its instances have, too.
        self.class_attribute(machine, &instance.class, name)
    }

    fn set_attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<bool> {
        let Some(model) = self.model() else { return Ok(false) };
        if let (Some(key), "pk") = (model.key(), name) {
            instance.set(&key.attname, value.clone());
            return Ok(true);
        }
        let Some(rel) = shape::relation(&self.world, &model, name) else { return Ok(false) };
        if rel.side != Side::Forward {
            let message = format!("property of '{}' object has no setter", instance.class.name);
            return Err(raise("AttributeError", message));
        }
        point(machine, instance, &rel, value)?;
        Ok(true)
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let key = key_of(&self.world, &Value::Instance(instance.clone())).unwrap_or(Value::None);
        let name = &instance.class.name;
        Ok(Some(if machine.truth(&key)? {
            format!("<{name}: {}>", machine.str(&key)?)
        } else {
            format!("<{name}>")
        }))
    }

    fn str(&self, _: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        Ok(Some(format!("<{}>", instance.class.name)))
    }

    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        let Value::Instance(of) = other else { return Ok(Some(false)) };
        if !Rc::ptr_eq(&instance.class, &of.class) {
            return Ok(Some(false));
        }
        let own = key_of(&self.world, &Value::Instance(instance.clone())).unwrap_or(Value::None);
        let other = key_of(&self.world, other).unwrap_or(Value::None);
        machine.equal(&own, &other).map(Some)
    }

    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        let key = key_of(&self.world, &Value::Instance(instance.clone())).unwrap_or(Value::None);
        if !machine.truth(&key)? {
            return Err(raise("TypeError", "Model instances without id are unhashable"));
        }
        let key = machine.key(&key)?;
        Ok(Some(Key::Row(instance.class.name.clone(), Box::new(key))))
    }

    fn wait(&self, _: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Value>> {
        Ok(Some(Value::Instance(instance.clone())))
    }
}
