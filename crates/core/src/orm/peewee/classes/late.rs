//! Relations that Peewee never gets to make: their target stands further down, or is named in quotes. So that half a file gives
//! half a diagram they are linked in the end, by name.

use super::{Kind, Referent, RelField, World};

impl World<'_> {
    /// Links what names a class that is there by the end of the file.
    pub(super) fn link_late(&mut self) {
        for id in 0..self.objects.len() {
            let Some(object) = self.objects.get(id) else { continue };
            let (wanted, field) = match &object.kind {
                Kind::Key(key) => (key.model, key.field),
                Kind::Many(many) => (many.model, RelField::Unset),
                Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Virtual => continue,
            };
            let Referent::Missing(name) = wanted else { continue };
            let Some(target) = self.named(name) else { continue };
            let known = self.faults.len();
            let found = self.rel_field(target, field, None, None);
            self.faults.truncate(known);
            let Some(object) = self.objects.get_mut(id) else { continue };
            let bound = object.class.is_some();
            match &mut object.kind {
                Kind::Key(key) => {
                    key.model = Referent::Class(target);
                    key.field = found;
                    if bound && let Some(class) = self.classes.get_mut(target) {
                        class.backrefs.push(id);
                    }
                }
                Kind::Many(many) => many.model = Referent::Class(target),
                Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Virtual => {}
            }
        }
    }
}
