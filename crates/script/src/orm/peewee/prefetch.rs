//! `prefetch(query, …)`: one query for each model, put together in Python.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::class::all;
use super::instance::{data, with_state};
use super::node::{Node, Source};
use super::query::{Query, source_of};
use super::session::Session;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Key, Outcome, Value};

/// A link between the rows of two queries: the foreign key, the field that it refers to, the attribute of the back-reference.
struct Link {
    /// The place of the query that this one was related to.
    parent: usize,
    field: Rc<str>,
    to: Rc<str>,
    accessor: Option<Rc<str>>,
    /// Whether it is the parent that has the foreign key.
    back: bool,
}

/// `prefetch(query, *subqueries)`
pub(super) fn prefetch(machine: &mut Machine, session: &Rc<Session>, mut args: Args) -> Outcome {
    if args.take("prefetch_type").is_some() {
        return Err(refuse("`prefetch_type=` is not supported here."));
    }
    let mut queries: Vec<Rc<Query>> = Vec::new();
    let mut links: Vec<Vec<Link>> = Vec::new();
    for (at, value) in args.positional.iter().enumerate() {
        let query = match source_of(session, value) {
            Some(Source::Query(query)) => query,
            Some(Source::Model(model)) => Rc::new(all(session, model)),
            _ => return Err(refuse("`prefetch()` takes queries and models here.")),
        };
        if at == 0 {
            queries.push(query);
            links.push(Vec::new());
            continue;
        }
        let (query, found) = related(session, &queries, query)?;
        queries.push(query);
        links.push(found);
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new(); queries.len()];
    for (at, query) in queries.iter().enumerate().rev() {
        if let Some(slot) = rows.get_mut(at) {
            *slot = query.rows(machine)?;
        }
    }
    for (at, links) in links.iter().enumerate() {
        for link in links {
            let (Some(children), Some(parents)) = (rows.get(at), rows.get(link.parent)) else {
                continue;
            };
            join(machine, link, children, parents)?;
        }
    }
    Ok(Value::list(rows.into_iter().next().unwrap_or_default()))
}

/// The subquery, narrowed to the rows that belong to those of an earlier query.
fn related(
    session: &Rc<Session>,
    queries: &[Rc<Query>],
    query: Rc<Query>,
) -> Outcome<(Rc<Query>, Vec<Link>)> {
    let own = session.model(query.root.model());
    for (parent, last) in queries.iter().enumerate().rev() {
        let (Some(own), Some(other)) = (&own, session.model(last.root.model())) else { continue };
        let forward = session.keys(own, &other);
        let back = forward.is_empty();
        let keys = if back { session.keys(&other, own) } else { forward };
        if keys.is_empty() {
            continue;
        }
        let mut links = Vec::new();
        let mut conditions = Vec::new();
        for relation in keys {
            let Some((_, to)) = session.referred(relation) else { continue };
            let (left, right) = if back { (&to, &relation.name) } else { (&relation.name, &to) };
            let column = Node::Field(last.root.clone(), right.clone());
            let inner = last.changed(|inner| {
                inner.columns = vec![column];
                inner.is_default = false;
            });
            let left = Node::Field(query.root.clone(), left.clone());
            conditions.push(Node::binary("IN", left, Node::Query(inner)));
            links.push(Link {
                parent,
                field: relation.name.clone(),
                to: to.clone(),
                accessor: relation.accessor.clone(),
                back,
            });
        }
        let any = conditions.into_iter().reduce(|left, right| Node::binary("OR", left, right));
        let query = query.changed(|query| {
            if let Some(any) = any {
                query.narrow(any);
            }
        });
        return Ok((query, links));
    }
    Err(raise("AttributeError", "Error: unable to find foreign key for query: "))
}

fn key(machine: &mut Machine, row: &Value, name: &str) -> Outcome<Option<Key>> {
    let Value::Instance(instance) = row else { return Ok(None) };
    match data(instance, name).filter(|value| !value.is_none()) {
        Some(value) => machine.key(&value).map(Some),
        None => Ok(None),
    }
}

fn join(machine: &mut Machine, link: &Link, children: &[Value], parents: &[Value]) -> Outcome<()> {
    let (owners, targets) = if link.back { (parents, children) } else { (children, parents) };
    let mut by_key: FxHashMap<Key, usize> = FxHashMap::default();
    for (at, target) in targets.iter().enumerate() {
        if let Some(key) = key(machine, target, &link.to)? {
            by_key.insert(key, at);
        }
    }
    let mut places: FxHashMap<Key, usize> = FxHashMap::default();
    let mut held: Vec<Vec<Value>> = Vec::new();
    for owner in owners {
        let Some(key) = key(machine, owner, &link.field)? else { continue };
        let target = by_key.get(&key).and_then(|at| targets.get(*at));
        if let (Some(target), Value::Instance(instance)) = (target, owner) {
            with_state(instance, |state| state.related.insert(link.field.clone(), target.clone()));
        }
        match places.get(&key).and_then(|at| held.get_mut(*at)) {
            Some(rows) => rows.push(owner.clone()),
            None => {
                places.insert(key, held.len());
                held.push(vec![owner.clone()]);
            }
        }
    }
    if let (Some(accessor), false) = (&link.accessor, link.back) {
        for target in targets {
            let place = key(machine, target, &link.to)?.and_then(|key| places.get(&key).copied());
            let rows = place.and_then(|at| held.get(at)).cloned().unwrap_or_default();
            if let Value::Instance(instance) = target {
                instance.set(accessor, Value::list(rows));
            }
        }
    }
    Ok(())
}
