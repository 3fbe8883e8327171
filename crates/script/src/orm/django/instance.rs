//! Instances of models: construction, attributes, `save`, `delete`.

use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::Gather as _;

use super::class_of;
use super::exceptions::no_related;
use super::mask::Deferred;
use super::queryset::QuerySet;
use super::related::{Kind, Related};
use super::save::refresh;
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::orm::defaults::display;
use crate::sql::Expr;
use crate::value::{Args, Class, Hooks, Instance, Key, Named, Names, Outcome, Value};
use crate::world::{Field, Model, Relation, Reverse, World, to_cell};

/// What makes a model's class Django's.
pub(super) struct ModelHooks {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

/// What Django keeps with an instance.
#[derive(Default)]
pub(super) struct State {
    /// Whether its row is in the database.
    pub(super) saved: bool,
    /// Related instances that are loaded, by the relation's name.
    pub(super) cache: Names,
    /// Rows that were prefetched, by the relation's name.
    pub(super) prefetched: Named<Vec<Value>>,
}

/// Does something with the state of an instance; `None` where it has none of Django's.
pub(super) fn with_state<T>(
    instance: &Instance,
    change: impl FnOnce(&mut State) -> T,
) -> Option<T> {
    let mut state = instance.state.borrow_mut();
    state.as_mut().and_then(|state| state.downcast_mut::<State>()).map(change)
}

impl ModelHooks {
    fn own(&self) -> Self {
        Self { world: self.world.clone(), model: self.model }
    }

    pub(super) fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }

    /// All fields with a column, those of parents with a table first.
    pub(super) fn fields<'a>(&'a self, model: &'a Rc<Model>) -> Vec<&'a Field> {
        let parents = self.parents(model);
        parents.into_iter().flat_map(|parent| &parent.fields).chain(&model.fields).gather()
    }

    /// `instance.pk = value`: parents with a table share the key.
    pub(super) fn set_key(&self, model: &Model, instance: &Instance, value: &Value) {
        let parents = self.world.ancestors(model);
        for key in parents.iter().filter_map(|parent| parent.key()).chain(model.key()) {
            instance.set(&key.attname, value.clone());
        }
    }

    fn parents(&self, model: &Model) -> Vec<&Rc<Model>> {
        let parents = self.world.ancestors(model);
        parents.iter().filter_map(|parent| self.world.model(parent.at)).gather()
    }

    /// A relation of the model or its parents.
    pub(super) fn relation<'a>(&'a self, model: &'a Rc<Model>, name: &str) -> Option<&'a Relation> {
        model.relation(name).or_else(|| {
            let parents = self.parents(model);
            parents.into_iter().rev().find_map(|parent| parent.relation(name))
        })
    }

    pub(super) fn reverse<'a>(&'a self, model: &'a Rc<Model>, name: &str) -> Option<&'a Reverse> {
        model.by_accessor(name).or_else(|| {
            let parents = self.parents(model);
            parents.into_iter().rev().find_map(|parent| parent.by_accessor(name))
        })
    }

    /// `instance.author`
    fn forward(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        relation: &Relation,
    ) -> Outcome {
        let name = &relation.name;
        if let Some(known) = with_state(instance, |state| state.cache.get(name).cloned()).flatten()
        {
            return Ok(known);
        }
        let key = relation.key.clone().ok_or_else(|| raise("AttributeError", name.to_string()))?;
        let value = self.loaded(machine, instance, &key.attname)?;
        if value.is_none() {
            if relation.null {
                return Ok(Value::None);
            }
            let target = self.world.find(&relation.target).unwrap_or_default();
            return Err(self.without(machine, target, name));
        }
        let target = self.world.find(&relation.target).unwrap_or_default();
        if relation.parent_link
            && let Some(parent) = self.as_parent(instance, target)
        {
            let parent = Value::Instance(parent);
            with_state(instance, |state| state.cache.insert(name.clone(), parent.clone()));
            if let (Value::Instance(parent), Some(accessor)) = (&parent, &relation.accessor) {
                let child = Value::Instance(instance.clone());
                with_state(parent, |state| state.cache.insert(accessor.clone(), child));
            }
            return Ok(parent);
        }
        let set = Rc::new(QuerySet::all(self.world.clone(), target));
        let get = crate::value::Object::attribute(set, machine, "get")?.unwrap_or(Value::None);
        let args = Args { positional: Vec::new(), keywords: vec![(key.to_field, value)] };
        let found = machine.call(&get, args)?;
        with_state(instance, |state| state.cache.insert(name.clone(), found.clone()));
        if let (RelationKind::OneToOne, Value::Instance(target), Some(accessor)) =
            (relation.kind, &found, &relation.accessor)
        {
            let owner = Value::Instance(instance.clone());
            with_state(target, |state| state.cache.insert(accessor.clone(), owner));
        }
        Ok(found)
    }

    /// The parent of an instance, whose fields are all there already.
    fn as_parent(&self, instance: &Instance, parent: usize) -> Option<Rc<Instance>> {
        let model = self.world.model(parent)?;
        let made = Instance::new(self.world.class(parent)?);
        let ancestors = self.world.ancestors(model);
        for field in ancestors.iter().flat_map(|model| &model.fields).chain(&model.fields) {
            made.set(&field.attname, instance.get(&field.attname)?);
        }
        let saved = with_state(instance, |state| state.saved).unwrap_or(false);
        *made.state.borrow_mut() = Some(Box::new(State { saved, ..State::default() }));
        Some(Rc::new(made))
    }

    /// `Place has no restaurant.`
    fn without(&self, machine: &mut Machine, target: usize, name: &str) -> Box<crate::Raised> {
        let owner = self.model().map(|model| model.name.clone()).unwrap_or_default();
        no_related(machine, &self.world, target, format!("{owner} has no {name}."))
    }

    /// `author.books`, `place.restaurant`
    fn backward(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        reverse: &Reverse,
    ) -> Outcome {
        let world = &self.world;
        let (Some(accessor), Some(source)) =
            (&reverse.accessor, world.named(&reverse.source).cloned())
        else {
            return Ok(Value::None);
        };
        let Some(relation) = source.relation(&reverse.source_field) else { return Ok(Value::None) };
        if reverse.kind == RelationKind::OneToOne {
            if let Some(known) =
                with_state(instance, |state| state.cache.get(accessor).cloned()).flatten()
            {
                return if known.is_none() {
                    Err(self.without(machine, source.at, accessor))
                } else {
                    Ok(known)
                };
            }
            let related = Related {
                world: world.clone(),
                instance: instance.clone(),
                target: source.at,
                cache: accessor.clone(),
                kind: Kind::Key { field: reverse.source_field.clone(), null: true },
            };
            let mut set = related.start_plainly();
            set.query.limit = Some(21);
            return match set.rows(machine)?.into_iter().next() {
                Some(found) => {
                    with_state(instance, |state| {
                        state.cache.insert(accessor.clone(), found.clone())
                    });
                    Ok(found)
                }
                None => {
                    with_state(instance, |state| state.cache.insert(accessor.clone(), Value::None));
                    Err(self.without(machine, source.at, accessor))
                }
            };
        }
        let kind = match &relation.through {
            None => Kind::Key { field: reverse.source_field.clone(), null: relation.null },
            Some(through) => {
                let Some(model) = world.named(&through.model).cloned() else {
                    return Ok(Value::None);
                };
                Kind::Many {
                    through: model,
                    generated: through.generated,
                    near: through.target_field.clone(),
                    far: through.owner_field.clone(),
                    symmetrical: false,
                }
            }
        };
        self.manager(machine, instance, source.at, accessor, kind)
    }

    fn manager(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        target: usize,
        name: &Rc<str>,
        kind: Kind,
    ) -> Outcome {
        if key_of(&self.world, instance).is_none() {
            let shown = machine.repr(&Value::Instance(instance.clone()))?;
            let model = &instance.class.name;
            let message = match kind {
                Kind::Key { .. } => format!(
                    "'{model}' instance needs to have a primary key value before this relationship can be used."
                ),
                Kind::Many { near, .. } => format!(
                    "\"{shown}\" needs to have a value for field \"id\" before this many-to-many relationship can be used.{}",
                    if near.is_empty() { " " } else { "" }
                ),
            };
            return Err(raise("ValueError", message));
        }
        Ok(Value::Object(Rc::new(Related {
            world: self.world.clone(),
            instance: instance.clone(),
            target,
            cache: name.clone(),
            kind,
        })))
    }

    /// A field's value; one that was deferred is fetched.
    fn loaded(&self, machine: &mut Machine, instance: &Rc<Instance>, attname: &str) -> Outcome {
        if let Some(value) = instance.get(attname) {
            return Ok(value);
        }
        let model = self.model();
        // The key of a parent is what the link to it holds.
        let is_parents_key = model.iter().any(|model| {
            let parents = self.world.ancestors(model);
            parents.iter().any(|parent| parent.key().is_some_and(|key| &*key.attname == attname))
        });
        if is_parents_key {
            return Ok(key_of(&self.world, instance));
        }
        let mut set = QuerySet::all(self.world.clone(), self.model);
        set.deferred = Deferred::only(vec![attname.into()]);
        let model = self.model();
        if let Some(key) = model.as_ref().and_then(|model| model.key()) {
            let cell = to_cell(Some(&key.ty), &key_of(&self.world, instance)).unwrap_or(Cell::Null);
            let column = set.query.column(0, &key.column);
            set.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
            set.query.limit = Some(21);
        }
        if let Some(Value::Instance(found)) = set.rows(machine)?.into_iter().next()
            && let Some(value) = found.get(attname)
        {
            instance.set(attname, value.clone());
            return Ok(value);
        }
        Ok(Value::None)
    }
}

impl Hooks for ModelHooks {
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let instance = Rc::new(Instance::new(class.clone()));
        *instance.state.borrow_mut() = Some(Box::new(State::default()));
        match class.get("__init__") {
            Some(init @ Value::Function(_)) => {
                machine.call(&init, args.after(Value::Instance(instance.clone())))?;
            }
            _ => self.fill(machine, &instance, args)?,
        }
        Ok(Some(Value::Instance(instance)))
    }

    fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        // A relation whose reverse name is a manager's takes its place.
        if self.reverse(&model, name).is_some() || self.relation(&model, name).is_some() {
            let kind = match (self.reverse(&model, name), self.relation(&model, name)) {
                (Some(reverse), _) if reverse.kind == RelationKind::OneToOne => {
                    "ReverseOneToOneDescriptor"
                }
                (Some(reverse), _) if reverse.kind == RelationKind::ManyToMany => {
                    "ManyToManyDescriptor"
                }
                (Some(_), _) => "ReverseManyToOneDescriptor",
                (None, Some(relation)) if relation.through.is_some() => "ManyToManyDescriptor",
                (None, _) => "ForwardManyToOneDescriptor",
            };
            let through = self
                .relation(&model, name)
                .and_then(|relation| relation.through.clone())
                .or_else(|| {
                    let reverse = self.reverse(&model, name)?;
                    self.world
                        .named(&reverse.source)?
                        .relation(&reverse.source_field)?
                        .through
                        .clone()
                })
                .and_then(|through| self.world.find(&through.model));
            return Ok(Some(Value::Object(Rc::new(super::descriptor::Descriptor {
                kind,
                world: self.world.clone(),
                through,
            }))));
        }
        let error = |machine: &Machine, base: &str| -> Option<Value> {
            let own = class.names.borrow().get(format!("{name} ").as_str()).cloned();
            own.or_else(|| {
                let made = Rc::new(Class::new(
                    name,
                    "models",
                    &[class_of(machine, "django.core.exceptions", base)?],
                ));
                class.set(&format!("{name} "), Value::Class(made.clone()));
                Some(Value::Class(made))
            })
        };
        Ok(match name {
            "DoesNotExist" => error(machine, "ObjectDoesNotExist"),
            "MultipleObjectsReturned" => error(machine, "MultipleObjectsReturned"),
            "_meta" => Some(Value::Object(Rc::new(super::descriptor::Meta { model }))),
            "__dict__" => {
                Some(Value::Object(Rc::new(super::descriptor::Namespace { class: class.clone() })))
            }
            _ => super::manager::attribute(&self.world, self.model, class, name),
        })
    }

    fn attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if let Some(relation) = self.relation(&model, name) {
            if let Some(through) = &relation.through {
                let Some(of) = self.world.named(&through.model).cloned() else { return Ok(None) };
                let target = self.world.find(&relation.target).unwrap_or_default();
                let kind = Kind::Many {
                    through: of,
                    generated: through.generated,
                    near: through.owner_field.clone(),
                    far: through.target_field.clone(),
                    symmetrical: relation.symmetrical,
                };
                let name = relation.name.clone();
                return self.manager(machine, instance, target, &name, kind).map(Some);
            }
            return self.forward(machine, instance, relation).map(Some);
        }
        if let Some(reverse) = self.reverse(&model, name) {
            return self.backward(machine, instance, reverse).map(Some);
        }
        if instance.get(name).is_none()
            && self.fields(&model).iter().any(|field| &*field.attname == name)
        {
            return self.loaded(machine, instance, name).map(Some);
        }
        // A method of the user's own comes first.
        if instance.class.get(name).is_some() {
            return Ok(None);
        }
        self.inherited(machine, instance, name)
    }

    fn inherited(
        &self,
        _: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        let method: fn(&Rc<World>, &Rc<Instance>, &mut Machine, Args) -> Outcome = match name {
            "__init__" => {
                let (own, instance) = (self.own(), instance.clone());
                return Ok(Some(Value::native("__init__", move |machine, args| {
                    own.fill(machine, &instance, args).map(|()| Value::None)
                })));
            }
            "__str__" => {
                let (own, instance) = (self.own(), instance.clone());
                return Ok(Some(Value::native("__str__", move |machine, _| {
                    own.str(machine, &instance).map(|text| text.map_or(Value::None, Value::from))
                })));
            }
            "_is_pk_set" => {
                |world, instance, _, _| Ok(Value::Bool(!key_of(world, instance).is_none()))
            }
            "save_base"
            | "_get_pk_val"
            | "_perform_unique_checks"
            | "unique_error_message"
            | "date_error_message"
            | "prepare_database_save"
            | "_prefetched_objects_cache" => {
                return Err(super::manager::inner(name, "an instance"));
            }
            "pk" => return Ok(Some(key_of(&self.world, instance))),
            "_meta" => return Ok(Some(Value::Object(Rc::new(super::descriptor::Meta { model })))),
            "save" => super::save::called,
            "delete" => |world, instance, machine, mut args| {
                let keep = match args.take("keep_parents") {
                    Some(keep) if machine.truth(&keep)? => super::delete::Parents::Stay,
                    _ => super::delete::Parents::Go,
                };
                let Some(at) = world.model_of(&instance.class) else { return Ok(Value::None) };
                if key_of(world, instance).is_none() {
                    return Err(raise(
                        "ValueError",
                        format!(
                            "{} object can't be deleted because its id attribute is set to None.",
                            instance.class.name
                        ),
                    ));
                }
                let rows = vec![Value::Instance(instance.clone())];
                super::delete::delete(machine, world, at, rows, keep)
            },
            "refresh_from_db" => |world, instance, machine, args| {
                let [_, fields, from] =
                    args.bind("refresh_from_db", ["using", "fields", "from_queryset"], 0)?;
                if from.is_some_and(|from| !from.is_none()) {
                    return Err(crate::eval::refuse(
                        "`from_queryset=` of `refresh_from_db` is not supported here.",
                    ));
                }
                let only = match fields.filter(|fields| !fields.is_none()) {
                    Some(fields) => {
                        let names = machine.list_of(&fields)?;
                        let names = names.iter().filter_map(|name| name.as_str().map(Rc::from));
                        let names: Vec<Rc<str>> = names.gather();
                        if names.iter().any(|name| name.contains("__")) {
                            return Err(raise(
                                "ValueError",
                                "Found \"__\" in fields argument. Relations and transforms are not allowed in fields.",
                            ));
                        }
                        Some(names)
                    }
                    None => None,
                };
                refresh(machine, world, instance, only)?;
                Ok(Value::None)
            },
            "_state" => {
                return Ok(Some(Value::Object(Rc::new(super::descriptor::ModelState {
                    instance: instance.clone(),
                }))));
            }
            "serializable_value" => |world, instance, machine, args| {
                let name = args.only("serializable_value")?;
                let name = machine.str(&name)?;
                let model = world.model_of(&instance.class).and_then(|at| world.model(at));
                let attname =
                    model.and_then(|model| model.field(&name)).map(|field| field.attname.clone());
                machine.attribute(&Value::Instance(instance.clone()), &attname.unwrap_or(name))
            },
            "get_deferred_fields" => |world, instance, machine, _| {
                let model = world.model_of(&instance.class).and_then(|at| world.model(at));
                let mut out = crate::value::Set::default();
                for field in model.iter().flat_map(|model| &model.fields) {
                    if instance.get(&field.attname).is_none() {
                        let value = Value::Str(field.attname.clone());
                        out.insert(machine.key(&value)?, value);
                    }
                }
                Ok(Value::set(out))
            },
            "full_clean" | "clean_fields" | "validate_unique" | "validate_constraints" => {
                let world = self.world.clone();
                return Ok(Some(super::validation::method(world, instance.clone(), name)));
            }
            "clean" => |_, _, _, _| Ok(Value::None),
            _ if name.starts_with("get_next_by_") || name.starts_with("get_previous_by_") => {
                return Ok(self.neighbour(&model, instance, name));
            }
            _ => match name.strip_prefix("get_").and_then(|rest| rest.strip_suffix("_display")) {
                Some(field) if model.field(field).is_some() => {
                    return display(&model, instance, field).map(Some);
                }
                _ => return Ok(None),
            },
        };
        let (world, instance) = (self.world.clone(), instance.clone());
        Ok(Some(Value::native("method", move |machine, args| {
            method(&world, &instance, machine, args)
        })))
    }

    fn set_attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<bool> {
        let Some(model) = self.model() else { return Ok(false) };
        if name == "pk" {
            self.set_key(&model, instance, value);
            return Ok(true);
        }
        if let Some(relation) = self.relation(&model, name) {
            if relation.through.is_some() {
                return Err(raise(
                    "TypeError",
                    format!(
                        "Direct assignment to the forward side of a many-to-many set is prohibited. Use {name}.set() instead."
                    ),
                ));
            }
            self.set_relation(machine, instance, name, value)?;
            return Ok(true);
        }
        if let Some(reverse) = self.reverse(&model, name)
            && reverse.kind != RelationKind::OneToOne
        {
            return Err(raise(
                "TypeError",
                format!(
                    "Direct assignment to the reverse side of a {} set is prohibited. Use {name}.set() instead.",
                    if reverse.kind == RelationKind::ManyToMany {
                        "many-to-many"
                    } else {
                        "related"
                    }
                ),
            ));
        }
        if let Some(reverse) = self.reverse(&model, name) {
            self.set_reverse(machine, instance, reverse, value)?;
            return Ok(true);
        }
        // A raw key that changes makes what was loaded stale.
        if let Some(relation) = model
            .relations
            .iter()
            .find(|relation| relation.key.as_ref().is_some_and(|key| &*key.attname == name))
        {
            with_state(instance, |state| state.cache.swap_remove(&relation.name));
        }
        Ok(false)
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let text = machine.str(&Value::Instance(instance.clone()))?;
        Ok(Some(format!("<{}: {text}>", instance.class.name)))
    }

    fn str(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let key = key_of(&self.world, instance);
        Ok(Some(format!("{} object ({})", instance.class.name, machine.str(&key)?)))
    }

    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        let Value::Instance(other) = other else { return Ok(Some(false)) };
        if !Rc::ptr_eq(&instance.class, &other.class) {
            return Ok(Some(false));
        }
        let (a, b) = (key_of(&self.world, instance), key_of(&self.world, other));
        if a.is_none() {
            return Ok(Some(Rc::ptr_eq(instance, other)));
        }
        machine.equal(&a, &b).map(Some)
    }

    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        let key = key_of(&self.world, instance);
        if key.is_none() {
            return Err(raise(
                "TypeError",
                "Model instances without primary key value are unhashable",
            ));
        }
        let key = machine.key(&key)?;
        Ok(Some(Key::Row(instance.class.name.clone(), Box::new(key))))
    }
}

/// The primary key of an instance.
pub(super) fn key_of(world: &World, instance: &Instance) -> Value {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at));
    let mut value = model
        .and_then(|model| model.key())
        .and_then(|key| instance.get(&key.attname))
        .unwrap_or(Value::None);
    if value.is_none()
        && let Some(parent) = model
            .and_then(|model| model.parents.first())
            .and_then(|(parent, _)| world.named(parent))
    {
        value = parent.key().and_then(|key| instance.get(&key.attname)).unwrap_or(Value::None);
    }
    value
}

/// A through model, its fields here and there, and what it leads to.
type Many = (Rc<Model>, Rc<str>, Rc<str>, Rc<Model>);

/// The through model, its fields here and there, and the target of a many-to-many by its attribute.
pub(super) fn many_of(world: &World, model: &Rc<Model>, name: &str) -> Option<Many> {
    if let Some(relation) = model.relation(name) {
        let through = relation.through.as_ref()?;
        let of = world.named(&through.model)?.clone();
        return Some((
            of,
            through.owner_field.clone(),
            through.target_field.clone(),
            world.named(&relation.target)?.clone(),
        ));
    }
    let reverse = model.by_accessor(name)?;
    let source = world.named(&reverse.source)?.clone();
    let through = source.relation(&reverse.source_field)?.through.clone()?;
    let of = world.named(&through.model)?.clone();
    Some((of, through.target_field, through.owner_field, source))
}
