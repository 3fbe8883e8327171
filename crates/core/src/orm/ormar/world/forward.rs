//! `update_forward_refs`, and what is left open at the end.
//!
//! Source: `NewBaseModel.update_forward_refs` in `ormar/models/newbasemodel.py`; recorded in `ormar/010`, `ormar/011`, `ormar/019`.

use super::{FieldForm, Kind, Ref, World};

impl<'a> World<'a> {
    /// Resolves the open relations of a class.
    pub(super) fn update_forward_refs(&mut self, class: usize) {
        let Some(config) = self.config(class) else { return };
        let fields: Vec<usize> = config.fields.iter().map(|(_, field)| field).collect();
        for id in fields {
            if self.field(id).is_some_and(super::FieldState::is_open) {
                self.resolve(class, id);
            }
        }
        self.make_table(class);
        if let Some(config) = self.config_mut(class) {
            config.requires_update = false;
        }
    }

    fn resolve(&mut self, class: usize, id: usize) {
        let Some(field) = self.field(id) else { return };
        let (to, through) = (field.to.clone(), field.through.clone());
        if let Ref::Forward(name) = to {
            match self.evaluate(class, id, name) {
                Some(target) => self.aim(class, id, Ref::Class(target)),
                None => return,
            }
        }
        if let Ref::Forward(name) = through {
            let Some(model) = self.evaluate(class, id, name) else { return };
            self.forbid_relations(class, id, model);
            if let Some(field) = self.fields.get_mut(id) {
                field.through = Ref::Class(model);
            }
        }
        self.complete(class, id);
    }

    /// What follows once the target is known.
    fn complete(&mut self, class: usize, id: usize) {
        let config = |class: usize| self.class(class).and_then(|class| class.config);
        let Some(field) = self.field(id) else { return };
        let itself = match (&field.to, field.owner) {
            (Ref::Class(target), Some(owner)) => {
                *target == owner || config(*target) == config(owner)
            }
            _ => false,
        };
        let needs_through = field.form == FieldForm::ManyToMany && field.through == Ref::Absent;
        if let Some(field) = self.fields.get_mut(id) {
            field.self_reference |= itself;
        }
        if needs_through {
            self.default_through(id, class);
        }
        self.expand(class, id);
        self.register_alias(class, id);
        self.update_column(class, id);
    }

    fn evaluate(&mut self, class: usize, id: usize, name: &'a str) -> Option<usize> {
        if let Some(found) = self.named(name) {
            return Some(found);
        }
        // What is imported is there, if not here.
        if self.document.imports.iter().any(|import| import.name == name) {
            return None;
        }
        let message = format!("name '{name}' is not defined");
        if let Some(problem) =
            self.raise(Kind::UnknownForwardRef, "NameError", message, class, Some(id))
        {
            problem.name = name.to_owned();
        }
        None
    }

    /// The end of the file: notes what is still open, and then puts together what the ORM refused to, for the diagram's sake.
    pub(super) fn finish(&mut self) {
        for class in 0..self.classes.len() {
            let open = self
                .config(class)
                .is_some_and(|config| config.requires_update && !config.is_abstract);
            let declared = self.class(class).and_then(|class| class.declared);
            if open && declared.is_some() {
                let name = self.name(class);
                let message = format!(
                    "Model {} has not updated ForwardRefs. \nBefore using the model you need to call update_forward_refs().",
                    name.to_lowercase()
                );
                self.raise(Kind::UnresolvedForwardRef, "ModelError", message, class, None);
            }
        }
        self.check_references();
        self.quiet = true;
        for id in 0..self.fields.len() {
            let Some(field) = self.field(id) else { continue };
            let (Ref::Late(name), Some(owner)) = (field.to.clone(), field.owner) else { continue };
            let Some(target) = self.named(name) else { continue };
            self.aim(owner, id, Ref::Class(target));
            self.complete(owner, id);
        }
        for class in 0..self.classes.len() {
            if self.config(class).is_some_and(|config| !config.requires_update) {
                self.make_table(class);
            }
        }
    }
}
