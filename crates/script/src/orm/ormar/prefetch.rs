//! `prefetch_related`: one more query for each relation.

use std::rc::Rc;

use super::compile::Tree;
use super::link::{Kind, link};
use super::queryset::QuerySet;
use super::state::{held, key_of, relate};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Instance, Outcome, Value};

pub(super) fn prefetch(
    machine: &mut Machine,
    set: &QuerySet,
    found: &[Rc<Instance>],
) -> Outcome<()> {
    level(machine, set, set.model, found, &Tree::of(&set.prefetch))
}

fn level(
    machine: &mut Machine,
    set: &QuerySet,
    model: usize,
    parents: &[Rc<Instance>],
    tree: &Tree,
) -> Outcome<()> {
    let world = &set.world;
    for (name, beyond) in &tree.0 {
        let Some(relation) = link(world, model, name) else {
            return Err(raise("KeyError", name.as_str()));
        };
        // What to ask for, by which of its fields, and which value of that field belongs to which parent.
        let (of, field) = match (&relation.kind, &relation.via) {
            (Kind::Key, _) => (relation.target, "pk".to_owned()),
            (Kind::Reverse, _) => (relation.target, relation.related.to_string()),
            (_, Some(via)) => (via.model, via.near.to_string()),
            (Kind::Many | Kind::Through, None) => continue,
        };
        let mut ids: Vec<Value> = Vec::new();
        for parent in parents {
            let all = match relation.kind {
                Kind::Key => {
                    held(parent, name).iter().map(|target| key_of(world, target)).collect()
                }
                _ => vec![key_of(world, parent)],
            };
            for id in all {
                if !id.is_none() && !machine.contains(&Value::list(ids.clone()), &id)? {
                    ids.push(id);
                }
            }
        }
        if ids.is_empty() {
            continue;
        }
        let mut query = QuerySet::new(world.clone(), of);
        if let Some(via) = &relation.via {
            query.related = vec![via.far.to_string()];
        }
        let args = Args {
            positional: Vec::new(),
            keywords: vec![(format!("{field}__in").into(), Value::list(ids))],
        };
        let related = query.related.clone();
        let mut query = query.filter(machine, args)?;
        query.related = related;
        let rows = query.all(machine)?;
        let mut children = Vec::new();
        for row in &rows {
            let (child, owner) = match (&relation.kind, &relation.via) {
                (Kind::Key, _) => (Some(row.clone()), key_of(world, row)),
                (_, Some(via)) => (
                    held(row, &via.far).into_iter().next(),
                    held(row, &via.near).first().map_or(Value::None, |one| key_of(world, one)),
                ),
                (_, None) => (
                    Some(row.clone()),
                    held(row, &relation.related)
                        .first()
                        .map_or(Value::None, |one| key_of(world, one)),
                ),
            };
            let Some(child) = child else { continue };
            for parent in parents {
                let id = match relation.kind {
                    Kind::Key => {
                        held(parent, name).first().map_or(Value::None, |one| key_of(world, one))
                    }
                    _ => key_of(world, parent),
                };
                if machine.equal(&id, &owner)? {
                    relate(machine, world, parent, &relation, &child)?;
                }
            }
            children.push(child);
        }
        level(machine, set, relation.target, &children, beyond)?;
    }
    Ok(())
}
