//! Conditions: `filter(…)`, `exclude(…)`, `Q(…)`.

use std::collections::{BTreeMap, BTreeSet};

use throughline_order::{Gather as _, set_of};

use super::expression::{Condition, Connector, Item, Node};
use super::lookup;
use super::query::Query;
use crate::Machine;
use crate::database::Cell;
use crate::sql::{Expr, Is};
use crate::value::{Outcome, Value};
use throughline_core::document::ColumnType;

/// How many of the parts of a condition need each join.
///
/// Follows `JoinPromoter` of Django 5.2.
struct Votes {
    connector: Connector,
    of: usize,
    votes: BTreeMap<usize, usize>,
}

impl Votes {
    fn new(connector: Connector, of: usize, negated: bool) -> Self {
        let connector = match (connector, negated) {
            (Connector::And, true) => Connector::Or,
            (Connector::Or, true) => Connector::And,
            (connector, _) => connector,
        };
        Self { connector, of, votes: BTreeMap::new() }
    }

    fn add(&mut self, joins: &BTreeSet<usize>) {
        joins.iter().for_each(|at| *self.votes.entry(*at).or_default() += 1);
    }

    /// Makes the joins what they must be; gives those whose rows are needed.
    fn settle(self, query: &mut Query) -> BTreeSet<usize> {
        let chosen = |keep: &dyn Fn(usize) -> bool| -> BTreeSet<usize> {
            let kept = self.votes.iter().filter(|(_, votes)| keep(**votes));
            set_of(kept.map(|(at, _)| *at))
        };
        // With OR, a join that only some of the alternatives need must not take rows away.
        let outer = match self.connector {
            Connector::And => BTreeSet::new(),
            Connector::Or | Connector::Xor => chosen(&|votes| votes < self.of),
        };
        let inner = match self.connector {
            Connector::And => chosen(&|_| true),
            Connector::Or => chosen(&|votes| votes == self.of),
            Connector::Xor => BTreeSet::new(),
        };
        query.promote(outer);
        query.demote(inner.iter().copied());
        inner
    }
}

/// Where in a condition something stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Whether an odd number of NOTs is around it.
    pub(super) negated: bool,
    /// Whether any is.
    pub(super) inside: bool,
    /// Whether a relation to many rows under a NOT becomes a query of its own.
    pub(super) splits: bool,
}

/// A part of a condition, with the joins whose rows it needs.
type Part = (Expr, BTreeSet<usize>);

impl Query {
    /// A condition that stands in an expression: `When(…)`, `filter=…`.
    pub(super) fn condition_expr(
        &mut self,
        machine: &mut Machine,
        condition: &Condition,
    ) -> Outcome<Expr> {
        let place = Place { negated: false, inside: false, splits: false };
        let (expr, needed) = self.items_expr(machine, condition, place)?;
        self.promote(needed);
        Ok(expr)
    }

    fn items_expr(
        &mut self,
        machine: &mut Machine,
        condition: &Condition,
        place: Place,
    ) -> Outcome<Part> {
        let place = Place {
            negated: place.negated != condition.negated,
            inside: place.inside || condition.negated,
            ..place
        };
        let mut votes = Votes::new(condition.connector, condition.items.len(), place.negated);
        let mut parts = Vec::new();
        for item in &condition.items {
            let (part, needed) = match item {
                Item::Lookup(name, value) => self.lookup_expr(machine, name, value, place)?,
                Item::Nested(nested) => self.items_expr(machine, nested, place)?,
                Item::Node(node) => (self.conditional(machine, node)?, BTreeSet::new()),
            };
            votes.add(&needed);
            if !is_void(item) {
                parts.push(part);
            }
        }
        let needed = votes.settle(self);
        let expr = match condition.connector {
            Connector::Xor => odd(parts),
            Connector::And => joined(false, parts),
            Connector::Or if parts.is_empty() => Expr::And(Vec::new()),
            Connector::Or => joined(true, parts),
        };
        let void = condition.items.iter().all(is_void);
        Ok((if condition.negated && !void { negate(expr) } else { expr }, needed))
    }

    /// An expression that is true or false.
    fn conditional(&mut self, machine: &mut Machine, node: &Node) -> Outcome<Expr> {
        let known = match node {
            Node::F(path) => self.is_boolean(machine, path)?,
            other => is_conditional(other),
        };
        if !known {
            let message = "Cannot filter against a non-conditional expression.";
            return Err(crate::eval::raise("TypeError", message));
        }
        Ok(self.expression(machine, node)?.0)
    }

    fn is_boolean(&mut self, machine: &mut Machine, path: &str) -> Outcome<bool> {
        if let Some(known) = self.annotations.iter().find(|known| *known.name == *path) {
            let class = known.class.as_deref();
            return Ok(class == Some("BooleanField") || known.ty == Some(ColumnType::Boolean));
        }
        let (_, ty) = self.clone().expression(machine, &Node::F(path.into()))?;
        Ok(ty == Some(ColumnType::Boolean))
    }

    pub(super) fn lookup_expr(
        &mut self,
        machine: &mut Machine,
        name: &str,
        value: &Value,
        place: Place,
    ) -> Outcome<Part> {
        if let Some((expr, ty, mut rest)) = self.annotation_of(name) {
            let last = rest.pop().unwrap_or_else(|| "exact".to_owned());
            let (expr, ty) = lookup::transformed(machine, expr, ty, &rest, "Field")?;
            let given = (name, &*last, "Field");
            let expr = lookup::apply(machine, self, expr, ty.as_ref(), given, value)?;
            return Ok((expr, BTreeSet::new()));
        }
        // What stands on the right side makes its joins first.
        let before = self.touched.len();
        if let Node::F(_) = super::expression::node_of(value) {
            self.expression(machine, &super::expression::node_of(value))?;
        }
        let mut used = set_of(self.touched.iter().skip(before).copied());
        if place.inside && place.splits {
            // A relation to many rows under any NOT asks whether there is no such row at all.
            let trial = self.clone().path(machine, name, &self.reuse.clone())?;
            if let Some(way) = trial.first_many {
                return self.split_exclude(machine, name, value, way);
            }
        }
        let end = self.path(machine, name, &self.reuse.clone())?;
        self.uses(end.table);
        used.extend(&end.joins);
        super::related_value::check(machine, self, &end, value)?;
        let mut rest = end.rest.clone();
        let last = rest.pop().unwrap_or_else(|| "exact".to_owned());
        let class = match &end.relation {
            Some(_) => end.class.to_owned(),
            None => self.class_name(name, end.rest.len()),
        };
        if end.relation.is_some() && !(rest.is_empty() && RELATED.contains(&&*last)) {
            return Err(lookup::unsupported(machine, &end.rest.join("__"), &class));
        }
        let column = self.column(end.table, &end.column);
        let (left, ty) =
            lookup::transformed(machine, column.clone(), Some(end.ty.clone()), &rest, &class)?;
        let named = end.relation.as_ref().map_or_else(|| end.column.clone(), |(_, to)| to.clone());
        let value = match &end.relation {
            Some((model, to)) => &super::related_value::referred(&self.world, model, to, value),
            None => value,
        };
        let given = (&*named, &*last, &*class);
        let condition = lookup::apply(machine, self, left, ty.as_ref(), given, value)?;
        // Which joins must have rows.
        let (is_null, wants_null) = match (last.as_str(), value) {
            ("isnull", value) => (true, machine.truth(value)?),
            ("exact" | "iexact", Value::None) => (true, true),
            _ => (false, false),
        };
        let mut outer = is_null && wants_null && !place.negated;
        let mut all = vec![condition];
        if place.negated && !(is_null && wants_null) {
            outer = true;
            if !is_null {
                // `NOT (x = 1)` would lose the rows where x is NULL.
                let left_out = end
                    .needed
                    .last()
                    .is_some_and(|at| self.tables.get(*at).is_some_and(|table| table.outer));
                if end.null || left_out {
                    all.push(Expr::IsNull(Box::new(column), Is::Not));
                }
                // So would `NOT (x = y)` those where y is.
                if let Node::F(other) = super::expression::node_of(value) {
                    let known = self.annotations.iter().any(|known| known.name == other);
                    let end = self.clone().path(machine, &other, &None)?;
                    if !known && end.null && end.rest.is_empty() {
                        let (other, _) = self.expression(machine, &Node::F(other))?;
                        all.push(Expr::IsNull(Box::new(other), Is::Not));
                    }
                }
            }
        }
        let expr = if all.len() == 1 { all.remove(0) } else { Expr::And(all) };
        Ok((expr, if outer { BTreeSet::new() } else { used }))
    }

    /// What the class of the field at the end of a path is called.
    fn class_name(&self, path: &str, after: usize) -> String {
        let parts: Vec<&str> = path.split("__").gather();
        let field = parts.get(..parts.len().saturating_sub(after)).unwrap_or_default().join("__");
        super::typing::of_path(self, &field)
            .map_or_else(|| "Field".to_owned(), |class| class.to_string())
    }

    /// An annotation that a name refers to, with the lookups after it.
    fn annotation_of(&self, name: &str) -> Option<Annotated> {
        self.annotations.iter().find_map(|annotation| {
            let rest = name.strip_prefix(&*annotation.name)?;
            let rest = match rest.strip_prefix("__") {
                Some(rest) => rest.split("__").map(str::to_owned).gather(),
                None if rest.is_empty() => Vec::new(),
                None => return None,
            };
            Some((annotation.expr.clone(), annotation.ty.clone(), rest))
        })
    }

    /// Adds the conditions of a `filter` or `exclude`.
    pub(super) fn filter(&mut self, machine: &mut Machine, condition: &Condition) -> Outcome<()> {
        if condition.items.iter().all(is_void) {
            return Ok(());
        }
        // Joins over many rows that earlier calls made are not used again; within the call they are.
        let inner: Vec<usize> = self.inner_joins();
        self.reuse = Some(std::mem::take(&mut self.sticky));
        let place = Place { negated: false, inside: false, splits: true };
        let built = self.items_expr(machine, condition, place);
        self.reuse = None;
        let (expr, _) = built?;
        self.demote(inner);
        let mut over_window = false;
        expr.each(&mut |part| over_window |= matches!(part, Expr::Over(..)));
        if over_window {
            return Err(crate::eval::refuse(
                "A condition on a window function is not supported here: take the rows in a list and choose among them.",
            ));
        }
        match expr {
            Expr::And(items) => self.condition.extend(items),
            other => self.condition.push(other),
        }
        Ok(())
    }

    /// The joins that leave out rows without a joined one.
    pub(super) fn inner_joins(&self) -> Vec<usize> {
        let tables = self.tables.iter().enumerate().skip(1);
        tables.filter(|(_, table)| !table.outer).map(|(at, _)| at).gather()
    }

    /// Makes the joins of two queries what `|`, `&` or `^` of them needs.
    pub(super) fn settle_both(
        &mut self,
        connector: Connector,
        own: BTreeSet<usize>,
        theirs: BTreeSet<usize>,
    ) {
        let mut votes = Votes::new(connector, 2, false);
        votes.add(&own);
        votes.add(&theirs);
        votes.settle(self);
    }
}

/// What can follow a relation.
const RELATED: &[&str] = &["exact", "in", "gt", "gte", "lt", "lte", "isnull"];

/// Whether an expression is true or false.
pub(super) fn is_conditional(node: &Node) -> bool {
    match node {
        Node::Holds(_) | Node::Exists(..) | Node::Compare(..) => true,
        Node::Typed(_, ty) | Node::Cast(_, ty) => *ty == ColumnType::Boolean,
        Node::Value(Value::Bool(_)) => true,
        Node::Case(whens, default) => {
            let boolean = |node: &Node| matches!(node, Node::Value(Value::Bool(_)));
            whens.iter().all(|(_, then)| boolean(then)) && default.as_deref().is_none_or(boolean)
        }
        // Nothing is known of these.
        Node::Named(..) | Node::OuterRef(..) | Node::Subquery(_) => true,
        _ => false,
    }
}

/// An odd number of them holds: what Django writes where the database has no XOR.
pub(super) fn odd(parts: Vec<Expr>) -> Expr {
    let (one, zero) = (|| Expr::Param(Cell::Int(1)), || Expr::Param(Cell::Int(0)));
    let counted = parts.iter().map(|part| {
        let part = part.clone();
        Expr::Case(vec![(part, one())], Some(Box::new(zero())))
    });
    let add = |left, right| Expr::Group(Box::new(Expr::binary("+", left, right)));
    let Some(sum) = counted.reduce(add) else { return Expr::And(Vec::new()) };
    if parts.len() < 2 {
        return joined(false, parts);
    }
    let sum = if parts.len() > 2 { Expr::binary("%", sum, Expr::Param(Cell::Int(2))) } else { sum };
    let is_odd = Expr::binary("=", one(), sum);
    joined(false, vec![joined(true, parts), is_odd])
}

/// An annotation, its type, and the lookups that follow it.
type Annotated = (Expr, Option<ColumnType>, Vec<String>);

pub(super) fn flat(parts: Vec<Expr>) -> Vec<Expr> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Expr::And(items) => items,
            other => vec![other],
        })
        .gather()
}

/// Whether a part of a condition says nothing: `Q()`.
fn is_void(item: &Item) -> bool {
    matches!(item, Item::Nested(nested) if nested.items.iter().all(is_void))
}

/// The parts, joined by OR or AND; what holds for every row or for none is taken out.
fn joined(or: bool, parts: Vec<Expr>) -> Expr {
    let all = |part: &Expr| matches!(part, Expr::And(items) if items.is_empty());
    let none = |part: &Expr| matches!(part, Expr::Or(items) if items.is_empty());
    if or {
        if parts.iter().any(all) {
            return Expr::And(Vec::new());
        }
        return Expr::Or(parts.into_iter().filter(|part| !none(part)).gather());
    }
    if parts.iter().any(none) {
        return Expr::Or(Vec::new());
    }
    Expr::And(flat(parts))
}

pub(super) fn negate(expr: Expr) -> Expr {
    match expr {
        Expr::And(items) if items.is_empty() => Expr::Or(items),
        Expr::Or(items) if items.is_empty() => Expr::And(items),
        expr => Expr::Not(Box::new(expr)),
    }
}
