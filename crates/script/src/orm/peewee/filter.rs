//! `filter(author__name="Ann")` and `DQ`.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::class::Backref;
use super::join::Wanted;
use super::node::{Node, Source, Written, node_of};
use super::query::Query;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Outcome, Value};

/// A foreign key to join along: from, to, the field.
type Along = (usize, usize, Node);

impl Query {
    /// `filter(…)`
    ///
    /// # Errors
    /// `AttributeError` for names that a model does not have.
    pub(super) fn filtered(&self, machine: &mut Machine, args: Args) -> Outcome<Rc<Self>> {
        let mut nodes: Vec<Node> = args.positional.iter().map(node_of).gather();
        if !args.keywords.is_empty() {
            nodes.push(Node::Lookups(args.keywords, false));
        }
        let Some(node) = Node::all(nodes) else { return Ok(Rc::new(self.copy())) };
        let mut along = Vec::new();
        let node = self.resolved(machine, node, &mut along)?;
        let mut query = self.copy();
        for (from, to, field) in along {
            let there = query.tree.iter().any(|branch| {
                matches!((&branch.from, &branch.to), (Source::Model(a), Source::Model(b)) if (*a, *b) == (from, to))
            });
            if there {
                continue;
            }
            let context = query.context.clone();
            let wanted = Wanted {
                to: Source::Model(to),
                kind: "INNER JOIN",
                on: Some(field),
                from: Some(Source::Model(from)),
                attribute: None,
            };
            query.join(wanted)?;
            query.context = context;
        }
        query.narrow(node);
        Ok(Rc::new(query))
    }

    fn resolved(&self, machine: &mut Machine, node: Node, along: &mut Vec<Along>) -> Outcome<Node> {
        Ok(match node {
            Node::Lookups(names, negated) => {
                let mut names = names;
                names.arrange_by(|(a, _), (b, _)| a.cmp(b));
                let mut out = Vec::new();
                for (name, value) in &names {
                    out.push(self.lookup(machine, name, value, along)?);
                }
                let all = Node::all(out).ok_or_else(|| {
                    raise("TypeError", "reduce() of empty iterable with no initial value")
                })?;
                if negated { Node::Not(Box::new(all)) } else { all }
            }
            Node::Binary(op @ ("AND" | "OR"), left, right) => Node::binary(
                op,
                self.resolved(machine, *left, along)?,
                self.resolved(machine, *right, along)?,
            ),
            other => other,
        })
    }

    fn lookup(
        &self,
        machine: &mut Machine,
        key: &str,
        value: &Value,
        along: &mut Vec<Along>,
    ) -> Outcome<Node> {
        const OPS: &[&str] = &[
            "eq",
            "lt",
            "lte",
            "gt",
            "gte",
            "ne",
            "in",
            "not_in",
            "is",
            "is_not",
            "like",
            "ilike",
            "contains",
            "startswith",
            "endswith",
            "between",
            "is_null",
            "regexp",
            "iregexp",
        ];
        let (path, op) = match key.rsplit_once("__") {
            Some((path, op)) if OPS.contains(&op) => (path, op),
            _ if value.is_none() => (key, "is"),
            _ => (key, "eq"),
        };
        let mut model = self.root.model();
        let mut current = Value::None;
        let pieces: Vec<&str> = path.split("__").gather();
        for (at, piece) in pieces.iter().enumerate() {
            let joined = self.tree.iter().find(|branch| {
                matches!(branch.from, Source::Model(from) if from == model)
                    && (*branch.attribute == **piece || branch.to.name().as_deref() == Some(piece))
            });
            let class = Value::Class(self.session.class(model));
            current = machine.attribute(&class, piece)?;
            let more = at + 1 < pieces.len();
            if let Some(branch) = joined.filter(|_| more) {
                model = branch.to.model();
                continue;
            }
            if !more {
                continue;
            }
            let Value::Object(object) = &current else { continue };
            if let Some(back) = object.any().downcast_ref::<Backref>() {
                let field = Node::Field(Source::Model(back.source), back.field.clone());
                push(along, (model, back.source, field));
                model = back.source;
            } else if let Some(Written { node: Node::Field(_, name), .. }) =
                object.any().downcast_ref::<Written>()
            {
                let here = self.session.model(model);
                let relation = here.as_ref().and_then(|here| here.relation(name));
                if let Some(to) = relation
                    .filter(|relation| relation.key.is_some())
                    .and_then(|relation| self.session.find(&relation.target))
                {
                    push(along, (model, to, Node::Field(Source::Model(model), name.clone())));
                    model = to;
                }
            }
        }
        let Value::Object(object) = &current else {
            return Err(refuse(format!("`filter({key}=…)` does not name a field.")));
        };
        let Some(written) = object.any().downcast_ref::<Written>() else {
            return Err(refuse(format!(
                "`filter({key}=…)` ends at a back-reference: name a field of its model."
            )));
        };
        let (left, right) = (written.node.clone(), node_of(value));
        let sql = match op {
            "eq" if value.is_none() => "IS",
            "ne" if value.is_none() => "IS NOT",
            "eq" => "=",
            "ne" => "!=",
            "lt" => "<",
            "lte" => "<=",
            "gt" => ">",
            "gte" => ">=",
            "in" => "IN",
            "not_in" => "NOT IN",
            "is" => "IS",
            "is_not" => "IS NOT",
            "like" => "GLOB",
            "ilike" => "LIKE",
            "between" => {
                let bounds = machine.list_of(value)?;
                let [low, high] = bounds.as_slice() else {
                    return Err(raise("TypeError", "between() takes a lower and an upper value"));
                };
                return Ok(Node::Between(
                    Box::new(left),
                    Box::new(node_of(low)),
                    Box::new(node_of(high)),
                ));
            }
            method => {
                let method = machine.attribute(&current, method)?;
                return Ok(node_of(&machine.call(&method, Args::one(value.clone()))?));
            }
        };
        Ok(Node::binary(sql, left, right))
    }
}

/// Each foreign key once.
fn push(along: &mut Vec<Along>, next: Along) {
    let name = |node: &Node| match node {
        Node::Field(source, name) => Some((source.model(), name.clone())),
        _ => None,
    };
    if along.iter().all(|known| name(&known.2) != name(&next.2)) {
        along.push(next);
    }
}
