//! What an instance is made of: the arguments of its class, and relations that are set.

use std::rc::Rc;

use throughline_core::document::RelationKind;

use super::instance::{ModelHooks, key_of, with_state};
use crate::Machine;
use crate::eval::raise;
use crate::orm::defaults::default;
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::Reverse;

impl ModelHooks {
    pub(super) fn set_relation(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<()> {
        let Some(model) = self.model() else { return Ok(()) };
        let Some(relation) = self.relation(&model, name) else { return Ok(()) };
        let Some(key) = relation.key.clone() else { return Ok(()) };
        let before = with_state(instance, |state| state.cache.get(&relation.name).cloned());
        if let (RelationKind::OneToOne, Value::None, Some(Some(Value::Instance(before)))) =
            (relation.kind, value, before)
            && let Some(accessor) = &relation.accessor
        {
            with_state(&before, |state| state.cache.insert(accessor.clone(), Value::None));
        }
        let fits = |target: &Instance| {
            self.world.named(&relation.target).is_some_and(|of| {
                self.world.model_of(&target.class).is_some_and(|at| self.world.is_kind_of(at, of))
            })
        };
        match value {
            Value::None => instance.set(&key.attname, Value::None),
            Value::Instance(target)
                if fits(target) && !target.class.derives_from(&relation.target) =>
            {
                instance.set(&key.attname, key_of(&self.world, target));
            }
            Value::Instance(target) if target.class.derives_from(&relation.target) => {
                let of = self.world.named(&relation.target);
                let attname =
                    of.and_then(|of| of.field(&key.to_field)).map(|field| field.attname.clone());
                let held = attname
                    .and_then(|attname| target.get(&attname))
                    .unwrap_or_else(|| key_of(&self.world, target));
                instance.set(&key.attname, held);
            }
            other => {
                let shown = machine.repr(other)?;
                return Err(raise(
                    "ValueError",
                    format!(
                        "Cannot assign \"{shown}\": \"{}.{name}\" must be a \"{}\" instance.",
                        instance.class.name, relation.target
                    ),
                ));
            }
        }
        with_state(instance, |state| state.cache.insert(name.into(), value.clone()));
        if let (RelationKind::OneToOne, Value::Instance(target), Some(accessor)) =
            (relation.kind, value, &relation.accessor)
        {
            let owner = Value::Instance(instance.clone());
            with_state(target, |state| state.cache.insert(accessor.clone(), owner));
        }
        Ok(())
    }

    /// `place.restaurant = value`
    pub(super) fn set_reverse(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        reverse: &Reverse,
        value: &Value,
    ) -> Outcome<()> {
        let world = &self.world;
        let (Some(accessor), Some(source)) =
            (&reverse.accessor, world.named(&reverse.source).cloned())
        else {
            return Ok(());
        };
        let Some(relation) = source.relation(&reverse.source_field) else { return Ok(()) };
        match value {
            Value::None => {
                let known =
                    with_state(instance, |state| state.cache.swap_remove(accessor)).flatten();
                if let Some(other @ Value::Instance(_)) = known {
                    machine.set_attribute(&other, &relation.name, Value::None)?;
                }
            }
            Value::Instance(other)
                if world.model_of(&other.class).is_some_and(|at| world.is_kind_of(at, &source)) =>
            {
                if let Some(key) = &relation.key {
                    let own = self.model();
                    let to = own.as_ref().and_then(|own| {
                        super::query::field_of(world, own, &key.to_field).map(|(_, field)| field)
                    });
                    let held = to.and_then(|to| instance.get(&to.attname));
                    let held = held.unwrap_or_else(|| key_of(world, instance));
                    other.set(&key.attname, held);
                }
                let this = Value::Instance(instance.clone());
                with_state(instance, |state| state.cache.insert(accessor.clone(), value.clone()));
                with_state(other, |state| state.cache.insert(relation.name.clone(), this));
            }
            other => {
                let shown = machine.repr(other)?;
                let message = format!(
                    "Cannot assign \"{shown}\": \"{}.{accessor}\" must be a \"{}\" instance.",
                    instance.class.name, source.name
                );
                return Err(raise("ValueError", message));
            }
        }
        Ok(())
    }

    /// `Model(…)`: the fields of a new instance.
    pub(super) fn fill(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        args: Args,
    ) -> Outcome<()> {
        let Some(model) = self.model() else { return Ok(()) };
        let mut keywords = args.keywords;
        let mut take = |name: &str| {
            let at = keywords.iter().position(|(keyword, _)| &**keyword == name)?;
            Some(keywords.remove(at).1)
        };
        if let Some(value) = take("pk") {
            self.set_key(&model, instance, &value);
        }
        let mut positional = args.positional.into_iter();
        for field in self.fields(&model) {
            let related = if field.relation { take(&field.name) } else { None };
            if let Some(related) = related {
                instance.set(&field.attname, Value::None);
                self.set_relation(machine, instance, &field.name, &related)?;
                continue;
            }
            let value = match positional.next().or_else(|| take(&field.attname)) {
                Some(value) => value,
                None => match instance.get(&field.attname) {
                    Some(value) => value,
                    None => default(machine, field)?,
                },
            };
            instance.set(&field.attname, value);
        }
        if positional.next().is_some() {
            return Err(raise("IndexError", "Number of args exceeds number of fields"));
        }
        for (name, value) in std::mem::take(&mut keywords) {
            if instance.class.get(&name).is_some_and(|member| matches!(member, Value::Object(_))) {
                instance.set(&name, value);
                continue;
            }
            let others = instance.class.get(crate::world::OTHERS);
            if let Some(Value::Tuple(others)) = &others
                && others.iter().any(|other| other.as_str() == Some(&name))
                && self.relation(&model, &name).is_none()
            {
                return Err(crate::eval::refuse(format!(
                    "`{name}` is not supported here: it is no column, as of a generic relation."
                )));
            }
            let many =
                self.relation(&model, &name).is_some_and(|relation| relation.through.is_some());
            return Err(raise(
                "TypeError",
                if many {
                    format!(
                        "Direct assignment to the forward side of a many-to-many set is prohibited. Use {name}.set() instead."
                    )
                } else {
                    format!("{}() got unexpected keyword arguments: '{name}'", instance.class.name)
                },
            ));
        }
        Ok(())
    }
}
