//! Conditions on a derived table are met within it: `… FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) x WHERE x.n > 6` keeps no group of six.

use crate::ir::{Body, Expr, From, JoinKind, Kind, Query, Select, Source, SourceKind};
use crate::plan::{plain, reads};
use crate::types::Type;

/// Moves what conditions of a select ask of a derived table alone into that table, where it then drops rows before they are kept.
pub(super) fn push_down(select: &mut Select) {
    let Select { from: Some(from), filter, .. } = select else { return };
    into(from, filter);
}

fn into(from: &mut From, filter: &mut Vec<Expr>) {
    match from {
        From::Source(source) => into_source(source, filter),
        From::Join { kind, left, right, .. } => {
            // The other side of an outer join has rows of NULLs, which conditions must still see.
            if *kind != JoinKind::Full {
                into(left, filter);
            }
            if *kind == JoinKind::Inner {
                into(right, filter);
            }
        }
    }
}

fn into_source(source: &mut Source, filter: &mut Vec<Expr>) {
    let id = source.id;
    let SourceKind::Query(query) = &mut source.kind else { return };
    let Some(inner) = open(query) else { return };
    filter.retain(|condition| {
        if reads(condition) != [id] || !plain(condition) {
            return true;
        }
        let Some(moved) = seen_from_within(condition, inner) else { return true };
        if inner.grouped {
            inner.having = Some(match inner.having.take() {
                Some(having) => Expr::new(Kind::And(vec![having, moved]), Type::Bool),
                None => moved,
            });
        } else {
            inner.filter.push(moved);
        }
        false
    });
}

/// The select of a query each of whose rows stays or goes by itself.
fn open(query: &mut Query) -> Option<&mut Select> {
    let free = query.limit.is_none() && query.offset == 0 && query.outer.is_empty();
    match &mut query.body {
        Body::Select(select) if free && select.windows.is_empty() => Some(select),
        Body::Select(_) | Body::Values(_) | Body::Set { .. } | Body::Recursive(_) => None,
    }
}

/// A condition on what a select gives, as one on what it is computed from.
fn seen_from_within(condition: &Expr, inner: &Select) -> Option<Expr> {
    let mut moved = condition.clone();
    if let Kind::Column(_, at) = moved.kind {
        let given = inner.projection.get(at)?;
        // A subquery would be run twice.
        return (given.ty == moved.ty && plain(given)).then(|| given.clone());
    }
    for child in moved.children_mut() {
        *child = seen_from_within(child, inner)?;
    }
    Some(moved)
}
