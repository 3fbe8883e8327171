//! Annotations: adding them, and what they refer to.

use std::rc::Rc;

use super::expression::{Node, called, is_aggregate};
use super::query::{Annotation, Group, Query};
use crate::Machine;
use crate::sql::{Expr, Select};
use crate::value::Outcome;

impl Query {
    /// Adds an annotation.
    pub(super) fn annotate(
        &mut self,
        machine: &mut Machine,
        name: Rc<str>,
        node: &Node,
    ) -> Outcome<()> {
        if let Node::Aggregate { name: sql, of, .. } = node
            && let Node::F(path) = &**of
            && self.annotations.iter().any(|known| known.aggregate && known.name == *path)
        {
            let called = called(sql);
            let message = format!("Cannot compute {called}('{path}'): '{path}' is an aggregate");
            return Err(super::raise_field_error(machine, &message));
        }
        let aggregate = is_aggregate(node) || self.refers_to_aggregate(node);
        // That types do not fit is told when rows are asked for.
        let (class, unfit) = match super::typing::class(machine, self, node) {
            Ok(class) => (class, None),
            Err(_) => (None, Some(node.clone())),
        };
        let (expr, ty) = self.expression(machine, node)?;
        let ty = super::read::computed(&expr, ty);
        if aggregate && self.group == Group::No {
            self.group = Group::Model;
        }
        // One of this name that was there before is replaced.
        self.annotations.retain(|known| known.name != name);
        self.annotations.push(Annotation {
            name,
            expr,
            ty,
            class,
            unfit,
            aggregate,
            hidden: false,
        });
        Ok(())
    }

    /// The annotation that an expression is over and that is only referred to: of `alias()`.
    pub(super) fn hidden_in(&self, node: &Node) -> Option<Rc<str>> {
        match node {
            Node::F(path) => {
                let mut hidden = self.annotations.iter().filter(|known| known.hidden);
                hidden.find(|known| known.name == *path).map(|known| known.name.clone())
            }
            Node::Aggregate { of, .. } | Node::Typed(of, _) => self.hidden_in(of),
            Node::Function { args, .. } => args.iter().find_map(|arg| self.hidden_in(arg)),
            Node::Combined(_, left, right) => {
                self.hidden_in(left).or_else(|| self.hidden_in(right))
            }
            _ => None,
        }
    }

    /// Puts this query's columns where a query inside of it refers to them.
    pub(super) fn bind(&mut self, machine: &mut Machine, inside: &mut Select) -> Outcome<()> {
        let mut wanted: Vec<Rc<str>> = Vec::new();
        inside.each_mut(&mut |part| match part {
            Expr::Outer(path, 0) if !wanted.contains(path) => wanted.push(path.clone()),
            _ => {}
        });
        let mut found = Vec::new();
        for path in wanted {
            found.push((path.clone(), self.expression(machine, &Node::F(path))?.0));
        }
        inside.each_mut(&mut |part| {
            let next = match part {
                Expr::Outer(path, 0) => {
                    found.iter().find(|(known, _)| known == path).map(|(_, expr)| expr.clone())
                }
                Expr::Outer(path, further) => Some(Expr::Outer(path.clone(), *further - 1)),
                _ => None,
            };
            if let Some(next) = next {
                *part = next;
            }
        });
        Ok(())
    }

    /// Whether an expression is over an annotation that counts over several rows.
    fn refers_to_aggregate(&self, node: &Node) -> bool {
        let known = |path: &Rc<str>| {
            self.annotations.iter().any(|known| known.aggregate && known.name == *path)
        };
        match node {
            Node::F(path) => known(path),
            Node::Function { args, .. } | Node::Named(_, args) => {
                args.iter().any(|arg| self.refers_to_aggregate(arg))
            }
            Node::Combined(_, left, right) | Node::Compare(_, left, right) => {
                self.refers_to_aggregate(left) || self.refers_to_aggregate(right)
            }
            Node::Ordered(of, ..)
            | Node::Cast(of, _)
            | Node::Typed(of, _)
            | Node::Part(_, of)
            | Node::Start(_, of) => self.refers_to_aggregate(of),
            Node::Case(whens, default) => {
                whens.iter().any(|(_, then)| self.refers_to_aggregate(then))
                    || default.as_deref().is_some_and(|default| self.refers_to_aggregate(default))
            }
            Node::OuterRef(..)
            | Node::Holds(_)
            | Node::Value(_)
            | Node::Aggregate { .. }
            | Node::When(..)
            | Node::Exists(..)
            | Node::Subquery(_)
            | Node::Window(..) => false,
        }
    }
}
