//! What a later step needs of an earlier one, where a select takes two: the expressions that the first computes, and the second's references to them.

use crate::ir::{Expr, Kind, Select, SourceId};

/// The columns of the first step.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) exprs: Vec<Expr>,
}

/// What the first step computes after its columns, in the order of the select.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    #[cfg(feature = "second-opinion")]
    Nothing,
    Windows,
}

impl Columns {
    /// Where an expression stands; it is added if it is new.
    pub(crate) fn place(&mut self, expr: &Expr) -> usize {
        if let Some(at) = self.exprs.iter().position(|known| known.same(expr)) {
            return at;
        }
        self.exprs.push(expr.clone());
        self.exprs.len() - 1
    }

    /// Adds what an expression of the second step needs of the first: group keys, aggregates, columns and subqueries.
    pub(crate) fn collect(&mut self, expr: &Expr, select: &Select) {
        let whole = select.group.iter().any(|key| key.same(expr))
            || matches!(expr.kind, Kind::Column(..) | Kind::Aggregate(_))
            || expr.subquery().is_some();
        if whole {
            self.place(expr);
        } else {
            expr.children().into_iter().for_each(|child| self.collect(child, select));
        }
    }

    /// Replaces what the first step computed by columns of the source that holds it.
    pub(crate) fn replace(&self, expr: &mut Expr, source: SourceId, after: After) {
        let at = match (&expr.kind, after) {
            (Kind::Window(at), After::Windows) => Some(self.exprs.len() + at),
            _ => self.exprs.iter().position(|known| known.same(expr)),
        };
        match at {
            Some(at) => expr.kind = Kind::Column(source, at),
            None => {
                for child in expr.children_mut() {
                    self.replace(child, source, after);
                }
            }
        }
    }
}
