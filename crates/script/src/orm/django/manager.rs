//! `Model.objects`

use std::any::Any;
use std::rc::Rc;

use super::instance::save;
use super::queryset::QuerySet;
use crate::Machine;
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::World;

/// A manager.
pub(super) struct Manager {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

impl Object for Manager {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Manager", "django.db.models.manager", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if name == "create" {
            return Ok(Some(Value::native("create", move |machine, args| {
                self.create(machine, args)
            })));
        }
        Rc::new(QuerySet::all(self.world.clone(), self.model)).attribute(machine, name)
    }
}

impl Manager {
    fn create(&self, machine: &mut Machine, args: Args) -> Outcome {
        let Some(class) = self.world.class(self.model) else { return Ok(Value::None) };
        let made = machine.call(&Value::Class(class), args)?;
        if let Value::Instance(instance) = &made {
            save(machine, &self.world, instance)?;
        }
        Ok(made)
    }
}
