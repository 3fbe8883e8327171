//! Columns that moved: what was joined beforehand is one source now, and all that names its columns must follow.

use std::collections::HashMap;

use throughline_order::Arrange as _;

use crate::ir::{Body, Expr, From, Kind, Order, OrderBy, Query, Select, SourceId};

/// Where columns are now.
pub(super) type Moved = HashMap<(SourceId, usize), (SourceId, usize)>;

/// Follows a column to where it is now.
pub(super) fn place(moved: &Moved, mut at: (SourceId, usize)) -> (SourceId, usize) {
    while let Some(next) = moved.get(&at) {
        at = *next;
    }
    at
}

pub(super) fn expr(expr: &mut Expr, moved: &Moved) {
    if let Kind::Column(id, column) = &mut expr.kind {
        (*id, *column) = place(moved, (*id, *column));
    }
    if let Kind::Scalar(inner) | Kind::Exists(inner) | Kind::InQuery(_, inner) = &mut expr.kind {
        query(inner, moved);
    }
    for child in expr.children_mut() {
        self::expr(child, moved);
    }
}

fn query(query: &mut Query, moved: &Moved) {
    for id in &mut query.outer {
        *id = place(moved, (*id, 0)).0;
    }
    query.outer.arrange();
    query.outer.dedup();
    match &mut query.body {
        Body::Select(inner) => select(inner, &mut query.order, moved),
        Body::Values(rows) => rows.iter_mut().flatten().for_each(|cell| expr(cell, moved)),
        Body::Set { left, right, .. } => {
            self::query(left, moved);
            self::query(right, moved);
        }
        Body::Recursive(_) => {}
    }
}

pub(super) fn select(select: &mut Select, order: &mut [Order], moved: &Moved) {
    if moved.is_empty() {
        return;
    }
    if let Some(source) = &mut select.from {
        from(source, moved);
    }
    for key in order {
        if let OrderBy::Expr(key) = &mut key.by {
            expr(key, moved);
        }
    }
    for part in select.parts_mut() {
        expr(part, moved);
    }
}

pub(super) fn from(tree: &mut From, moved: &Moved) {
    if let From::Join { left, right, on, .. } = tree {
        from(left, moved);
        from(right, moved);
        on.iter_mut().for_each(|condition| expr(condition, moved));
    }
}
