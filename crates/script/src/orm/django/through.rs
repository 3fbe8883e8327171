//! What the rows of through models hold.

use super::instance::key_of;
use super::related::Related;
use crate::value::{Instance, Value};
use crate::world::Model;

impl Related {
    /// The value that a through model's row holds for this instance.
    pub(super) fn own(&self, through: &Model, near: &str) -> Value {
        let model = self.world.model_of(&self.instance.class).and_then(|at| self.world.model(at));
        let key = through.relation(near).and_then(|relation| relation.key.as_ref());
        let field = model.zip(key).and_then(|(model, key)| {
            super::query::field_of(&self.world, model, &key.to_field).map(|(_, field)| field)
        });
        let held = field.and_then(|field| self.instance.get(&field.attname));
        held.unwrap_or_else(|| self.key())
    }

    /// The value that a through model's row holds for an instance of the other side.
    pub(super) fn theirs(&self, through: &Model, far: &str, instance: &Instance) -> Value {
        let target = self.target_model();
        let field = target.as_ref().and_then(|to| super::path::referred(through, far, to));
        let held = field.and_then(|field| instance.get(&field.attname));
        held.unwrap_or_else(|| key_of(&self.world, instance))
    }
}
