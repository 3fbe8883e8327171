//! Models as names lead from one to another.

use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::Gather as _;

use super::spelling::{Back, Spelling};
use crate::world::{Field, Model, Relation, Reverse, World};

/// Models, and how their ORM spells.
pub(super) struct Graph {
    pub(super) world: Rc<World>,
    pub(super) spelling: &'static Spelling,
}

/// What a name leads to.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// A field without a relation.
    Field(&'a Field),
    /// A relation, from the model that declares it.
    Forward(&'a Model, &'a Relation),
    /// A relation that another model declares.
    Back(&'a Reverse),
}

impl Step<'_> {
    /// The model that declares the relation, and the field in it.
    pub(super) fn declared(&self) -> Option<(&str, &str)> {
        match self {
            Self::Field(_) => None,
            Self::Forward(model, relation) => Some((&model.name, &relation.name)),
            Self::Back(reverse) => Some((&reverse.source, &reverse.source_field)),
        }
    }

    /// Whether it leads to many.
    pub(super) fn is_many(&self) -> bool {
        match self {
            Self::Field(_) => false,
            Self::Forward(_, relation) => relation.kind == RelationKind::ManyToMany,
            Self::Back(reverse) => reverse.kind != RelationKind::OneToOne,
        }
    }
}

impl Graph {
    /// The model at a place.
    pub(super) fn model(&self, at: usize) -> Option<&Model> {
        self.world.model(at).map(|model| &**model)
    }

    /// The model's name.
    pub(super) fn name(&self, at: usize) -> &str {
        self.model(at).map_or("", |model| &model.name)
    }

    /// A model and those that it inherits from, the nearest first.
    pub(super) fn line(&self, at: usize) -> Vec<&Model> {
        let mut out: Vec<&Model> = self.model(at).into_iter().gather();
        let mut next = 0;
        while let Some(model) = out.get(next).copied() {
            next += 1;
            let parents = model.parents.iter().filter_map(|(name, _)| self.world.named(name));
            for parent in parents {
                if !out.iter().any(|known| known.at == parent.at) {
                    out.push(parent);
                }
            }
        }
        out
    }

    /// All that a name in a lookup may lead to, with that name.
    pub(super) fn in_lookups(&self, at: usize) -> Vec<(&str, Step<'_>)> {
        self.names(at, |reverse| match self.spelling.back {
            Back::QueryName => (!reverse.hidden).then_some(&*reverse.query_name),
            Back::Accessor => reverse.accessor.as_deref(),
        })
    }

    /// All that an attribute of an instance may lead to, with its name.
    pub(super) fn on_instances(&self, at: usize) -> Vec<(&str, Step<'_>)> {
        self.names(at, |reverse| reverse.accessor.as_deref())
    }

    fn names<'a>(
        &'a self,
        at: usize,
        back: impl Fn(&'a Reverse) -> Option<&'a str>,
    ) -> Vec<(&'a str, Step<'a>)> {
        let mut out: Vec<(&str, Step<'_>)> = Vec::new();
        let mut add = |name: &'a str, step: Step<'a>| {
            if !out.iter().any(|(known, _)| *known == name) {
                out.push((name, step));
            }
        };
        for model in self.line(at) {
            for relation in &model.relations {
                add(&relation.name, Step::Forward(model, relation));
            }
            for field in &model.fields {
                add(&field.name, Step::Field(field));
            }
            for reverse in &model.reverse {
                if let Some(name) = back(reverse) {
                    add(name, Step::Back(reverse));
                }
            }
        }
        out
    }

    /// What a name in a lookup leads to.
    pub(super) fn by_lookup(&self, at: usize, name: &str) -> Option<Step<'_>> {
        let found = self.in_lookups(at).into_iter().find(|(known, _)| *known == name);
        found.map(|(_, step)| step).or_else(|| self.raw(at, name))
    }

    /// What an attribute of an instance leads to.
    pub(super) fn by_attribute(&self, at: usize, name: &str) -> Option<Step<'_>> {
        let found = self.on_instances(at).into_iter().find(|(known, _)| *known == name);
        found.map(|(_, step)| step).or_else(|| self.raw(at, name))
    }

    /// `author_id` and `pk`.
    fn raw(&self, at: usize, name: &str) -> Option<Step<'_>> {
        let line = self.line(at);
        let field = match name {
            "pk" => line.iter().rev().find_map(|model| model.key()),
            _ => line.iter().find_map(|model| model.field(name)),
        };
        field.map(Step::Field)
    }

    /// The model that a name leads to.
    pub(super) fn target(&self, step: &Step<'_>) -> Option<usize> {
        match step {
            Step::Field(_) => None,
            Step::Forward(_, relation) => self.world.find(&relation.target),
            Step::Back(reverse) => self.world.find(&reverse.source),
        }
    }
}
