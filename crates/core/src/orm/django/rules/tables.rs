//! Which models have which tables, those that Django makes for many-to-many relations included.

use rustc_hash::FxHashMap;

use crate::document::Span;
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;

/// What has a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A declared model.
    Class(usize),
    /// A many-to-many, by its place among the relations.
    Relation(usize),
}

/// The managed models by table, in the order in which they are registered.
pub(super) fn all<'r>(cx: &'r Context<'_>) -> FxHashMap<&'r str, Vec<Owner>> {
    let mut tables: FxHashMap<&str, Vec<Owner>> = FxHashMap::default();
    let mut made = cx.registry.generated.iter().filter(|made| !made.replaced).peekable();
    for class in &cx.registry.classes {
        while let Some(next) = made.next_if(|made| {
            cx.registry
                .relations
                .get(made.relation)
                .is_some_and(|relation| relation.class <= class.index)
        }) {
            tables.entry(&next.table).or_default().push(Owner::Relation(next.relation));
        }
        if class.installed && is_managed(cx, Owner::Class(class.index)) {
            tables
                .entry(cx.registry.table(class.index))
                .or_default()
                .push(Owner::Class(class.index));
        }
    }
    tables
}

/// The name of its table.
pub(super) fn name<'r>(cx: &'r Context<'_>, owner: Owner) -> &'r str {
    match owner {
        Owner::Class(index) => cx.registry.table(index),
        Owner::Relation(index) => {
            cx.registry.generated_for(index).map_or("", |made| made.table.as_str())
        }
    }
}

/// Whether Django makes the table.
pub(super) fn is_managed(cx: &Context<'_>, owner: Owner) -> bool {
    let managed =
        |index: usize| cx.registry.class(index).is_some_and(|class| !class.meta.unmanaged);
    match owner {
        Owner::Class(index) => managed(index),
        Owner::Relation(index) => cx.registry.relations.get(index).is_some_and(|relation| {
            managed(relation.class) || relation.target_index().is_none_or(managed)
        }),
    }
}

/// What it stands for, where it is a proxy.
pub(super) fn concrete(cx: &Context<'_>, owner: Owner) -> Owner {
    match owner {
        Owner::Class(index) => Owner::Class(cx.registry.concrete(index)),
        Owner::Relation(_) => owner,
    }
}

/// What Django calls it in messages about tables.
pub(super) fn label(cx: &Context<'_>, owner: Owner) -> String {
    match owner {
        Owner::Class(index) => cx.registry.class(index).map(Class::label).unwrap_or_default(),
        Owner::Relation(index) => cx
            .registry
            .relations
            .get(index)
            .and_then(|relation| Some(cx.registry.class(relation.class)?.path(&relation.name)))
            .unwrap_or_default(),
    }
}

/// What is marked for it.
pub(super) fn subject(cx: &Context<'_>, owner: Owner) -> (String, Option<String>, Option<Span>) {
    match owner {
        Owner::Class(index) => {
            let class = cx.registry.class(index);
            let place = class.map(Class::table_span);
            (class.map(|class| class.name().to_owned()).unwrap_or_default(), None, place)
        }
        Owner::Relation(index) => {
            let relation = cx.registry.relations.get(index);
            let class = relation.and_then(|relation| cx.registry.class(relation.class));
            (
                class.map(|class| class.name().to_owned()).unwrap_or_default(),
                relation.map(|relation| relation.name.clone().into_owned()),
                relation.and_then(|relation| relation.field).map(|field| field.name.span),
            )
        }
    }
}
