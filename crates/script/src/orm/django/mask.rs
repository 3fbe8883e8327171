//! Which columns `only()` and `defer()` leave, of a model and of what is joined to it: `Query.get_select_mask` of Django 5.2.

use std::rc::Rc;

use throughline_core::document::RelationKind;

use super::query::{field_of, follow};
use super::raise_field_error;
use crate::Machine;
use crate::eval::{Raised, raise};
use crate::orm::names::Names;
use crate::value::{Outcome, Value};
use crate::world::{Model, World};

/// What `only()` and `defer()` have said so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Deferred {
    names: Vec<Rc<str>>,
    only: bool,
}

impl Deferred {
    /// These fields alone.
    pub(super) fn only(names: Vec<Rc<str>>) -> Self {
        Self { names, only: true }
    }

    /// `add_immediate_loading`: what was deferred stays so.
    pub(super) fn load(&mut self, mut names: Vec<Rc<str>>) {
        if !self.only {
            names.retain(|name| !self.names.contains(name));
        }
        *self = Self::only(names);
    }

    /// `add_deferred_loading`
    pub(super) fn defer(&mut self, names: Vec<Rc<str>>) {
        if !self.only {
            self.names.extend(names);
            return;
        }
        let (mut left, mut new) = (self.names.clone(), names.clone());
        left.retain(|name| !names.contains(name));
        new.retain(|name| !self.names.contains(name));
        *self = if left.is_empty() { Self { names: new, only: false } } else { Self::only(left) };
    }

    /// The columns that are loaded.
    pub(super) fn mask(
        &self,
        machine: &mut Machine,
        world: &World,
        model: &Rc<Model>,
    ) -> Outcome<Mask> {
        if self.names.is_empty() {
            return Ok(Mask::default());
        }
        let names = Names::of(self.names.iter().map(|name| &**name));
        let walk = if self.only { only } else { defer };
        walk(machine, world, model, &names)
    }
}

/// Fields that are loaded, each with those of what it leads to; all, where there are none.
#[derive(Clone, Debug, Default)]
pub(super) struct Mask(Vec<(Rc<str>, Mask)>);

impl Mask {
    /// Whether a field is loaded.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|(known, _)| &**known == name)
    }

    /// What is loaded of what a relation leads to.
    pub(super) fn below(&self, name: &str) -> Self {
        let found = self.0.iter().find(|(known, _)| &**known == name);
        found.map(|(_, below)| below.clone()).unwrap_or_default()
    }

    fn put(&mut self, name: Rc<str>, below: Self) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.0.extend(below.0),
            None => self.0.push((name, below)),
        }
    }
}

fn key(model: &Model) -> Mask {
    Mask(model.key().map(|key| (key.name.clone(), Mask::default())).into_iter().collect())
}

/// The name by which a model knows a field or a relation.
fn named(world: &World, model: &Rc<Model>, name: &str) -> Option<Rc<str>> {
    if let Some((_, field)) = field_of(world, model, name) {
        return Some(field.name.clone());
    }
    follow(world, model, name).map(|_| name.into())
}

fn only(machine: &mut Machine, world: &World, model: &Rc<Model>, names: &Names) -> Outcome<Mask> {
    let mut mask = key(model);
    for (name, below) in &names.0 {
        let Some(field) = named(world, model, name) else {
            return Err(missing(machine, model, name));
        };
        let below = match below {
            Some(below) => match follow(world, model, &field) {
                Some(target) => only(machine, world, &target, below)?,
                None => return Err(no_relation(machine, below)),
            },
            None => Mask::default(),
        };
        mask.put(field, below);
    }
    Ok(mask)
}

fn defer(machine: &mut Machine, world: &World, model: &Rc<Model>, names: &Names) -> Outcome<Mask> {
    let mut mask = key(model);
    for (name, _) in &names.0 {
        if named(world, model, name).is_none() {
            return Err(missing(machine, model, name));
        }
    }
    let ancestors = world.ancestors(model);
    for each in ancestors.iter().chain([model]) {
        let fields = each.fields.iter().map(|field| (field.name.clone(), field.attname.clone()));
        let reverse = each.reverse.iter().filter(|reverse| !reverse.hidden);
        let reverse = reverse.filter(|reverse| reverse.kind != RelationKind::ManyToMany);
        let reverse =
            reverse.map(|reverse| (reverse.query_name.clone(), reverse.query_name.clone()));
        for (name, attname) in fields.chain(reverse) {
            let deferred =
                names.0.iter().find(|(known, _)| **known == *name || **known == *attname);
            match deferred {
                None => mask.put(name, Mask::default()),
                Some((_, None)) => {}
                Some((_, Some(below))) => match follow(world, model, &name) {
                    Some(target) => {
                        let below = defer(machine, world, &target, below)?;
                        mask.put(name, below);
                    }
                    None => return Err(no_relation(machine, below)),
                },
            }
        }
    }
    Ok(mask)
}

fn no_relation(machine: &mut Machine, below: &Names) -> Box<Raised> {
    let name = below.0.first().map(|(name, _)| name.as_str()).unwrap_or_default();
    raise_field_error(machine, name)
}

fn missing(machine: &mut Machine, model: &Model, name: &str) -> Box<Raised> {
    let message = format!("{} has no field named '{name}'", model.name);
    match super::class_of(machine, "django.core.exceptions", "FieldDoesNotExist") {
        Some(class) => machine.exception(&class, vec![Value::from(message)]),
        None => raise("AttributeError", message),
    }
}
