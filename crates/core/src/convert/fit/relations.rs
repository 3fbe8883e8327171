//! Foreign keys, one-to-ones, and what all relations share.

use std::collections::HashSet;

use super::*;

impl Fitter<'_> {
    /// Relations to models that are not in the file (those of another app): only the project's own ORM knows them.
    pub(super) fn relations_to_others(&mut self, schema: &mut Schema) {
        if self.same {
            return;
        }
        let here: HashSet<String> = schema.models.iter().map(|model| model.name.clone()).collect();
        for model in &mut schema.models {
            let (name, keys) = (model.name.clone(), model.primary_key.clone());
            model.fields.retain_mut(|field| match &mut field.shape {
                Shape::Column(_) => true,
                Shape::Key(key) if here.contains(&key.target) => true,
                Shape::Many(many) if here.contains(&many.target) => true,
                Shape::Key(key) => {
                    let why =
                        "That model is not in this file. A plain column for its key stands here.";
                    self.say(
                        &name,
                        Some(&field.name),
                        format!("The relation to {}", key.target),
                        why,
                    );
                    super::plain::plain(field, &keys);
                    true
                }
                Shape::Many(many) => {
                    let why = "That model is not in this file, so the relation is left out.";
                    self.say(
                        &name,
                        Some(&field.name),
                        format!("The many-to-many to {}", many.target),
                        why,
                    );
                    false
                }
            });
        }
    }

    pub(super) fn relations(&mut self, schema: &mut Schema) {
        for model in &mut schema.models {
            let name = model.name.clone();
            for field in &mut model.fields {
                match &mut field.shape {
                    Shape::Column(_) => {}
                    Shape::Key(key) => {
                        let primary =
                            model.primary_key.as_slice() == std::slice::from_ref(&field.name);
                        self.key(&name, &field.name, primary, key);
                    }
                    Shape::Many(many) => {
                        if many.symmetrical
                            && self.lacks(
                                Feature::Symmetrical,
                                &name,
                                Some(&field.name),
                                "Symmetry",
                            )
                        {
                            many.symmetrical = false;
                        }
                    }
                }
            }
        }
        if self.writer.cannot(Feature::LateKey).is_some() && !self.same {
            self.late_keys(schema);
        }
    }

    /// Keys to models that stand further down in any order.
    fn late_keys(&mut self, schema: &mut Schema) {
        let late = super::through::late(schema);
        for model in &mut schema.models {
            let name = model.name.clone();
            for field in &mut model.fields {
                let Shape::Key(key) = &mut field.shape else { continue };
                if key.constraint
                    && late.contains(&(name.clone(), field.name.clone()))
                    && self.lacks(
                        Feature::LateKey,
                        &name,
                        Some(&field.name),
                        "A key in a circle of models",
                    )
                {
                    key.constraint = false;
                }
            }
        }
    }

    fn key(&mut self, model: &str, field: &str, primary: bool, key: &mut KeyShape) {
        let at = Some(field);
        if key.parent_link
            && self.lacks(
                Feature::Inheritance,
                model,
                None,
                "Inheritance from a model with a table",
            )
        {
            key.parent_link = false;
        }
        if key.one_to_one
            && self.lacks(Feature::OneToOne, model, at, "One-to-one as a kind of its own")
        {
            key.one_to_one = false;
            key.unique = !primary;
            key.index = false;
        }
        if key.unique
            && !key.one_to_one
            && self.lacks(Feature::UniqueKey, model, at, "A unique foreign key")
        {
            key.one_to_one = true;
        }
        if let Some(to) = &key.to_field {
            let what = format!("A key to `{to}`, which is not the primary key");
            if self.lacks(Feature::ToField, model, at, what) {
                key.to_field = None;
            }
        }
        if key.default.is_some()
            && self.lacks(Feature::KeyDefault, model, at, "A default for a relation")
        {
            key.default = None;
        }
        self.on_delete(model, field, key);
        if key.on_update != Action::NoAction {
            let what = format!("ON UPDATE {}", key.on_update.sql());
            if self.lacks(Feature::OnUpdate, model, at, what) {
                key.on_update = Action::NoAction;
            }
        }
        // Also in its own ORM: there it is a reference that was never looked up.
        if !key.constraint
            && let Some(why) = self.writer.cannot(Feature::Unenforced)
            && !(self.same && self.writer.cannot(Feature::LateKey).is_some())
        {
            self.say(model, at, "A key that the database does not enforce", why);
            key.constraint = true;
        }
    }

    fn on_delete(&mut self, model: &str, field: &str, key: &mut KeyShape) {
        let has = |action: Action| self.writer.actions.contains(&action);
        if !self.same && !has(key.on_delete) {
            let instead = match key.on_delete {
                Action::Protect if has(Action::Restrict) => Action::Restrict,
                Action::Restrict if has(Action::Protect) => Action::Protect,
                Action::SetValue if key.null && has(Action::SetNull) => Action::SetNull,
                Action::Protect
                | Action::Restrict
                | Action::SetValue
                | Action::NoAction
                | Action::Cascade
                | Action::SetNull
                | Action::SetDefault => Action::NoAction,
            };
            let what = format!("{} on deletion", key.on_delete.sql());
            let why = format!("The ORM has no such action. {} stands here.", instead.sql());
            self.say(model, Some(field), what, why);
            key.on_delete = instead;
        }
        if key.on_delete == Action::SetNull
            && !key.null
            && self.lacks(
                Feature::SetNullOnRequired,
                model,
                Some(field),
                "SET NULL for a key that cannot be NULL",
            )
        {
            key.on_delete = Action::NoAction;
        }
        if key.on_delete == Action::SetDefault
            && key.default.is_none()
            && self.lacks(
                Feature::SetDefaultWithoutDefault,
                model,
                Some(field),
                "SET DEFAULT without a default",
            )
        {
            key.on_delete = if key.null { Action::SetNull } else { Action::NoAction };
        }
    }
}
