//! `Model.objects`

use std::any::Any;
use std::rc::Rc;

use super::queryset::QuerySet;
use crate::Machine;
use crate::value::{Class, Object, Outcome, Value};
use crate::world::World;

/// A manager: every call starts a new query set.
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
        // A manager has no `delete`: that would empty the table by mistake.
        if name == "delete" {
            return Ok(None);
        }
        Rc::new(QuerySet::all(self.world.clone(), self.model)).attribute(machine, name)
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
