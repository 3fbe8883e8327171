//! Where relations lead, and by which names they are followed backwards.

use std::borrow::Cow;

use super::{Class, Local, Registry};
use crate::document::{
    Field, RelationKind, RelationSpec, Span, Target as WrittenTarget, TargetForm,
};
use crate::orm::django::{contrib, names};
use crate::resolve::Origin;

/// What a relation names as its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A class that the running ORM knows.
    Class(usize),
    /// An abstract class, named as a class.
    Abstract(usize),
    /// A class that a later one of the same name has replaced.
    Replaced(usize),
    /// A class that is named before it is made, which ends the import.
    Late(usize),
    /// A model that nobody declares: the app's label, the name as written.
    Missing(String, String),
    /// A class that an import brings; this tool cannot look into it.
    Imported,
    /// A Python name that nothing binds, or an expression that is not understood.
    Unknown,
}

impl Target {
    /// The class where it ends, if the ORM gets that far.
    pub(crate) fn index(&self) -> Option<usize> {
        match self {
            Self::Class(index) | Self::Abstract(index) | Self::Replaced(index) => Some(*index),
            Self::Late(_) | Self::Missing(..) | Self::Imported | Self::Unknown => None,
        }
    }

    /// The class with a table that is meant, also where the ORM never gets that far.
    pub(crate) fn meant(&self) -> Option<usize> {
        match self {
            Self::Class(index) | Self::Replaced(index) | Self::Late(index) => Some(*index),
            Self::Abstract(_) | Self::Missing(..) | Self::Imported | Self::Unknown => None,
        }
    }
}

/// What stands behind a many-to-many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Through {
    /// A model that the ORM makes.
    Generated,
    /// A declared model.
    Model(Target),
}

/// A relation of a class that is not abstract.
#[derive(Clone, Debug)]
pub(crate) struct Relation<'a> {
    /// Its place in [`Registry::relations`].
    pub index: usize,
    /// The class.
    pub class: usize,
    /// The field's name.
    pub name: Cow<'a, str>,
    /// Its declaration; `None` for a link to a parent that the ORM makes.
    pub field: Option<&'a Field>,
    /// Its declared options.
    spec: Option<&'a RelationSpec>,
    /// Where that stands.
    pub origin: Option<Origin>,
    /// Which kind.
    pub kind: RelationKind,
    /// Where it leads.
    pub target: Target,
    /// What stands behind a many-to-many.
    pub through: Option<Through>,
    /// Whether it is the link to a parent with a table.
    pub parent_link: bool,
    /// The related name as the ORM keeps it, placeholders filled in; a hidden many-to-many has one of the ORM's own.
    pub related_name: Option<String>,
    /// The reverse attribute's name, also where it is hidden; `None` for a symmetrical many-to-many.
    pub accessor: Option<String>,
    /// The name in filters.
    pub query_name: String,
    /// Whether there is no reverse side.
    pub hidden: bool,
    /// Whether a many-to-many to its own model is symmetrical.
    pub symmetrical: bool,
}

impl<'a> Relation<'a> {
    /// The class where it ends, if that is known here.
    pub(crate) fn target_index(&self) -> Option<usize> {
        self.target.index()
    }

    /// The classes with a table that it names: the target, the through model.
    pub(crate) fn ends(&self) -> impl Iterator<Item = usize> {
        let through = match &self.through {
            Some(Through::Model(through)) => through.meant(),
            Some(Through::Generated) | None => None,
        };
        self.target.meant().into_iter().chain(through)
    }

    /// Its declared options.
    pub(crate) fn spec(&self) -> Option<&'a RelationSpec> {
        self.spec
    }
}

/// Finds the targets of all relations.
pub(super) fn resolve(registry: &mut Registry<'_>) {
    let mut relations: Vec<Relation<'_>> = Vec::new();
    let own = registry.own;
    for index in (own..own + registry.library.len()).chain(0..own) {
        let Some(class) = registry.class(index).filter(|class| !class.is_abstract()) else {
            continue;
        };
        let first = relations.len();
        let mut made = 0;
        let mut places = Vec::new();
        for local in class.locals() {
            let relation = match (local.spec(), local.link) {
                (Some(spec), _) => declared(registry, class, local, spec),
                (None, Some(parent)) => parent_link(registry, class, local, parent),
                (None, None) => {
                    places.push(None);
                    continue;
                }
            };
            places.push(Some(first + made));
            relations.push(Relation { index: first + made, ..relation });
            made += 1;
        }
        if let Some(class) = registry.class_mut(index) {
            let locals = class.fields.iter_mut().chain(&mut class.many);
            locals.zip(places).for_each(|(local, place)| local.relation = place);
        }
    }
    for relation in &relations {
        let is_known =
            |at: usize| registry.class(at).is_some_and(|class| class.installed || class.foreign);
        let target = relation.target_index().map(|target| registry.concrete(target));
        // Both ends have to be among the models that the ORM knows: only for those it looks for what points at them.
        if let Some(target) = target.filter(|target| is_known(relation.class) && is_known(*target))
            && let Some(list) = registry.incoming.get_mut(target)
        {
            list.push(relation.index);
        }
    }
    registry.relations = relations;
}

fn parent_link<'a>(
    registry: &Registry<'a>,
    class: &Class<'a>,
    local: &Local<'a>,
    parent: usize,
) -> Relation<'a> {
    let installed = registry.class(parent).is_some_and(|class| class.installed || class.foreign);
    let related_name = default_related_name(class);
    let name = related_name.clone().unwrap_or_else(|| class.model_name.clone());
    Relation {
        index: 0,
        class: class.index,
        name: local.name.clone(),
        field: None,
        spec: None,
        origin: None,
        kind: RelationKind::OneToOne,
        target: if installed { Target::Class(parent) } else { Target::Replaced(parent) },
        through: None,
        parent_link: true,
        hidden: name.ends_with('+'),
        accessor: Some(name.clone()),
        query_name: name,
        related_name,
        symmetrical: false,
    }
}

fn declared<'a>(
    registry: &Registry<'a>,
    class: &Class<'a>,
    local: &Local<'a>,
    spec: &'a RelationSpec,
) -> Relation<'a> {
    let many = spec.kind == RelationKind::ManyToMany;
    let written = spec.target.as_ref();
    let target = written.map_or(Target::Unknown, |target| registry.find(class, target));
    let itself = written.is_some_and(|target| target.form == TargetForm::Itself);
    let symmetrical = many && spec.symmetrical.unwrap_or(itself);
    let related_name = related_name(class, local, spec, symmetrical);
    let hidden = related_name.as_deref().is_some_and(|name| name.ends_with('+'));
    let own_reverse =
        symmetrical && target.meant().is_some_and(|at| registry.concrete(at) == class.index);
    let accessor = match (&related_name, spec.kind) {
        _ if own_reverse => None,
        (Some(name), _) => Some(name.clone()),
        (None, RelationKind::OneToOne) => Some(class.model_name.clone()),
        (None, RelationKind::ForeignKey | RelationKind::ManyToMany) => {
            Some(format!("{}_set", class.model_name))
        }
    };
    let query = spec.related_query_name.as_ref().map(|name| name.text.as_str());
    let query = query.filter(|name| !name.is_empty()).map(|name| {
        let app = class.app().to_lowercase();
        names::percent(name, &[("class", &class.model_name), ("app_label", &app)])
    });
    let through = many.then(|| {
        spec.through
            .as_ref()
            .map_or(Through::Generated, |through| Through::Model(registry.find(class, through)))
    });
    let name = || related_name.clone().unwrap_or_else(|| class.model_name.clone());
    Relation {
        index: 0,
        class: class.index,
        name: local.name.clone(),
        field: local.field,
        spec: Some(spec),
        origin: local.origin,
        kind: spec.kind,
        target,
        through,
        parent_link: local.link.is_some() || (spec.parent_link && !many),
        accessor,
        query_name: query.unwrap_or_else(name),
        related_name: related_name
            .or_else(|| spec.related_name.as_ref().map(|name| name.text.clone())),
        hidden,
        symmetrical,
    }
}

/// The related name as the ORM keeps it: placeholders filled in, or what it puts in the place of a hidden one.
fn related_name(
    class: &Class<'_>,
    local: &Local<'_>,
    spec: &RelationSpec,
    symmetrical: bool,
) -> Option<String> {
    let given = spec.related_name.as_ref().map(|name| name.text.as_str());
    let given = given.filter(|name| !name.is_empty());
    let to_own_name = |target: &WrittenTarget| match target.form {
        TargetForm::Itself => true,
        TargetForm::Text => target.text == class.name(),
        TargetForm::Class => false,
    };
    if symmetrical && spec.target.as_ref().is_some_and(to_own_name) {
        return Some(format!("{}_rel_+", local.name));
    }
    if spec.kind == RelationKind::ManyToMany && given.is_some_and(|name| name.ends_with('+')) {
        return Some(format!("_{}_{}_{}_+", class.app(), class.model_name, local.name));
    }
    given.map(|text| fill_in(class, text)).or_else(|| default_related_name(class))
}

fn default_related_name(class: &Class<'_>) -> Option<String> {
    let default = class.meta.default_related_name.as_ref().map(|name| name.text.as_str());
    default.filter(|name| !name.is_empty()).map(|text| fill_in(class, text))
}

fn fill_in(class: &Class<'_>, text: &str) -> String {
    let (name, app) = (class.model_name.as_str(), class.app().to_lowercase());
    names::percent(text, &[("class", name), ("model_name", name), ("app_label", &app)])
}

impl<'a> Registry<'a> {
    /// The model that is meant, at the time at which the ORM looks for it: when the class that names it is made.
    pub(crate) fn find(&self, class: &Class<'_>, target: &WrittenTarget) -> Target {
        let at = |index: usize| self.class(index).map_or(Target::Unknown, of_class);
        match target.form {
            TargetForm::Itself => of_class(class),
            TargetForm::Class if class.foreign => {
                self.in_library(&target.text).map_or(Target::Unknown, at)
            }
            TargetForm::Class => match self.bound_at(&target.text, target.span) {
                // Django goes by the name of what it is given: of an abstract class a model may have the same.
                Some(index) => match at(index) {
                    Target::Abstract(index) => self
                        .class(index)
                        .and_then(|meant| self.by_name(class, meant.app(), meant.name()))
                        .map_or(Target::Abstract(index), at),
                    other => other,
                },
                None => self.imported_target(target),
            },
            TargetForm::Text => {
                let (app, name) =
                    target.text.split_once('.').unwrap_or((class.app(), &target.text));
                self.by_name(class, app, name)
                    .map_or_else(|| Target::Missing(app.to_owned(), name.to_owned()), at)
            }
        }
    }

    /// The model of this name when `class` asks for it: the last one so far, or the first to come.
    fn by_name(&self, class: &Class<'_>, app: &str, name: &str) -> Option<usize> {
        let named = self.named.get(&name.to_lowercase()).map(Vec::as_slice);
        let of_app = |at: &usize| self.class(*at).is_some_and(|class| class.app() == app);
        let mut named = named.unwrap_or_default().iter().copied().filter(of_app);
        let first = named.clone().next();
        named.rfind(|index| !class.foreign && *index <= class.index).or(first)
    }

    /// The class to which Python has bound the name when it reads this place.
    fn bound_at(&self, name: &str, span: Span) -> Option<usize> {
        let bound = self.bound.get(name)?;
        let made = |index: &usize| {
            self.class(*index).is_some_and(|class| class.model.span.end <= span.start)
        };
        bound.iter().rev().copied().find(made)
    }

    /// A class that an import brings: one of the ORM's own apps, or one that cannot be looked into.
    fn imported_target(&self, target: &WrittenTarget) -> Target {
        let first = target.text.split('.').next().unwrap_or_default();
        if target.path.is_none() && !self.imports.contains_key(first) {
            let later = self.bound.get(target.text.as_str()).and_then(|bound| bound.last());
            return later.map_or(Target::Unknown, |index| Target::Late(*index));
        }
        let path = target.path.clone().unwrap_or_else(|| self.import(&target.text));
        match self.imported(&path).and_then(|at| self.class(at)) {
            Some(class) => of_class(class),
            // The setting is a text, and no one has the model that it names.
            None if path == contrib::USER_SETTING => Target::Missing("auth".into(), "User".into()),
            None => Target::Imported,
        }
    }
}

fn of_class(class: &Class<'_>) -> Target {
    if class.is_abstract() {
        Target::Abstract(class.index)
    } else if class.installed || class.foreign {
        Target::Class(class.index)
    } else {
        Target::Replaced(class.index)
    }
}
