//! Stage 2 for Django: what the classes of the registry are to everyone else.
//!
//! Recorded: `django/001` to `013`, `022`, `039`, `041`, `070`; source: `django/db/models/fields/related.py` and
//! `reverse_related.py` of 5.2.

mod fields;
mod generic;
mod relations;
mod through;

pub(super) use generic::foreign_object;

use rustc_hash::FxHashMap;

use super::registry::{APP, Class, Registry};
use crate::document::{Meta, Name};
use crate::resolve::{Forward, Parent, Resolved, ResolvedModel, Reverse};

/// Runs the stage: the user's own models first, then the through models, then those of Django's own apps.
pub(super) fn resolve(registry: &Registry<'_>) -> Resolved {
    let mut result = Building {
        registry,
        models: Vec::with_capacity(registry.classes.len()),
        places: FxHashMap::default(),
        ends: Vec::new(),
    };
    let library: &[Class<'_>] = if reaches_library(registry) { &registry.library } else { &[] };
    result.add_all(&registry.classes);
    result.add_all(library);
    result.finish()
}

/// Whether a class is among the models: of several of one name the one that stays.
fn is_shown(class: &Class<'_>) -> bool {
    !(class.is_abstract() || class.apart) && (class.installed || class.app() != APP)
}

/// Whether a later class of its name has taken its place.
fn is_replaced(class: &Class<'_>) -> bool {
    !(is_shown(class) || class.is_abstract() || class.apart || class.swapped)
}

/// Whether the file inherits from Django's own apps or points at them.
fn reaches_library(registry: &Registry<'_>) -> bool {
    let is_foreign = |at: usize| registry.class(at).is_some_and(|class| class.foreign);
    let inherits = |class: &Class<'_>| class.mro.iter().any(|at| is_foreign(*at));
    registry.classes.iter().any(inherits)
        || registry
            .relations
            .iter()
            .filter(|relation| !is_foreign(relation.class))
            .any(|relation| relation.ends().any(is_foreign))
}

/// What a class is called: those of other apps with the app before the name.
fn name(class: &Class<'_>) -> String {
    if class.foreign { class.label() } else { class.name().to_owned() }
}

struct Building<'r, 'a> {
    registry: &'r Registry<'a>,
    models: Vec<ResolvedModel>,
    /// Places among `models`, by class.
    places: FxHashMap<usize, usize>,
    /// The reverse sides, each with the class where it ends.
    ends: Vec<(usize, Reverse)>,
}

impl<'a> Building<'_, 'a> {
    /// Adds the classes, then the through models that are made for them.
    fn add_all(&mut self, classes: &[Class<'a>]) {
        for class in classes.iter().filter(|class| is_shown(class)) {
            self.places.insert(class.index, self.models.len());
            let model = self.model(class);
            self.models.push(model);
        }
        for class in classes.iter().filter(|class| is_shown(class)) {
            self.add_throughs(class);
        }
        // What stood between the sides of a class that was declared again stays, without a table (`django/413`).
        for class in classes.iter().filter(|class| is_replaced(class)) {
            self.add_throughs(class);
        }
    }

    fn add_throughs(&mut self, owner: &Class<'a>) {
        for local in &owner.many {
            let made = through::model(self.registry, owner, local);
            let Some((model, ends)) = made else { continue };
            if is_replaced(owner) && self.models.iter().any(|other| other.name == model.name) {
                continue;
            }
            for (end, forward) in ends.iter().zip(&model.forward) {
                self.note(*end, &model.name, forward);
            }
            self.models.push(model);
        }
    }

    fn model(&mut self, class: &Class<'a>) -> ResolvedModel {
        let registry = self.registry;
        let name = name(class);
        let primary_key = composite(class);
        let fields = fields::of(registry, class, primary_key.as_deref().unwrap_or_default());
        let mut forward = Vec::new();
        for local in class.locals() {
            let relation = local.relation.and_then(|at| registry.relations.get(at));
            let Some(relation) = relation else { continue };
            let made = relations::forward(registry, class, local, relation);
            self.note(relation.target.meant(), &name, &made);
            forward.push(made);
        }
        let private = class.private.iter();
        let parent = |(at, link): &(usize, Option<usize>)| {
            let link = link.and_then(|place| class.fields.get(place));
            let link = link.map(|local| local.name.clone().into_owned());
            // A class that a later one of its name has replaced is no model; its name means the other.
            let parent = registry.class(*at).filter(|parent| parent.foreign || is_shown(parent))?;
            Some(Parent { model: self::name(parent), link })
        };
        ResolvedModel {
            name,
            declared: (!class.foreign).then_some(class.index),
            app: class.app().to_owned(),
            table: class.table.clone().into_owned(),
            meta: Meta { primary_key, ..class.meta.clone().into_owned() },
            parents: class.parents.iter().filter_map(parent).collect(),
            proxy: class.is_proxy(),
            fields,
            forward,
            reverse: Vec::new(),
            generic: private.filter_map(|local| generic::resolve(registry, class, local)).collect(),
            generated_by: None,
        }
    }

    /// Keeps the other side of a relation.
    fn note(&mut self, target: Option<usize>, source: &str, forward: &Forward) {
        let Some(target) = target else { return };
        let reverse = Reverse {
            accessor: forward.accessor.clone(),
            query_name: forward.query_name.clone(),
            kind: forward.kind,
            source: source.to_owned(),
            source_field: forward.field.clone(),
            origin: forward.origin,
            hidden: forward.hidden,
            parent_link: forward.parent_link,
        };
        let target = self.registry.staying(target);
        self.ends.push((self.registry.concrete(target), reverse));
    }

    fn finish(mut self) -> Resolved {
        for (class, reverse) in self.ends {
            let place = self.places.get(&class);
            if let Some(model) = place.and_then(|place| self.models.get_mut(*place)) {
                model.reverse.push(reverse);
            }
        }
        Resolved::new(self.models)
    }
}

/// The fields of a composite primary key, its own or inherited.
fn composite(class: &Class<'_>) -> Option<Vec<Name>> {
    let key = class.fields.iter().find(|local| local.primary_key && local.column.is_none())?;
    let names = key.written?.args.iter().filter(|arg| arg.keyword.is_none());
    let name = |arg: &crate::document::Argument| {
        Some(Name { text: arg.value.as_str()?.to_owned(), span: arg.value_span })
    };
    Some(names.filter_map(name).collect())
}
