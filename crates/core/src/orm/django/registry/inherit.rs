//! What a class has when it is made: Django's `ModelBase.__new__` and `Options`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{APP, Class, Local, Registry};
use crate::document::{Field, FieldKind, Meta, Model, ModelKind, RelationKind};
use crate::resolve::Origin;

/// Makes the class, from those before it.
pub(super) fn class<'a>(
    registry: &Registry<'a>,
    index: usize,
    model: &'a Model,
    meta: &'a Meta,
) -> Class<'a> {
    let bases: Vec<usize> =
        model.bases.iter().filter_map(|base| registry.made(&base.path)).collect();
    let mro = linearise(registry, index, &bases);
    let app = meta.app_label.as_ref().map_or(APP, |label| label.text.as_str());
    let mut class = Class {
        model,
        meta,
        index,
        foreign: index >= registry.own,
        installed: model.kind != ModelKind::Abstract && app == APP,
        mro,
        parents: Vec::new(),
        fields: Vec::new(),
        many: Vec::new(),
        key: None,
    };
    let mut names: HashSet<&str> = HashSet::new();
    // A name that is bound twice in a class body is bound to the last: in the place of the first.
    for (at, field) in model.fields.iter().enumerate() {
        let last = model.fields.iter().rposition(|other| other.name.text == field.name.text);
        let rebound = model.members.iter().any(|member| {
            member.name.text == field.name.text && member.name.span.start > field.span.start
        });
        if last == Some(at) && !rebound {
            names.insert(&field.name.text);
            add(&mut class, field, Origin { model: index, field: at });
        }
    }
    let mut taken: HashSet<Cow<'a, str>> =
        model.members.iter().map(|member| Cow::Borrowed(member.name.text.as_str())).collect();
    taken.extend(names.iter().map(|name| Cow::Borrowed(*name)));
    taken.extend(class.fields.iter().map(|local| local.attname.clone()));
    for at in class.mro.clone().into_iter().skip(1) {
        let Some(base) = registry.class(at) else { continue };
        if !bases.contains(&at) {
            taken.extend(
                base.model.members.iter().map(|member| Cow::Borrowed(member.name.text.as_str())),
            );
            taken.extend(
                base.fields
                    .iter()
                    .chain(&base.many)
                    .flat_map(|local| [local.name.clone(), local.attname.clone()]),
            );
        } else if base.is_abstract() {
            inherit_abstract(&mut class, base, &taken);
        } else {
            taken.extend(base.fields.iter().chain(&base.many).map(|local| local.name.clone()));
            link(&mut class, base, registry);
        }
    }
    if class.foreign {
        // What stands in the ORM's own apps has no place in the file.
        for local in class.fields.iter_mut().chain(&mut class.many) {
            (local.field, local.origin) = (None, None);
        }
    }
    class.fields.sort_by_key(|local| order(local, model));
    finish_key(&mut class);
    class
}

/// Python's C3 linearisation, over the classes of this file; on a conflict (an error of Python's) in plain depth first order.
fn linearise(registry: &Registry<'_>, index: usize, bases: &[usize]) -> Vec<usize> {
    let mut lists: Vec<Vec<usize>> = bases
        .iter()
        .filter_map(|base| registry.class(*base))
        .map(|base| base.mro.clone())
        .collect();
    lists.push(bases.to_vec());
    let mut out = vec![index];
    loop {
        lists.retain(|list| !list.is_empty());
        let heads = lists.iter().filter_map(|list| list.first().copied());
        let in_tail =
            |head: usize| lists.iter().any(|list| list.iter().skip(1).any(|other| *other == head));
        let Some(next) =
            heads.clone().find(|head| !in_tail(*head)).or_else(|| heads.clone().next())
        else {
            return out;
        };
        out.push(next);
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
    }
}

fn local(field: &Field, origin: Origin) -> Local<'_> {
    let name = Cow::Borrowed(field.name.text.as_str());
    let key = field.relation().is_some_and(|relation| relation.kind != RelationKind::ManyToMany);
    let attname = if key { Cow::Owned(format!("{name}_id")) } else { name.clone() };
    let column = match &field.kind {
        _ if field.class.text == "CompositePrimaryKey" => None,
        FieldKind::Relation(relation) if relation.kind == RelationKind::ManyToMany => None,
        FieldKind::Virtual => None,
        FieldKind::Column(_) | FieldKind::Relation(_) => Some(
            field
                .column
                .as_ref()
                .map_or_else(|| attname.clone(), |column| Cow::Borrowed(column.text.as_str())),
        ),
    };
    Local {
        name,
        field: Some(field),
        spec: field.relation(),
        origin: Some(origin),
        attname,
        column,
        primary_key: field.primary_key || field.class.text == "CompositePrimaryKey",
        relation: None,
        link: None,
    }
}

fn add<'a>(class: &mut Class<'a>, field: &'a Field, origin: Origin) {
    match &field.kind {
        FieldKind::Relation(relation) if relation.kind == RelationKind::ManyToMany => {
            class.many.push(local(field, origin))
        }
        // Virtual fields are kept apart by the ORM ("private"), a composite key is not.
        FieldKind::Virtual if field.class.text != "CompositePrimaryKey" => {}
        FieldKind::Virtual | FieldKind::Column(_) | FieldKind::Relation(_) => {
            class.fields.push(local(field, origin))
        }
    }
}

fn inherit_abstract<'a>(class: &mut Class<'a>, base: &Class<'a>, taken: &HashSet<Cow<'a, str>>) {
    for inherited in &base.fields {
        if !taken.contains(&inherited.name)
            && !class.fields.iter().any(|own| own.name == inherited.name)
        {
            class.fields.push(inherited.clone());
        }
    }
    for inherited in &base.many {
        if !taken.contains(&inherited.name)
            && !class.many.iter().any(|own| own.name == inherited.name)
        {
            class.many.push(inherited.clone());
        }
    }
    for (parent, link) in &base.parents {
        let name = link.and_then(|at| base.fields.get(at)).map(|local| local.name.clone());
        let at = name.and_then(|name| class.fields.iter().position(|local| local.name == name));
        class.parents.push((*parent, at));
    }
}

/// The link to a parent with a table: declared with `parent_link=True`, or made.
fn link<'a>(class: &mut Class<'a>, base: &Class<'a>, registry: &Registry<'a>) {
    if class.is_proxy() {
        class.parents.push((base.index, None));
        return;
    }
    let mut at = base.index;
    while let Some((parent, _)) =
        registry.class(at).filter(|base| base.is_proxy()).and_then(|base| base.parents.first())
    {
        at = *parent;
    }
    let Some(parent) = registry.class(at) else { return };
    let declared = class.fields.iter().position(|local| {
        local.field.and_then(Field::relation).is_some_and(|relation| {
            relation.parent_link
                && relation.kind == RelationKind::OneToOne
                && relation
                    .target
                    .as_ref()
                    .and_then(|target| target.text.rsplit('.').next())
                    .is_some_and(|name| name.eq_ignore_ascii_case(parent.name()))
        })
    });
    let place = declared.unwrap_or_else(|| {
        let name = format!("{}_ptr", parent.name().to_lowercase());
        class.fields.push(Local {
            attname: Cow::Owned(format!("{name}_id")),
            column: Some(Cow::Owned(format!("{name}_id"))),
            name: Cow::Owned(name),
            field: None,
            spec: None,
            origin: None,
            primary_key: false,
            relation: None,
            link: Some(at),
        });
        class.fields.len() - 1
    });
    if let Some(local) = class.fields.get_mut(place) {
        local.link = Some(at);
    }
    class.parents.push((at, Some(place)));
}

/// The ORM keeps fields in the order in which they were made: implicit ones first, abstract parents' where those stand in the file.
fn order(local: &Local<'_>, model: &Model) -> (u32, u32) {
    match local.field {
        Some(field) => (1, field.span.start),
        None if local.name == "_order" => (2, model.span.end),
        None => (0, 0),
    }
}

/// Without a declared key the first parent link becomes it; without parents there is an `id`.
fn finish_key(class: &mut Class<'_>) {
    for (parent, place) in &mut class.parents {
        if let Some(place) = place {
            *place =
                class.fields.iter().position(|local| local.link == Some(*parent)).unwrap_or(*place);
        }
    }
    if let Some(query) =
        class.meta.options.iter().find(|(name, _)| name.text == "order_with_respect_to")
        && query.1.as_str().is_some()
        && !class.is_proxy()
    {
        class.fields.push(made("_order"));
    }
    if class.is_proxy() {
        return;
    }
    class.key = class.fields.iter().position(|local| local.primary_key);
    if class.key.is_some() {
        return;
    }
    if let Some(place) = class.parents.iter().find_map(|(_, place)| *place) {
        class.key = Some(place);
        if let Some(local) = class.fields.get_mut(place) {
            local.primary_key = true;
        }
    } else if !class.is_abstract() {
        class.fields.insert(0, Local { primary_key: true, ..made("id") });
        class.key = Some(0);
        for (_, place) in &mut class.parents {
            *place = place.map(|place| place + 1);
        }
    }
}

fn made<'a>(name: &'static str) -> Local<'a> {
    Local {
        name: Cow::Borrowed(name),
        field: None,
        spec: None,
        origin: None,
        attname: Cow::Borrowed(name),
        column: Some(Cow::Borrowed(name)),
        primary_key: false,
        relation: None,
        link: None,
    }
}
