//! What conditions say of the sources of a join.

use throughline_order::Gather as _;

use super::access::{Candidate, equal_columns, narrow, test};
use crate::ir::{Comparison, Expr, SourceId};
use crate::reader::Test;

/// The sources that an expression reads.
pub(crate) fn reads(expr: &Expr) -> Vec<SourceId> {
    let mut ids = expr.sources();
    ids.sort_unstable();
    ids
}

/// Free of subqueries, which are best left for last.
pub(crate) fn plain(expr: &Expr) -> bool {
    expr.subquery().is_none() && expr.children().into_iter().all(plain)
}

pub(crate) fn take_tests(pool: &mut Vec<Expr>, item: &mut Candidate) {
    pool.retain(|expr| match test(expr, item.source.id) {
        Some(test) => {
            item.tests.push(test);
            false
        }
        None => true,
    });
}

/// `a.x = b.y AND a.x = 1` means `b.y = 1` too.
pub(crate) fn spread_constants(items: &mut [Candidate], pool: &[Expr]) {
    let joins: Vec<_> = pool.iter().filter_map(equal_columns).gather();
    for _ in 0..joins.len() {
        let mut found: Vec<(SourceId, Test)> = Vec::new();
        for (a, b) in &joins {
            for (from, to) in [(a, b), (b, a)] {
                let known = items
                    .iter()
                    .find(|item| item.source.id == from.0)
                    .into_iter()
                    .flat_map(|item| &item.tests);
                let constant = known.filter_map(|test| match test {
                    Test::Compare(column, Comparison::Equal, value) if *column == from.1 => {
                        Some(value.clone())
                    }
                    _ => None,
                });
                found.extend(
                    constant.map(|value| (to.0, Test::Compare(to.1, Comparison::Equal, value))),
                );
            }
        }
        let mut changed = false;
        for (id, test) in found {
            let Some(item) = items.iter_mut().find(|item| item.source.id == id) else { continue };
            let known = item.tests.iter().any(|own| matches!(own, Test::Compare(column, Comparison::Equal, _) if *column == test.column()));
            if !known {
                item.tests.push(test);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Narrows inner sources among themselves, then each outer-joined source by what it is joined with.
pub(crate) fn narrow_all(
    items: &mut [Candidate],
    lefts: &mut [(Candidate, Vec<Expr>)],
    pool: &[Expr],
) {
    let joins: Vec<_> = pool.iter().filter_map(equal_columns).gather();
    narrow(items, &joins);
    for at in 0..lefts.len() {
        let (before, rest) = lefts.split_at_mut(at);
        let Some((item, on)) = rest.first_mut() else { continue };
        let ids: Vec<SourceId> = items
            .iter()
            .chain(before.iter().map(|(item, _)| item))
            .map(|item| item.source.id)
            .gather();
        let own = item.source.id;
        // Only towards the outer-joined source: what it lacks must not take rows from the others.
        let joins: Vec<_> = on
            .iter()
            .filter_map(equal_columns)
            .filter_map(|(a, b)| {
                if b.0 == own && ids.contains(&a.0) {
                    Some((a, b))
                } else if a.0 == own && ids.contains(&b.0) {
                    Some((b, a))
                } else {
                    None
                }
            })
            .gather();
        let known: Vec<&Candidate> =
            items.iter().chain(before.iter().map(|(item, _)| item)).gather();
        item.narrow_by(&known, &joins);
    }
}
