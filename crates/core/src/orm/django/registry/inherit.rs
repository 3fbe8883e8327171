//! Inheritance of fields, step by step as Django's `ModelBase.__new__` and `Options._prepare` do it.
//!
//! Recorded: `django/022`, `django/054`, `django/239`, `django/240`; source: `django/db/models/base.py` of 5.2.

use std::borrow::Cow;
use throughline_order::Arrange as _;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Class, Local, Registry};
use crate::document::{Field, FieldKind, RelationKind, Value};
use crate::resolve::Origin;

/// Fields of the user's file come after those of Django's own apps.
const OWN: i64 = 1 << 40;
/// Fields that are added when a class is finished come last.
const LAST: i64 = 1 << 60;

/// A parent with a table, and the name of the field that links to it.
type Links<'a> = Vec<(usize, Option<Cow<'a, str>>)>;

/// Gives a class its fields: its own, those of abstract parents, links to parents with a table, the implicit key.
pub(super) fn fields<'a>(registry: &mut Registry<'a>, class: &mut Class<'a>) {
    declare(class);
    let mut links = Vec::new();
    if !class.bases.is_empty() {
        let declared = declared_links(registry, class);
        links = inherit(registry, class, &declared);
    }
    if !class.is_abstract() {
        finish(registry, class, &links);
    }
    class.fields.arrange_by_key(|local| local.counter);
    class.many.arrange_by_key(|local| local.counter);
    let place = |name: &str| class.fields.iter().position(|local| local.name == name);
    class.parents = links
        .iter()
        .map(|(parent, name)| (*parent, name.as_ref().and_then(|name| place(name))))
        .collect();
    for (parent, place) in &class.parents {
        if let Some(local) = place.and_then(|place| class.fields.get_mut(place)) {
            local.link = Some(*parent);
        }
    }
    class.key = class.fields.iter().position(|local| local.primary_key);
    class.key = class.key.filter(|_| !class.is_proxy());
}

/// The fields of its own body. A name that is bound twice there is bound to the last.
fn declare(class: &mut Class<'_>) {
    let model = class.model;
    let rebound: FxHashMap<&str, u32> = model
        .members
        .iter()
        .map(|member| (member.name.text.as_str(), member.name.span.start))
        .collect();
    let mut seen = FxHashSet::default();
    for (at, field) in model.fields.iter().enumerate().rev() {
        let name = field.name.text.as_str();
        let later = rebound.get(name).is_some_and(|start| *start > field.span.start);
        if seen.insert(name) && !later {
            let origin = Origin { model: class.index, field: at };
            add(class, declared(field, (!class.foreign).then_some(origin)));
        }
    }
    class.private.reverse();
}

fn declared(field: &Field, origin: Option<Origin>) -> Local<'_> {
    let name = Cow::Borrowed(field.name.text.as_str());
    let kind = field.relation().map(|relation| relation.kind);
    let is_key = kind.is_some_and(|kind| kind != RelationKind::ManyToMany);
    let attname = if is_key { Cow::Owned(format!("{name}_id")) } else { name.clone() };
    let has_column = match &field.kind {
        FieldKind::Column(_) => true,
        FieldKind::Relation(_) => is_key,
        FieldKind::Virtual => false,
    };
    let given = field.column.as_ref().map(|column| Cow::Borrowed(column.text.as_str()));
    let start = i64::from(field.name.span.start);
    Local {
        column: has_column.then(|| given.unwrap_or_else(|| attname.clone())),
        name,
        field: origin.and(Some(field)),
        written: Some(field),
        origin,
        attname,
        primary_key: field.primary_key || is_composite(field),
        relation: None,
        link: None,
        counter: if origin.is_some() { OWN + start } else { start },
    }
}

/// A field that the ORM adds.
fn made<'a>(name: Cow<'a, str>, counter: i64) -> Local<'a> {
    Local {
        attname: name.clone(),
        column: Some(name.clone()),
        name,
        field: None,
        written: None,
        origin: None,
        primary_key: false,
        relation: None,
        link: None,
        counter,
    }
}

fn is_composite(field: &Field) -> bool {
    field.kind == FieldKind::Virtual && field.class.text == "CompositePrimaryKey"
}

fn add<'a>(class: &mut Class<'a>, local: Local<'a>) {
    let list = match local.written.map(|field| &field.kind) {
        Some(FieldKind::Relation(relation)) if relation.kind == RelationKind::ManyToMany => {
            &mut class.many
        }
        Some(FieldKind::Virtual) if !local.primary_key => &mut class.private,
        Some(FieldKind::Virtual | FieldKind::Column(_) | FieldKind::Relation(_)) | None => {
            &mut class.fields
        }
    };
    list.push(local);
}

/// The declared links to parents (`OneToOneField(parent_link=True)`), by the parent; those of the class itself win.
fn declared_links<'a>(
    registry: &Registry<'a>,
    class: &Class<'a>,
) -> FxHashMap<usize, Cow<'a, str>> {
    let abstract_bases = class
        .bases
        .iter()
        .rev()
        .filter_map(|base| registry.class(*base))
        .filter(|base| base.is_abstract());
    let fields = abstract_bases.flat_map(|base| &base.fields).chain(&class.fields);
    let link = |local: &Local<'a>| {
        let spec = local.spec()?;
        let declared = spec.parent_link && spec.kind == RelationKind::OneToOne;
        let target = || registry.find(class, spec.target.as_ref()?).index();
        let parent = local.link.or_else(|| if declared { target() } else { None })?;
        Some((parent, local.name.clone()))
    };
    fields.filter_map(link).collect()
}

fn inherit<'a>(
    registry: &mut Registry<'a>,
    class: &mut Class<'a>,
    declared: &FxHashMap<usize, Cow<'a, str>>,
) -> Links<'a> {
    let mut links = Links::new();
    let own: FxHashSet<Cow<'a, str>> =
        class.locals().chain(&class.private).map(|local| local.name.clone()).collect();
    // What stands in the class's own dictionary, and what it has already inherited.
    let mut taken: FxHashSet<Cow<'a, str>> = dictionary(class).collect();
    for at in class.mro.clone().into_iter().skip(1) {
        let mut pointer = None;
        let Some(base) = registry.class(at) else { continue };
        if !class.bases.contains(&at) {
            taken.extend(dictionary(base));
            continue;
        }
        if base.is_abstract() {
            let free: Vec<Local<'a>> =
                base.locals().filter(|local| !taken.contains(&local.name)).cloned().collect();
            for local in free {
                taken.extend([local.name.clone(), local.attname.clone()]);
                add(class, local);
            }
            for (parent, place) in &base.parents {
                let link = place.and_then(|place| base.fields.get(place));
                set_link(&mut links, *parent, link.map(|local| local.name.clone()));
            }
        } else {
            taken.extend(base.locals().map(|local| local.name.clone()));
            let parent = base.concrete;
            let name = declared.get(&parent).cloned().or_else(|| {
                let parent = registry.class(parent).filter(|_| !class.is_proxy())?;
                pointer = Some(Cow::Owned(format!("{}_ptr", parent.model_name)));
                pointer.clone()
            });
            set_link(&mut links, parent, name);
        }
        let composite = base
            .fields
            .iter()
            .filter(|local| !base.is_abstract() && local.written.is_some_and(is_composite));
        let private: Vec<Local<'a>> = base
            .private
            .iter()
            .chain(composite)
            .filter(|local| !own.contains(&local.name))
            .cloned()
            .collect();
        for local in private {
            class.private.retain(|known| known.name != local.name);
            add(class, local);
        }
        if let Some(name) = pointer
            && !has_attribute(registry, class, &name)
        {
            let attname = Cow::Owned(format!("{name}_id"));
            taken.extend([name.clone(), Cow::clone(&attname)]);
            let counter = registry.next_auto();
            let local = Local {
                column: Some(Cow::clone(&attname)),
                attname,
                link: links.last().map(|(parent, _)| *parent),
                ..made(name, counter)
            };
            class.fields.push(local);
        }
    }
    links
}

/// What stands in a class's own dictionary, as far as fields can meet it.
fn dictionary<'a>(class: &Class<'a>) -> impl Iterator<Item = Cow<'a, str>> {
    let locals = class.locals().chain(&class.private);
    let locals: Vec<Cow<'a, str>> =
        locals.flat_map(|local| [local.name.clone(), local.attname.clone()]).collect();
    class.body().map(Cow::Borrowed).chain(locals)
}

/// Python's `hasattr`, on a class that is being made.
fn has_attribute(registry: &Registry<'_>, class: &Class<'_>, name: &str) -> bool {
    let has = |class: &Class<'_>| {
        class.locals().any(|local| local.name == name) || class.body().any(|bound| bound == name)
    };
    let bases = class.mro.iter().skip(1).filter_map(|at| registry.class(*at));
    has(class) || bases.into_iter().any(has)
}

fn set_link<'a>(links: &mut Links<'a>, parent: usize, name: Option<Cow<'a, str>>) {
    match links.iter_mut().find(|(known, _)| *known == parent) {
        Some((_, known)) => *known = name,
        None => links.push((parent, name)),
    }
}

/// What happens when a class is complete: `_order`, and a primary key where none was declared.
fn finish<'a>(registry: &mut Registry<'a>, class: &mut Class<'a>, links: &Links<'a>) {
    let ordered = class.option("order_with_respect_to").is_some_and(|value| *value != Value::None);
    if ordered && !class.is_proxy() {
        class.fields.push(made(Cow::Borrowed("_order"), LAST));
    }
    if class.is_proxy() || class.fields.iter().any(|local| local.primary_key) {
        return;
    }
    match links.first() {
        Some((_, link)) => {
            let promoted = class.fields.iter_mut().find(|local| Some(&local.name) == link.as_ref());
            if let Some(local) = promoted {
                local.primary_key = true;
            }
        }
        None => {
            let counter = registry.next_auto();
            class.fields.push(Local { primary_key: true, ..made(Cow::Borrowed("id"), counter) });
        }
    }
}
