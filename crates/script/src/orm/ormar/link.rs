//! A model's relations as ormar has them: both sides, and the shortcuts to through models.

use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::Gather as _;

use crate::world::{Model, Relation, World};

/// What kind of attribute a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A foreign key.
    Key,
    /// The other side of a foreign key.
    Reverse,
    /// A many-to-many, from either side.
    Many,
    /// The row of the through model that joins an instance to the one that it was loaded from.
    Through,
}

/// A relation.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) name: Rc<str>,
    pub(super) kind: Kind,
    pub(super) target: usize,
    /// The attribute of the other side.
    pub(super) related: Rc<str>,
    pub(super) nullable: bool,
    /// With `skip_reverse`: known to filters only.
    pub(super) hidden: bool,
    /// The foreign key's column, here or on the other side.
    pub(super) column: Rc<str>,
    pub(super) via: Option<Via>,
    /// The order that its declaration gives it.
    pub(super) orders: Vec<Rc<str>>,
}

/// The through model of a many-to-many.
#[derive(Clone, Debug)]
pub(super) struct Via {
    pub(super) model: usize,
    /// Its foreign key to this side.
    pub(super) near: Rc<str>,
    /// Its foreign key to the other side.
    pub(super) far: Rc<str>,
    /// Which side of a relation to the model itself it is.
    pub(super) own: Own,
}

/// Sides of a many-to-many to the model itself, where ormar mixes up names and aliases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// It leads to another model.
    No,
    /// The declared side: conditions do not find its join.
    Declared,
    /// The other side: it writes its rows as the declared side does.
    Reverse,
}

impl Link {
    /// Whether it holds a list.
    pub(super) fn many(&self) -> bool {
        matches!(self.kind, Kind::Reverse | Kind::Many)
    }
}

/// `orders_by` or `related_orders_by` of a declaration.
fn orders(relation: &Relation, keyword: &str) -> Vec<Rc<str>> {
    let declared = relation.declared.as_ref().and_then(|declared| declared.arg(keyword));
    let names = declared.and_then(|arg| arg.value.as_list()).unwrap_or_default();
    names.iter().filter_map(|name| name.as_str()).map(Into::into).gather()
}

/// All relations of a model.
pub(super) fn links(world: &World, model: &Model) -> Vec<Link> {
    let mut out = Vec::new();
    for relation in &model.relations {
        let Some(target) = world.find(&relation.target) else { continue };
        let via = relation.through.as_ref().and_then(|through| {
            let (own, near, far) = if target == model.at {
                (Own::Declared, &through.target_field, &through.owner_field)
            } else {
                (Own::No, &through.owner_field, &through.target_field)
            };
            let at = world.find(&through.model)?;
            Some(Via { model: at, near: near.clone(), far: far.clone(), own })
        });
        let many = relation.kind == RelationKind::ManyToMany;
        out.push(Link {
            name: relation.name.clone(),
            kind: if many { Kind::Many } else { Kind::Key },
            target,
            related: relation.query_name.clone(),
            nullable: relation.null,
            hidden: false,
            column: relation.key.as_ref().map(|key| key.column.clone()).unwrap_or_default(),
            via,
            orders: orders(relation, "orders_by"),
        });
    }
    for reverse in &model.reverse {
        let Some(source) = world.named(&reverse.source) else { continue };
        let Some(relation) = source.relation(&reverse.source_field) else { continue };
        let many = relation.kind == RelationKind::ManyToMany;
        let via = relation.through.as_ref().and_then(|through| {
            let (own, near, far) = if source.at == model.at {
                (Own::Reverse, &through.owner_field, &through.target_field)
            } else {
                (Own::No, &through.target_field, &through.owner_field)
            };
            let at = world.find(&through.model)?;
            Some(Via { model: at, near: near.clone(), far: far.clone(), own })
        });
        out.push(Link {
            name: reverse.query_name.clone(),
            kind: if many { Kind::Many } else { Kind::Reverse },
            target: source.at,
            related: relation.name.clone(),
            nullable: relation.null,
            hidden: reverse.accessor.is_none(),
            column: relation.key.as_ref().map(|key| key.column.clone()).unwrap_or_default(),
            via,
            orders: orders(relation, "related_orders_by"),
        });
    }
    let shortcuts: Vec<Link> = out
        .iter()
        .filter_map(|link| {
            let via = link.via.as_ref()?;
            Some(Link {
                name: world.model(via.model)?.name.to_lowercase().into(),
                kind: Kind::Through,
                target: via.model,
                related: link.name.clone(),
                nullable: true,
                hidden: false,
                column: "".into(),
                via: None,
                orders: Vec::new(),
            })
        })
        .gather();
    for shortcut in shortcuts {
        if !out.iter().any(|link| link.name == shortcut.name) {
            out.push(shortcut);
        }
    }
    out
}

/// The relation of this name.
pub(super) fn link(world: &World, model: usize, name: &str) -> Option<Link> {
    links(world, world.model(model)?).into_iter().find(|link| &*link.name == name)
}
