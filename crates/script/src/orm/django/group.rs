//! GROUP BY, and what stands in HAVING.
//!
//! Follows `SQLCompiler.get_group_by` and `WhereNode.split_having_qualify` of Django 5.2.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::query::{Group, Query};
use crate::sql::{Call, Expr, Order};

/// Aggregates that SQLite has as such, whatever number of arguments they take.
const AGGREGATES: &[&str] =
    &["COUNT", "SUM", "AVG", "STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP", "GROUP_CONCAT"];

fn is_aggregate(call: &Call) -> bool {
    let one = call.args.len() == 1;
    AGGREGATES.contains(&&*call.name) || one && matches!(&*call.name, "MIN" | "MAX")
}

/// Whether an expression is over several rows.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    let mut found = false;
    columns_or_aggregates(expr, &mut |part| found |= matches!(part, Expr::Call(_)));
    found
}

/// Whether an expression reads a column.
pub(super) fn has_column(expr: &Expr) -> bool {
    let mut found = false;
    columns_of(expr, &mut |_| found = true);
    found
}

/// Shows the columns of an expression that are not in an aggregate.
fn columns_of(expr: &Expr, see: &mut dyn FnMut(&Expr)) {
    columns_or_aggregates(expr, &mut |part| {
        if matches!(part, Expr::Column(..)) {
            see(part);
        }
    });
}

/// Shows an expression's aggregates and the columns outside of them.
fn columns_or_aggregates(expr: &Expr, see: &mut dyn FnMut(&Expr)) {
    match expr {
        Expr::Column(..) => see(expr),
        Expr::Call(call) if is_aggregate(call) => see(expr),
        // An aggregate over a window takes no rows together; what it takes may.
        Expr::Over(of, by, order) => {
            if let Expr::Call(call) = &**of {
                call.args.iter().for_each(|arg| columns_or_aggregates(arg, see));
            }
            by.iter().for_each(|part| columns_or_aggregates(part, see));
            order.iter().for_each(|order| columns_or_aggregates(&order.by, see));
        }
        other => other.parts().into_iter().for_each(|part| columns_or_aggregates(part, see)),
    }
}

/// What an expression adds to GROUP BY: itself, or what stands beside its aggregates.
fn grouped(expr: &Expr, out: &mut Vec<Expr>) {
    match expr {
        Expr::Param(_) | Expr::Raw(_) | Expr::Star => {}
        Expr::Call(call) if is_aggregate(call) => {}
        Expr::Over(..) => columns_of(expr, &mut |column| out.push(column.clone())),
        Expr::And(_) | Expr::Or(_) | Expr::Not(_) => {
            expr.parts().into_iter().for_each(|part| grouped(part, out));
        }
        other if has_aggregate(other) || has_window(other) => {
            other.parts().into_iter().for_each(|part| grouped(part, out));
        }
        other => out.push(other.clone()),
    }
}

fn has_window(expr: &Expr) -> bool {
    let mut found = false;
    expr.each(&mut |part| found |= matches!(part, Expr::Over(..)));
    found
}

impl Query {
    pub(super) fn group_by(
        &self,
        columns: &[(Expr, Option<Rc<str>>)],
        order: &[Order],
        having: &[Expr],
    ) -> Vec<Expr> {
        let mut out: Vec<Expr> = match &self.group {
            Group::No => return Vec::new(),
            Group::Model => {
                let key = self
                    .model()
                    .and_then(|model| model.key().map(|key| key.column.clone()))
                    .unwrap_or_default();
                vec![self.column(0, &key)]
            }
            Group::Values(exprs) => exprs.clone(),
        };
        let mut add = |expr: &Expr| {
            let mut parts = Vec::new();
            grouped(expr, &mut parts);
            for part in parts {
                if !out.contains(&part) {
                    out.push(part);
                }
            }
        };
        columns.iter().for_each(|(expr, _)| add(expr));
        if self.group == Group::Model {
            let model = self.model();
            let fields = model.iter().flat_map(|model| &model.fields);
            fields.for_each(|field| add(&self.column(0, &field.column)));
        }
        order.iter().for_each(|order| add(&order.by));
        having.iter().for_each(&mut add);
        // Columns that have a name here are meant by their place.
        out.into_iter()
            .map(|expr| {
                match columns.iter().position(|(column, name)| name.is_some() && *column == expr) {
                    Some(place) => Expr::Raw((place + 1).to_string()),
                    None => expr,
                }
            })
            .gather()
    }
}
