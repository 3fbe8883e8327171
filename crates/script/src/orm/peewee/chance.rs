//! Whether rows come to an aggregate in an order that SQLite chooses: by whichever index it finds, or whichever table it reads first.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::sql::{Expr, Select};
use crate::world::Model;

/// Whether texts are joined in an order that nothing here says. Rows of one table come by their numbers as long as no index could give them.
pub(super) fn joins_texts_by_chance(select: &Select, model: Option<&Model>) -> bool {
    let shown: Vec<&Expr> =
        select.columns.iter().map(|(column, _)| column).chain(&select.having).gather();
    let mut joins_texts = false;
    for expr in &shown {
        expr.each(&mut |part| {
            joins_texts |=
                matches!(part, Expr::Call(call) if call.name.eq_ignore_ascii_case("group_concat"));
        });
    }
    let Some(model) = model.filter(|_| select.joins.is_empty()) else { return joins_texts };
    if !joins_texts {
        return false;
    }
    let shown = columns(shown.into_iter().chain(select.order_by.iter().map(|order| &order.by)));
    let grouped = columns(select.group_by.iter());
    let mut bounds = Vec::new();
    let mut equal = Vec::new();
    for part in select.condition.iter().flat_map(|condition| conjuncts(condition)) {
        match part {
            Expr::Binary("=", left, right) if matches!(**right, Expr::Param(_)) => {
                equal.extend(columns([&**left].into_iter()));
            }
            other => bounds.extend(columns([other].into_iter())),
        }
    }
    let singles = model.fields.iter().filter(|field| field.unique && !field.primary_key);
    let singles: Vec<Vec<Rc<str>>> = singles.map(|field| vec![field.column.clone()]).gather();
    model.indexes.iter().chain(&model.uniques).chain(&singles).any(|index| {
        let uses = |list: &[Rc<str>]| index.iter().any(|column| list.contains(column));
        uses(&shown) || uses(&bounds) || index.len() > 1 && (uses(&grouped) || uses(&equal))
    })
}

fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    match condition {
        Expr::And(parts) => parts.iter().flat_map(conjuncts).gather(),
        Expr::Binary("AND", left, right) => {
            conjuncts(left).into_iter().chain(conjuncts(right)).gather()
        }
        Expr::Group(inner) => conjuncts(inner),
        other => vec![other],
    }
}

fn columns<'e>(exprs: impl Iterator<Item = &'e Expr>) -> Vec<Rc<str>> {
    let mut out = Vec::new();
    for expr in exprs {
        expr.each(&mut |part| {
            if let Expr::Column(_, name) = part {
                out.push(name.clone());
            }
        });
    }
    out
}
