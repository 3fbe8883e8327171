//! Calls at the left margin that change classes.

use std::borrow::Cow;
use throughline_order::Arrange as _;

use super::{Attribute, ClassId, IndexEntry, Kind, Through, What, World};
use crate::check::Moment;
use crate::document::{ModuleCall, Value};
use crate::resolve::Origin;

impl<'a> World<'a> {
    /// Does what a call does: `Through.set_model(Model)`, `Model.add_index(…)`, `db.bind([…])`, `db.create_tables([…])`.
    pub(super) fn call(&mut self, call: &'a ModuleCall) {
        self.moment = Moment { at: call.span.end, step: 0 };
        let Some((receiver, method)) = call.callee.text.rsplit_once('.') else { return };
        match method {
            "set_model" => self.set_through(receiver, call),
            "add_index" => {
                if let Some(id) = self.named(receiver)
                    && let Some(class) = self.classes.get_mut(id)
                {
                    class.indexes.push(IndexEntry::Added { class: id, args: &call.args });
                }
            }
            "add_field" => {
                if let Some(name) = receiver.strip_suffix("._meta") {
                    self.late_field(name, call);
                }
            }
            "bind" | "set_database" => {
                let receiver = receiver.strip_suffix("._meta").unwrap_or(receiver);
                match self.named(receiver) {
                    // With its relations, as far as they reach.
                    Some(id) => self.set_bound(id),
                    None => self.listed(call).into_iter().for_each(|id| self.set_bound(id)),
                }
            }
            "create_tables" => {
                let models = self.listed(call);
                self.create(&models, call);
            }
            "create_table" => {
                if let Some(id) = self.named(receiver) {
                    self.create(&[id], call);
                }
            }
            _ => {}
        }
    }

    /// `Model._meta.add_field("name", Field())`.
    fn late_field(&mut self, name: &str, call: &ModuleCall) {
        let Some(class) = self.named(name) else { return };
        let document = self.document;
        let Some(at) = self.class(class).and_then(|class| class.model) else { return };
        let fields = document.models.get(at).map_or(&[][..], |model| &model.fields);
        let Some((index, field)) =
            fields.iter().enumerate().find(|(_, field)| field.span == call.span)
        else {
            return;
        };
        let object = self.field(field, Origin { model: at, field: index });
        self.add_field(class, Cow::Borrowed(field.name.text.as_str()), object);
    }

    fn set_bound(&mut self, id: ClassId) {
        if let Some(class) = self.classes.get_mut(id) {
            class.bound = true;
        }
    }

    /// The classes that the first argument lists.
    fn listed(&self, call: &ModuleCall) -> Vec<ClassId> {
        let first = call.args.first().and_then(|arg| arg.value.as_list()).unwrap_or_default();
        let name = |value: &Value| match value {
            Value::Name(path) => self.named(path),
            _ => None,
        };
        first.iter().filter_map(name).collect()
    }

    /// Tables can only be made of classes that have a database.
    fn create(&mut self, models: &[ClassId], call: &ModuleCall) {
        let unbound = self
            .sorted(models)
            .into_iter()
            .find(|id| self.class(*id).is_some_and(|class| !class.bound));
        if let Some(id) = unbound {
            self.fault(What::Unbound(id, call.callee.span), Some(id), None);
        }
    }

    /// `sort_models`: by name, each after those that it references.
    pub(in crate::orm::peewee) fn sorted(&self, models: &[ClassId]) -> Vec<ClassId> {
        let mut names: Vec<ClassId> = models.to_vec();
        names.arrange_by_key(|id| {
            self.class(*id).map(|class| (class.lower.as_str(), class.table.as_ref(), *id))
        });
        names.dedup();
        let within: rustc_hash::FxHashSet<ClassId> = names.iter().copied().collect();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut order = Vec::with_capacity(names.len());
        // Depth first with a stack of our own: an entry is met twice, the second time with its references done.
        let mut stack: Vec<(ClassId, bool)> = names.iter().rev().map(|id| (*id, false)).collect();
        while let Some((id, references_done)) = stack.pop() {
            if references_done {
                order.push(id);
                continue;
            }
            let Some(class) = self.class(id).filter(|_| within.contains(&id) && seen.insert(id))
            else {
                continue;
            };
            stack.push((id, true));
            let depends = class.option("depends_on").and_then(Value::as_list).unwrap_or_default();
            let depends = depends.iter().filter_map(|value| match value {
                Value::Name(path) => self.named(path),
                _ => None,
            });
            let references = class.refs.iter().filter(|(_, key)| {
                !matches!(self.object(*key).map(|key| &key.kind), Some(Kind::Key(key)) if key.deferred)
            });
            let next: Vec<ClassId> = references.map(|(to, _)| *to).chain(depends).collect();
            stack.extend(next.into_iter().rev().map(|id| (id, false)));
        }
        order
    }

    /// `DeferredThroughModel.set_model`, or that of a key that waits for its model.
    fn set_through(&mut self, receiver: &str, call: &'a ModuleCall) {
        let Some(Value::Name(path)) = call.args.first().map(|arg| &arg.value) else { return };
        let Some(model) = self.named(path) else { return };
        if let Some((class, field)) = receiver.rsplit_once('.') {
            let attribute = self
                .named(class)
                .and_then(|class| self.class(class))
                .and_then(|class| class.attribute(field));
            if let Some(Attribute::Field(object)) = attribute
                && matches!(self.object(object).map(|object| &object.kind), Some(Kind::Deferred(_)))
            {
                self.set_model(object, model);
            }
            return;
        }
        let waiting = self.waiting.get(receiver).cloned().unwrap_or_default();
        for (class, object, name) in waiting {
            if let Some(Kind::Many(many)) =
                self.objects.get_mut(object).map(|object| &mut object.kind)
            {
                many.through = Through::Class(model);
            }
            self.add_field(class, name, object);
        }
    }
}
