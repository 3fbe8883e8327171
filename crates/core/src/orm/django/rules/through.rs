//! Many-to-many relations through declared models, with the foreign keys that could make the pairs.

use crate::document::{Field, RelationKind, RelationSpec, Span};
use crate::orm::django::registry::{Class, Relation, Target, Through};
use crate::orm::django::resolve::foreign_object;
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
        self.keys(|target, _| target.index() == Some(self.class.index))
    }

    /// Foreign keys of the through model to the target.
    pub(super) fn keys_to(&self) -> Vec<&'r str> {
        let written = |spec: Option<&'r RelationSpec>| Some(&spec?.target.as_ref()?.text);
        self.keys(|target, spec| match (&self.relation.target, target) {
            // Django compares the names of missing models as they are written, the relation's with its app.
            (Target::Missing(app, name), Target::Missing(..)) => {
                written(spec).is_some_and(|text| *text == format!("{app}.{name}"))
            }
            (Target::Imported, Target::Imported) => written(self.relation.spec()) == written(spec),
            (own, target) => target.index().is_some() && target.index() == own.index(),
        })
    }

    /// Those of the through model's keys whose target fits. A `ForeignObject` counts as one.
    fn keys(&self, fits: impl Fn(&Target, Option<&'r RelationSpec>) -> bool) -> Vec<&'r str> {
        let registry = self.cx.registry;
        let fields = registry.all_fields(self.through.index).into_iter();
        let keys = fields.filter_map(|(_, local)| {
            let key = registry.relations.get(local.relation?)?;
            let is_key = key.kind != RelationKind::ManyToMany;
            (is_key && fits(&key.target, key.spec())).then_some(local.name.as_ref())
        });
        let objects = self.through.private.iter().filter_map(|local| {
            let target = foreign_object(registry, self.through, local)?;
            fits(&target, None).then_some(local.name.as_ref())
        });
        keys.chain(objects).collect()
    }
}
