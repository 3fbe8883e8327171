//! The call that makes a field object.
//!
//! Source: `ForeignKey` in `ormar/fields/foreign_key.py`, `ManyToMany` in `ormar/fields/many_to_many.py`, `ormar/fields/base.py`.

use super::{FieldForm, FieldState, Kind, Ref, Text, World};
use crate::document::{Field, FieldKind, RelationKind, RelationSpec, Target, TargetForm, Value};
use crate::orm::ormar::fields::{self, boolean};
use crate::resolve::Origin;

/// The action in SQL.
pub(in crate::orm::ormar) fn action(name: &str) -> Option<&'static str> {
    Some(match name {
        "CASCADE" => "CASCADE",
        "RESTRICT" => "RESTRICT",
        "SET_NULL" => "SET NULL",
        "SET_DEFAULT" => "SET DEFAULT",
        "DO_NOTHING" => "NO ACTION",
        _ => return None,
    })
}

fn borrowed(name: Option<&crate::document::Name>) -> Option<Text<'_>> {
    name.map(|name| Text::from(name.text.as_str()))
}

/// A field object with nothing set.
pub(super) fn blank<'a>(name: Text<'a>, form: FieldForm) -> FieldState<'a> {
    FieldState {
        origin: None,
        declared: None,
        name,
        alias: None,
        form,
        primary_key: false,
        nullable: true,
        sql_nullable: true,
        unique: false,
        index: false,
        auto: false,
        ty: None,
        native: None,
        to: Ref::Absent,
        through: Ref::Absent,
        related_name: None,
        is_virtual: false,
        owner: None,
        self_reference: false,
        skip_reverse: false,
        skip_field: false,
        through_names: (None, None),
        through_nullable: (true, true),
        through_keys: (None, None),
        on_delete: None,
        on_update: None,
        reference: None,
        key_name: None,
    }
}

impl<'a> World<'a> {
    /// Makes the field object of a declaration.
    pub(super) fn declare(&mut self, class: usize, origin: Origin, field: &'a Field) -> usize {
        self.at = field.span.end;
        let id = self.fields.len();
        let mut state = blank(Text::from(field.name.text.as_str()), FieldForm::Plain);
        state.origin = Some(origin);
        state.declared = Some(field);
        state.alias = borrowed(field.column.as_ref());
        state.sql_nullable = field.null;
        state.unique = field.unique;
        state.index = field.index.unwrap_or(false);
        // What is virtual is no column to ormar, and a relation's other side.
        state.is_virtual =
            fields::value(None, &field.args, "virtual").and_then(fields::truth) == Some(true);
        match &field.kind {
            FieldKind::Column(column) => {
                state.primary_key = field.primary_key;
                state.auto = column.auto;
                state.ty = Some(column.ty.clone());
                state.native = column.native.as_deref();
                self.fields.push(state);
            }
            FieldKind::Virtual => self.fields.push(state),
            FieldKind::Relation(spec) => {
                state.nullable = boolean(&field.args, "nullable").unwrap_or(true);
                state.related_name = borrowed(spec.related_name.as_ref());
                state.skip_reverse = spec.skip_reverse;
                self.relate(&mut state, field, spec);
                self.fields.push(state);
                self.point(class, id, spec);
            }
        }
        id
    }

    fn relate(&self, state: &mut FieldState<'a>, field: &'a Field, spec: &'a RelationSpec) {
        let text = |name: &str| match fields::value(None, &field.args, name) {
            Some(Value::Str(text)) => Some(Text::from(text.as_str())),
            _ => None,
        };
        match spec.kind {
            RelationKind::ForeignKey | RelationKind::OneToOne => {
                state.form = FieldForm::ForeignKey;
                state.on_delete = spec.on_delete.as_ref().and_then(|name| action(&name.text));
                state.on_update = spec.on_update.as_ref().and_then(|name| action(&name.text));
                state.key_name = text("foreign_key_name");
            }
            RelationKind::ManyToMany => {
                state.form = FieldForm::ManyToMany;
                // `index` is a word for columns.
                state.index = false;
                state.through_names = (
                    borrowed(spec.through_columns.0.as_ref()),
                    borrowed(spec.through_columns.1.as_ref()),
                );
                let may = |name| boolean(&field.args, name).unwrap_or(true);
                state.through_nullable =
                    (may("through_relation_nullable"), may("through_reverse_relation_nullable"));
                state.through_keys =
                    (text("through_foreign_key_name"), text("through_reverse_foreign_key_name"));
            }
        }
    }

    /// Finds what a relation names, at the moment at which Python evaluates its call.
    fn point(&mut self, class: usize, id: usize, spec: &'a RelationSpec) {
        let through = match &spec.through {
            Some(target) => self.look_up(target),
            None => Ref::Absent,
        };
        if let Ref::Class(model) = through {
            self.forbid_relations(class, id, model);
        }
        let to = spec.target.as_ref().map_or(Ref::Absent, |target| self.look_up(target));
        if let Ref::Class(target) = to
            && self.config(target).is_some_and(|config| config.legacy)
        {
            let message = "'ModelMetaclass' object has no attribute 'ormar_config'";
            self.raise(Kind::InvalidTarget, "AttributeError", message, class, Some(id));
        }
        if let Some(state) = self.fields.get_mut(id) {
            state.through = through;
        }
        self.forward |= matches!(to, Ref::Forward(_));
        self.aim(class, id, to);
        self.complain_about_target(class, id, spec);
    }

    fn look_up(&self, target: &'a Target) -> Ref<'a> {
        match target.form {
            TargetForm::Class => {
                self.named(&target.text).map_or(Ref::Late(&target.text), Ref::Class)
            }
            TargetForm::Text | TargetForm::Itself => Ref::Forward(&target.text),
        }
    }

    /// Sets a relation's target, and what is derived from it.
    pub(super) fn aim(&mut self, class: usize, id: usize, mut to: Ref<'a>) {
        let mut derived = None;
        if let Ref::Class(target) = to {
            match self.key_of(target) {
                Some(key) => {
                    let table = self.config(target).and_then(|config| config.tablename.clone());
                    let column = match &key.alias {
                        Some(alias) => alias.clone(),
                        None => key.name.clone(),
                    };
                    derived =
                        Some((key.ty.clone(), key.native, table.map(|table| (table, column))));
                }
                None => {
                    self.no_target(class, id, target);
                    to = self.class(target).map_or(Ref::Absent, |_| Ref::Absent);
                }
            }
        }
        if let Some(state) = self.fields.get_mut(id) {
            state.to = to;
            if let Some((ty, native, reference)) = derived {
                state.ty = ty;
                state.native = native;
                state.reference = reference;
            }
        }
    }

    /// A class that no relation can point at: it has no configuration, or no primary key.
    fn no_target(&mut self, class: usize, id: usize, target: usize) {
        let many = self.field(id).is_some_and(|field| field.form == FieldForm::ManyToMany);
        let name = self.class(target).map(|class| class.name.to_string()).unwrap_or_default();
        let (kind, exception, message) = match self.config(target) {
            Some(_) => (Kind::AbstractTarget, "KeyError", "None".to_owned()),
            None if self.is_model(target) => (
                Kind::InvalidTarget,
                "AttributeError",
                "'ModelMetaclass' object has no attribute 'ormar_config'".to_owned(),
            ),
            None => {
                let missing = if many { "ormar_config" } else { "get_column_alias" };
                (
                    Kind::InvalidTarget,
                    "AttributeError",
                    format!("type object '{name}' has no attribute '{missing}'"),
                )
            }
        };
        if let Some(problem) = self.raise(kind, exception, message, class, Some(id)) {
            problem.name = name;
        }
    }

    /// Whether `ormar.Model` is among a class's ancestors.
    pub(in crate::orm::ormar) fn is_model(&self, class: usize) -> bool {
        let Some(class) = self.class(class) else { return false };
        let Some(model) = class.declared.and_then(|at| self.document.models.get(at)) else {
            return true;
        };
        let known = |base: &str| {
            class.bases.iter().any(|id| self.class(*id).is_some_and(|class| class.name == base))
        };
        model
            .bases
            .iter()
            .any(|base| base.path == "Model" || base.path.ends_with(".Model") || !known(&base.path))
            || class.bases.iter().any(|base| self.is_model(*base))
    }

    /// A string is no model, whatever it says.
    fn complain_about_target(&mut self, class: usize, id: usize, spec: &'a RelationSpec) {
        let Some(declared) = self.field(id).and_then(|field| field.declared) else { return };
        let known = declared.base.and_then(fields::known);
        let written = fields::argument(known, &declared.args, "to").map(|arg| &arg.value);
        let missing = match spec.kind {
            RelationKind::ManyToMany => "ormar_config",
            RelationKind::ForeignKey | RelationKind::OneToOne => "get_column_alias",
        };
        let of = match written {
            Some(Value::Str(_)) => "'str' object",
            Some(Value::Int(_)) => "'int' object",
            Some(Value::None) => "'NoneType' object",
            Some(Value::List(_)) => "'list' object",
            Some(Value::Bool(_)) => "'bool' object",
            Some(Value::Dict(_)) => "'dict' object",
            _ => return,
        };
        let late = match &spec.target {
            Some(target) if matches!(written, Some(Value::Str(_))) => {
                Ref::Late(target.text.as_str())
            }
            _ => Ref::Absent,
        };
        if let Some(field) = self.fields.get_mut(id) {
            field.to = late;
        }
        self.raise(
            Kind::InvalidTarget,
            "AttributeError",
            format!("{of} has no attribute '{missing}'"),
            class,
            Some(id),
        );
    }
}
