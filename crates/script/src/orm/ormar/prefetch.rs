//! `prefetch_related`: one more query for each relation.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::compile::Tree;
use super::link::{Kind, Link, link};
use super::queryset::{Choice, Chosen, QuerySet};
use super::state::{held, key_of, relate, same};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Instance, Outcome, Value};

pub(super) fn prefetch(
    machine: &mut Machine,
    set: &QuerySet,
    found: &[Rc<Instance>],
) -> Outcome<()> {
    level(machine, set, set.model, found, &Tree::of(&set.prefetch), "")
}

fn level(
    machine: &mut Machine,
    set: &QuerySet,
    model: usize,
    parents: &[Rc<Instance>],
    tree: &Tree,
    before: &str,
) -> Outcome<()> {
    let world = &set.world;
    for (name, beyond) in &tree.0 {
        let Some(relation) = link(world, model, name) else {
            return Err(raise("KeyError", name.as_str()));
        };
        let path = if before.is_empty() { name.clone() } else { format!("{before}__{name}") };
        let joined = |each: &String| *each == path || each.starts_with(&format!("{path}__"));
        if set.related.iter().any(joined) {
            // Joins have given these already.
            let known: Vec<Rc<Instance>> =
                parents.iter().flat_map(|parent| held(parent, name)).gather();
            level(machine, set, relation.target, &known, beyond, &path)?;
            continue;
        }
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
                Kind::Key => held(parent, name).iter().map(|target| key_of(world, target)).gather(),
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
        let mut query = inside(set, &relation, of, &path);
        let args = Args {
            positional: Vec::new(),
            keywords: vec![(format!("{field}__in").into(), Value::list(ids))],
        };
        let related = query.related.clone();
        query = query.filter(machine, args)?;
        query.related = related;
        let rows = query.all(machine)?;
        let mut children: Vec<Rc<Instance>> = Vec::new();
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
            let Some(mut child) = child else { continue };
            // One row is one instance, whoever it belongs to.
            let mut known = None;
            for each in &children {
                if same(machine, world, each, &child)? {
                    known = Some(each.clone());
                }
            }
            match known {
                Some(known) => child = known,
                None => children.push(child.clone()),
            }
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
        }
        level(machine, set, relation.target, &children, beyond, &path)?;
    }
    Ok(())
}

/// The query of a relation, with what its query set says of columns and order there.
fn inside(set: &QuerySet, relation: &Link, of: usize, path: &str) -> QuerySet {
    let world = &set.world;
    let mut query = QuerySet::new(world.clone(), of);
    let far = relation.via.as_ref().map(|via| via.far.to_string());
    let place = far.clone().unwrap_or_default();
    query.related.extend(far);
    for chosen in set.columns.iter().filter(|chosen| chosen.table.0 == path) {
        let table = match chosen.table.1 {
            true => (String::new(), false),
            false => (place.clone(), false),
        };
        query.columns.push(Chosen { table, ..chosen.clone() });
    }
    let narrow = query.columns.iter().any(|chosen| chosen.kind != Choice::Exclude);
    if narrow && relation.kind == Kind::Reverse {
        // What the rows are told apart by is asked for, whatever else is.
        let field = relation.related.to_string();
        query.columns.push(Chosen { table: (place.clone(), false), field, kind: Choice::Include });
    }
    for order in &set.orders {
        let target = &order.target;
        let here = target.path == path || target.path.ends_with(&format!("__{path}"));
        if target.model == relation.target && target.through.is_none() && here {
            let mut order = order.clone();
            order.target.path.clone_from(&place);
            order.own = true;
            query.orders.push(order);
        }
    }
    query
}
