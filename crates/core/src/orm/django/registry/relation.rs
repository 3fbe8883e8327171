//! Where relations lead, and by which names they are followed backwards.

use std::borrow::Cow;

use super::{Class, Local, Registry};
use crate::document::{
    Document, Field, RelationKind, RelationSpec, Span, Target as WrittenTarget, TargetForm,
};
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
    /// A model that nobody declares: the app's label, the name as written.
    Missing(String, String),
    /// A class that an import brings; this tool cannot look into it.
    Imported,
    /// A Python name that nothing binds, or an expression that is not understood.
    Unknown,
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
}

impl<'a> Relation<'a> {
    /// The class where it ends, if that is known here.
    pub(crate) fn target_index(&self) -> Option<usize> {
        match self.target {
            Target::Class(index) | Target::Abstract(index) | Target::Replaced(index) => Some(index),
            Target::Missing(..) | Target::Imported | Target::Unknown => None,
        }
    }

    /// Its declared options.
    pub(crate) fn spec(&self) -> Option<&'a RelationSpec> {
        self.spec
    }
}

/// Finds the targets of all relations.
pub(super) fn resolve<'a>(registry: &mut Registry<'a>, document: &'a Document) {
    let mut relations: Vec<Relation<'a>> = Vec::new();
    let own = registry.own;
    for index in (own..own + registry.library.len()).chain(0..own) {
        let Some(class) = registry.class(index).filter(|class| !class.is_abstract()) else {
            continue;
        };
        let mut places = Vec::new();
        for (many, locals) in [(false, &class.fields), (true, &class.many)] {
            for (place, local) in locals.iter().enumerate() {
                let made = match (local.spec, local.link) {
                    (Some(spec), _) => Some(declared(registry, document, class, local, spec)),
                    (None, Some(parent)) => Some(parent_link(registry, class, &local.name, parent)),
                    (None, None) => None,
                };
                if let Some(relation) = made {
                    places.push((many, place, relations.len()));
                    relations.push(Relation {
                        index: relations.len(),
                        field: local.field,
                        origin: local.origin,
                        parent_link: local.link.is_some() || relation.parent_link,
                        ..relation
                    });
                }
            }
        }
        if let Some(class) = registry.class_mut(index) {
            for (many, place, at) in places {
                let locals = if many { &mut class.many } else { &mut class.fields };
                if let Some(local) = locals.get_mut(place) {
                    local.relation = Some(at);
                }
            }
        }
    }
    for relation in &relations {
        let from_installed =
            registry.class(relation.class).is_some_and(|class| class.installed || class.foreign);
        if let (true, Some(target)) = (from_installed, relation.target_index()) {
            let target = registry.concrete(target);
            if let Some(list) = registry.incoming.get_mut(target) {
                list.push(relation.index);
            }
        }
    }
    registry.relations = relations;
}

fn parent_link<'a>(
    registry: &Registry<'a>,
    class: &Class<'a>,
    name: &str,
    parent: usize,
) -> Relation<'a> {
    let child = class.name().to_lowercase();
    let installed = registry.class(parent).is_some_and(|class| class.installed || class.foreign);
    Relation {
        index: 0,
        class: class.index,
        name: Cow::Owned(name.to_owned()),
        field: None,
        spec: None,
        origin: None,
        kind: RelationKind::OneToOne,
        target: if installed { Target::Class(parent) } else { Target::Replaced(parent) },
        through: None,
        parent_link: true,
        related_name: None,
        accessor: Some(child.clone()),
        query_name: child,
        hidden: false,
    }
}

fn declared<'a>(
    registry: &Registry<'a>,
    document: &Document,
    class: &Class<'a>,
    local: &Local<'a>,
    spec: &'a RelationSpec,
) -> Relation<'a> {
    let many = spec.kind == RelationKind::ManyToMany;
    let target = spec
        .target
        .as_ref()
        .map_or(Target::Unknown, |target| find(registry, document, class, target));
    let itself = spec.target.as_ref().is_some_and(|target| target.form == TargetForm::Itself);
    let symmetrical = many && spec.symmetrical.unwrap_or(itself);
    let child = class.name().to_lowercase();
    let fill = |text: &str, model_name: &str| {
        text.replace("%(class)s", &child)
            .replace("%(app_label)s", &class.app().to_lowercase())
            .replace("%(model_name)s", model_name)
    };
    let default = class.meta.default_related_name.as_ref();
    let written =
        spec.related_name.as_ref().map(|name| name.text.as_str()).filter(|name| !name.is_empty());
    let to_own_name = spec.target.as_ref().is_some_and(|target| {
        itself || (target.form == TargetForm::Text && target.text == class.name())
    });
    let related_name = if symmetrical && to_own_name {
        Some(format!("{}_rel_+", local.name))
    } else if many && written.is_some_and(|name| name.ends_with('+')) {
        Some(format!("_{}_{child}_{}_+", class.app(), local.name))
    } else {
        written.or(default.map(|name| name.text.as_str())).map(|name| fill(name, &child))
    };
    let hidden = related_name.as_deref().is_some_and(|name| name.ends_with('+'));
    let own_reverse = symmetrical
        && matches!(target, Target::Class(index) if registry.concrete(index) == class.index);
    let accessor = if own_reverse {
        None
    } else {
        Some(related_name.clone().unwrap_or_else(|| {
            if spec.kind == RelationKind::OneToOne { child.clone() } else { format!("{child}_set") }
        }))
    };
    let query = spec.related_query_name.as_ref().map(|name| fill(&name.text, "%(model_name)s"));
    let through = many.then(|| {
        spec.through.as_ref().map_or(Through::Generated, |through| {
            Through::Model(find(registry, document, class, through))
        })
    });
    Relation {
        index: 0,
        class: class.index,
        name: local.name.clone(),
        field: None,
        spec: Some(spec),
        origin: None,
        kind: spec.kind,
        target,
        through,
        parent_link: spec.parent_link,
        accessor,
        query_name: query.or_else(|| related_name.clone()).unwrap_or(child),
        related_name: related_name
            .or_else(|| spec.related_name.as_ref().map(|name| name.text.clone())),
        hidden,
    }
}

/// The model that is meant, at the time at which the ORM looks for it: when the class that names it is made.
fn find(
    registry: &Registry<'_>,
    document: &Document,
    class: &Class<'_>,
    target: &WrittenTarget,
) -> Target {
    let at = |index: usize| registry.class(index).map_or(Target::Unknown, of_class);
    match target.form {
        TargetForm::Itself => of_class(class),
        TargetForm::Class if class.foreign => {
            registry.in_library(&target.text).map_or(Target::Unknown, at)
        }
        TargetForm::Class => bound_at(registry, &target.text, target.span)
            .map_or_else(|| imported(registry, document, target), at),
        TargetForm::Text => {
            let (app, name) = target.text.split_once('.').unwrap_or((class.app(), &target.text));
            let named = registry
                .named
                .get(&format!("{app}.{}", name.to_lowercase()))
                .map(Vec::as_slice)
                .unwrap_or_default();
            let own = !class.foreign;
            let before = named.iter().rev().find(|index| own && **index <= class.index);
            match before.or_else(|| named.first()) {
                Some(index) => at(*index),
                None => Target::Missing(app.to_owned(), name.to_owned()),
            }
        }
    }
}

/// A class that an import brings: one of the ORM's own apps, or one that cannot be looked into.
fn imported(registry: &Registry<'_>, document: &Document, target: &WrittenTarget) -> Target {
    let first = target.text.split('.').next().unwrap_or_default();
    let import = document.imports.iter().find(|import| import.name == first);
    let Some(path) = target.path.as_deref().or(import.map(|import| import.path.as_str())) else {
        return Target::Unknown;
    };
    let name =
        if path.ends_with(".AUTH_USER_MODEL") { Some("User") } else { path.rsplit('.').next() };
    let of_library = path.starts_with("django.contrib.") || path.ends_with(".AUTH_USER_MODEL");
    match name
        .filter(|_| of_library)
        .and_then(|name| registry.in_library(name))
        .and_then(|index| registry.class(index))
    {
        Some(class) => of_class(class),
        None => Target::Imported,
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

/// The class to which Python has bound the name when it reads this place.
fn bound_at(registry: &Registry<'_>, name: &str, span: Span) -> Option<usize> {
    let bound = registry.bound.get(name)?;
    bound.iter().rev().copied().find(|index| {
        registry.class(*index).is_some_and(|class| class.model.span.end <= span.start)
    })
}
