//! Reverse sides: what a relation puts on its target.
//!
//! Source: `ormar/models/helpers/relations.py`; recorded in `ormar/017`, `ormar/018`, `ormar/035`, `ormar/040`.

use super::field::blank;
use super::{FieldForm, FieldState, Kind, Ref, Text, World};

impl<'a> World<'a> {
    /// Registers the reverse sides of all relations of a class.
    pub(super) fn expand_all(&mut self, class: usize) {
        let Some(config) = self.config(class) else { return };
        let fields: Vec<usize> = config.fields.iter().map(|(_, field)| field).collect();
        match self.classes.get_mut(class) {
            // A copy that is made while the class itself is at it does what the class does next anyway.
            Some(class) if class.expanding => return,
            Some(class) => class.expanding = true,
            None => return,
        }
        for id in fields {
            self.expand(class, id);
        }
        if let Some(class) = self.classes.get_mut(class) {
            class.expanding = false;
        }
    }

    /// Registers the reverse side of one relation, where its name is free.
    pub(super) fn expand(&mut self, class: usize, id: usize) {
        let Some(field) = self.field(id) else { return };
        if !field.is_relation() || field.form == FieldForm::Through || field.is_open() {
            return;
        }
        let Ref::Class(target) = field.to else { return };
        let Some(owner) = field.owner else {
            let message = "'NoneType' object has no attribute 'get_name'";
            self.raise(Kind::SharedConfig, "AttributeError", message, class, Some(id));
            return;
        };
        let Some(name) = self.related_name(id) else { return };
        let lower = self.lower(owner).to_owned();
        let has = |name: &str| self.config(target).and_then(|config| config.fields.get(name));
        let (taken, shadowed) = (has(&name), has(&lower));
        if let Some(taken) = taken {
            self.verify(class, id, &name, taken);
        }
        if let Some(shadowed) = shadowed {
            self.verify(class, id, &lower, shadowed);
        }
        if taken.is_none() && shadowed.is_none() {
            self.register(class, id, owner, target, name);
        }
    }

    /// The name of a relation's reverse side.
    pub(in crate::orm::ormar) fn related_name(&self, id: usize) -> Option<Text<'a>> {
        let field = self.field(id)?;
        let given = field.related_name.clone().filter(|name| !name.is_empty());
        given.or_else(|| Some(Text::from(format!("{}s", self.lower(field.owner?)))))
    }

    /// A name that is taken may be so by the model's own relation: by its reverse side, but also by one that points at it.
    fn verify(&mut self, class: usize, id: usize, name: &str, taken: usize) {
        let Some(field) = self.field(id) else { return };
        let (owner, target) = (field.owner, field.to.clone());
        let by = match self.field(taken).map(|taken| &taken.to) {
            Some(Ref::Class(by)) => {
                let config = |class: usize| self.class(class).and_then(|class| class.config);
                if owner.is_some_and(|owner| owner == *by || config(owner) == config(*by)) {
                    return;
                }
                let target = if let Ref::Class(target) = target { self.name(target) } else { "" };
                let message = format!(
                    "Relation with related_name '{name}' leading to model {target} cannot be used on model {} because it's already used by model {}",
                    owner.map_or("", |owner| self.name(owner)),
                    self.name(*by)
                );
                (Kind::ReverseNameTaken, "ModelDefinitionError", message)
            }
            Some(Ref::Forward(_)) => (
                Kind::ReverseNameIsField,
                "AttributeError",
                "'ForwardRef' object has no attribute 'ormar_config'".to_owned(),
            ),
            Some(Ref::Absent | Ref::Late(_)) => (
                Kind::ReverseNameIsField,
                "AttributeError",
                "'NoneType' object has no attribute 'ormar_config'".to_owned(),
            ),
            None => return,
        };
        let (kind, exception, message) = by;
        if let Some(problem) = self.raise(kind, exception, message, class, Some(id)) {
            problem.other = Some(taken);
            problem.name = name.to_owned();
        }
    }

    fn register(&mut self, class: usize, id: usize, owner: usize, target: usize, name: Text<'a>) {
        let Some(field) = self.field(id) else { return };
        let many = field.form == FieldForm::ManyToMany;
        let skip = field.skip_reverse;
        let mut reverse = blank(name.clone(), field.form);
        reverse.origin = field.origin;
        reverse.is_virtual = true;
        reverse.related_name = Some(field.name.clone());
        reverse.owner = Some(target);
        reverse.self_reference = field.self_reference;
        reverse.skip_field = skip;
        if many {
            reverse.through = field.through.clone();
            let (to_owner, to_target) = field.through_names.clone();
            reverse.through_names = (to_target, to_owner);
        }
        let reverse_id = self.fields.len();
        self.fields.push(reverse);
        self.aim(class, reverse_id, Ref::Class(owner));
        if let Some(config) = self.config_mut(target) {
            config.fields.set(name, reverse_id);
        }
        if many {
            self.shortcuts(id, owner, target);
            self.adjust_through(id);
        }
        if many || !skip {
            self.rebuild(class, id, owner, target);
        }
        if !skip {
            // pydantic sees a copy of the model, and making the copy registers its relations once more.
            self.expand_all(owner);
        }
    }

    /// Both ends get an attribute for the through model, named after it; a field of that name gives way.
    fn shortcuts(&mut self, id: usize, owner: usize, target: usize) {
        let Some(field) = self.field(id) else { return };
        let Ref::Class(through) = field.through else { return };
        let name = Text::from(self.lower(through).to_owned());
        let related =
            [(owner, field.name.clone()), (target, self.related_name(id).unwrap_or_default())];
        let origin = field.origin;
        for (model, related) in related {
            let mut shortcut = blank(name.clone(), FieldForm::Through);
            shortcut.is_virtual = true;
            shortcut.origin = origin;
            shortcut.to = Ref::Class(through);
            shortcut.owner = Some(model);
            shortcut.related_name = Some(related);
            let shortcut_id = self.fields.len();
            self.fields.push(shortcut);
            if let Some(config) = self.config_mut(model) {
                config.fields.set(name.clone(), shortcut_id);
            }
        }
    }

    /// pydantic builds the target's schema again, and must know all names in it (`model_rebuild`).
    fn rebuild(&mut self, class: usize, id: usize, owner: usize, target: usize) {
        if !self.forward {
            return;
        }
        let missing = [target, owner].into_iter().find_map(|model| {
            let config = self.config(model)?;
            config.fields.iter().find_map(|(_, field)| {
                let field = self.field(field)?;
                let Ref::Forward(name) = field.to else { return None };
                let known = self.name(owner) == name
                    || self.named(name).is_some()
                    || self.document.imports.iter().any(|import| import.name == name);
                (!known).then(|| name.to_owned())
            })
        });
        if let Some(name) = missing {
            let message = format!(
                "name '{name}' is not defined\n\nFor further information visit https://errors.pydantic.dev/2.13/u/undefined-annotation"
            );
            if let Some(problem) = self.raise(
                Kind::EarlyForwardRef,
                "PydanticUndefinedAnnotation",
                message,
                class,
                Some(id),
            ) {
                problem.name = name;
            }
        }
    }

    /// Names for joins are given to every relation; a many-to-many asks its through model for that (`register_many_to_many_relation_on_build`).
    pub(super) fn register_aliases(&mut self, class: usize) {
        let Some(config) = self.config(class) else { return };
        let fields: Vec<usize> = config.fields.iter().map(|(_, field)| field).collect();
        for id in fields {
            self.register_alias(class, id);
        }
    }

    /// Fails where the through model has no key to the owner.
    pub(super) fn register_alias(&mut self, class: usize, id: usize) {
        let Some(field) = self.field(id) else { return };
        if field.form != FieldForm::ManyToMany || field.is_open() {
            return;
        }
        let Ref::Class(through) = field.through else { return };
        let Some((source, target)) = self.through_names(id) else { return };
        let has = |name: &str| {
            self.config(through).is_some_and(|config| config.fields.get(name).is_some())
        };
        let Some(missing) = [source, target].into_iter().find(|name| !has(name)) else { return };
        let message = format!("'{missing}'");
        if let Some(problem) =
            self.raise(Kind::ThroughIncomplete, "KeyError", message, class, Some(id))
        {
            problem.name = missing.into_owned();
        }
    }

    /// Whether a class has another field than this one under its name: what it inherits, or what replaces it.
    pub(in crate::orm::ormar) fn is_inherited_elsewhere(&self, id: usize, class: usize) -> bool {
        let name = self.field(id).map(|field| field.name.clone()).unwrap_or_default();
        self.config(class).is_none_or(|config| config.fields.get(&name) != Some(id))
    }

    /// Whether a relation's reverse side is on its target.
    pub(in crate::orm::ormar) fn registered(
        &self,
        field: &FieldState<'a>,
        name: &str,
    ) -> Option<usize> {
        let Ref::Class(target) = field.to else { return None };
        let id = self.config(target)?.fields.get(name)?;
        let reverse = self.field(id)?;
        let is_it = reverse.is_virtual
            && reverse.related_name.as_deref() == Some(&*field.name)
            && matches!((&reverse.to, field.owner), (Ref::Class(to), Some(owner)) if self.name(*to) == self.name(owner));
        is_it.then_some(id)
    }
}
