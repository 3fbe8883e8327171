//! `|`, `&` and `^` of query sets.
//!
//! Follows `QuerySet.__or__` and `Query.combine` of Django 5.2.

use std::collections::BTreeSet;
use std::rc::Rc;

use throughline_order::{Gather as _, set_of};

use super::expression::Connector;
use super::query::{Join, Query, Reuse};
use super::queryset::QuerySet;
use super::rename;
use crate::eval::{raise, refuse};
use crate::sql::Expr;
use crate::value::Outcome;

pub(super) fn combined(
    left: &Rc<QuerySet>,
    right: &Rc<QuerySet>,
    op: &'static str,
) -> Outcome<Rc<QuerySet>> {
    let connector = match op {
        "&" => Connector::And,
        "|" => Connector::Or,
        _ => Connector::Xor,
    };
    // What has no rows decides, or takes no part.
    for (one, other) in [(left, right), (right, left)] {
        if one.query.empty {
            return Ok(if connector == Connector::And { one.clone() } else { other.clone() });
        }
    }
    for set in [left, right] {
        if !set.combined.is_empty() {
            let message = format!("Cannot use {op} operator with combined queryset.");
            return Err(raise("TypeError", message));
        }
        if set.is_sliced() && op == "&" {
            let message = "Cannot combine queries once a slice has been taken.";
            return Err(raise("TypeError", message));
        }
        if set.is_sliced() {
            return Err(refuse(format!(
                "`{op}` of query sets that are cut is not supported here: use `Q` objects in one `filter`."
            )));
        }
    }
    if left.query.model != right.query.model {
        let message = "Cannot combine queries on two different base models.";
        return Err(raise("TypeError", message));
    }
    if left.query.distinct != right.query.distinct {
        let message = "Cannot combine a unique query with a non-unique query.";
        return Err(raise("TypeError", message));
    }
    let mut set = left.copy();
    join_both(&mut set.query, &right.query, connector);
    set.shape = right.shape.clone();
    if !right.query.order.is_empty() {
        set.query.order.clone_from(&right.query.order);
        set.query.ordered = right.query.ordered;
    }
    set.known.extend(right.known.iter().cloned());
    Ok(Rc::new(set))
}

fn join_both(own: &mut Query, other: &Query, connector: Connector) {
    // With AND, rows over a relation to many may be others; with OR, each join stands for one of the other side's.
    let mut reuse: Reuse = match connector {
        Connector::And => Some(Default::default()),
        Connector::Or | Connector::Xor => Some(set_of(0..own.tables.len())),
    };
    let votes = set_of(own.inner_joins());
    let mut theirs = BTreeSet::new();
    let mut places = vec![0];
    for table in other.tables.iter().skip(1) {
        let join = Join {
            parent: places.get(table.parent).copied().unwrap_or(0),
            table: table.table.clone(),
            on: table.on.clone(),
            key: table.key.clone(),
            nullable: table.nullable,
        };
        let before = own.tables.len();
        let at = own.join(join, &reuse);
        if at >= before
            && let Some(made) = own.tables.get_mut(at)
        {
            made.outer = table.outer;
        }
        if !table.outer {
            theirs.insert(at);
        }
        if let Some(reuse) = &mut reuse {
            reuse.remove(&at);
        }
        if table.used {
            own.uses(at);
        }
        places.push(at);
    }
    own.settle_both(connector, votes, theirs);
    own.inner = own.inner.max(other.inner);
    let before: Vec<Rc<str>> = other.tables.iter().map(|table| table.alias.clone()).gather();
    let after: Vec<Rc<str>> = places.iter().map(|at| own.alias(*at)).gather();
    let moved = |expr: &Expr| {
        let mut expr = expr.clone();
        rename::tables(&mut expr, &before, &after);
        expr
    };
    let theirs: Vec<Expr> = other.condition.iter().map(moved).gather();
    for annotation in &other.annotations {
        if own.annotations.iter().all(|known| known.name != annotation.name) {
            let mut annotation = annotation.clone();
            annotation.expr = moved(&annotation.expr);
            own.annotations.push(annotation);
        }
    }
    let mine = std::mem::take(&mut own.condition);
    own.condition = match connector {
        Connector::And => mine.into_iter().chain(theirs).gather(),
        // One without conditions has every row.
        Connector::Or if mine.is_empty() || theirs.is_empty() => Vec::new(),
        Connector::Or => vec![Expr::Or(vec![Expr::And(mine), Expr::And(theirs)])],
        Connector::Xor => match super::condition::odd(vec![Expr::And(mine), Expr::And(theirs)]) {
            Expr::And(items) => items,
            other => vec![other],
        },
    };
}
