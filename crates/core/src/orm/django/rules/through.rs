//! Many-to-many relations through declared models, with the foreign keys that could make the pairs.

use crate::document::{Field, RelationKind, RelationSpec, Span};
use crate::orm::django::registry::{Class, Relation, Target, Through};
use crate::orm::django::rules::Context;

/// A many-to-many through a declared model.
pub(super) struct Pairing<'r> {
    cx: &'r Context<'r>,
    /// The model that declares it.
    pub(super) class: &'r Class<'r>,
    /// The field.
    pub(super) field: &'r Field,
    /// Its options.
    pub(super) spec: &'r RelationSpec,
    /// The relation.
    pub(super) relation: &'r Relation<'r>,
    /// The through model.
    pub(super) through: &'r Class<'r>,
}

/// All of them.
pub(super) fn pairings<'r>(cx: &'r Context<'_>) -> impl Iterator<Item = Pairing<'r>> {
    cx.registry.relations.iter().filter_map(move |relation| {
        let Some(Through::Model(Target::Class(through))) = relation.through else { return None };
        Some(Pairing {
            cx,
            class: cx.registry.class(relation.class)?,
            field: relation.field?,
            spec: relation.spec()?,
            relation,
            through: cx.registry.class(through)?,
        })
    })
}

impl<'r> Pairing<'r> {
    /// Whether the relation leads to the model that declares it.
    pub(super) fn to_itself(&self) -> bool {
        self.relation.target_index() == Some(self.class.index)
    }

    /// The target's name, as Django's messages have it.
    pub(super) fn target_name(&self) -> &'r str {
        match self.relation.target_index().and_then(|index| self.cx.registry.class(index)) {
            Some(class) => class.name(),
            None => self.spec.target.as_ref().map_or("", |target| target.text.as_str()),
        }
    }

    /// The place of `through=`.
    pub(super) fn span(&self) -> Span {
        self.spec.through.as_ref().map_or(self.field.name.span, |through| through.span)
    }

    /// Foreign keys of the through model to the model that declares the relation.
    pub(super) fn keys_from(&self) -> Vec<&'r str> {
        self.keys(|key| key.target_index() == Some(self.class.index))
    }

    /// Foreign keys of the through model to the target.
    pub(super) fn keys_to(&self) -> Vec<&'r str> {
        self.keys(|key| match (&self.relation.target, &key.target) {
            // Django compares the names of missing models as they are written, the relation's with its app.
            (Target::Missing(app, name), Target::Missing(..)) => key
                .spec()
                .and_then(|spec| spec.target.as_ref())
                .is_some_and(|target| target.text == format!("{app}.{name}")),
            (Target::Imported, Target::Imported) => {
                let path = |relation: &Relation<'_>| {
                    relation.spec().and_then(|spec| spec.target.clone()).map(|target| target.text)
                };
                path(self.relation) == path(key)
            }
            _ => key.target_index().is_some() && key.target_index() == self.relation.target_index(),
        })
    }

    fn keys(&self, fits: impl Fn(&Relation<'_>) -> bool) -> Vec<&'r str> {
        let registry = self.cx.registry;
        let fields = registry.all_fields(self.through.index).into_iter();
        let keys = fields.filter_map(|(_, local)| {
            Some((local.name.as_ref(), registry.relations.get(local.relation?)?))
        });
        keys.filter(|(_, key)| key.kind != RelationKind::ManyToMany && fits(key))
            .map(|(name, _)| name)
            .collect()
    }
}
