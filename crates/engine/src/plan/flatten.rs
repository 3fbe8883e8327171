//! A join tree as inner sources, outer joins after them, and conditions. The runner has seen to it that outer joins have one source on their right.

use throughline_order::Gather as _;

use crate::error::{Result, SqlError};
use crate::ir::{Expr, From, JoinKind, Kind, Source, SourceId};

/// A FROM without its shape: `(a ⟕ b) ⋈ c` is `σ((a × c) ⟕ b)`.
#[derive(Default)]
pub(crate) struct Flat {
    pub(crate) items: Vec<Source>,
    pub(crate) conditions: Vec<Expr>,
    pub(crate) lefts: Vec<(Source, Vec<Expr>)>,
}

impl Flat {
    pub(crate) fn of(from: &From) -> Result<Self> {
        let mut flat = Self::default();
        flat.add(from)?;
        Ok(flat)
    }

    /// Makes outer joins inner ones where a condition drops the rows that they would keep: `a ⟕ b` with `b.x = …` after it.
    pub(crate) fn promote(&mut self, filter: &[Expr]) {
        loop {
            let conditions = self.conditions.iter().chain(filter);
            let needed: Vec<SourceId> = conditions.flat_map(drops_null).gather();
            let Some(at) = self.lefts.iter().position(|(source, _)| needed.contains(&source.id))
            else {
                return;
            };
            let (source, on) = self.lefts.remove(at);
            self.items.push(source);
            self.conditions.extend(on);
        }
    }

    fn add(&mut self, from: &From) -> Result<()> {
        match from {
            From::Source(source) => self.items.push(source.clone()),
            From::Join { kind: JoinKind::Inner, left, right, on } => {
                self.add(left)?;
                self.add(right)?;
                self.conditions.extend(on.iter().cloned());
            }
            From::Join { kind: JoinKind::Left, left, right, on } => {
                self.add(left)?;
                let From::Source(right) = &**right else {
                    return Err(SqlError::refused(
                        "this outer join of a join is not supported here",
                    ));
                };
                self.lefts.push((right.clone(), on.clone()));
            }
            From::Join { kind: JoinKind::Full, .. } => {
                return Err(SqlError::refused(
                    "FULL JOIN is not supported in a subquery that reads the enclosing query",
                ));
            }
        }
        Ok(())
    }
}

/// The sources whose columns a condition compares, so that it is not true where they are NULL.
fn drops_null(condition: &Expr) -> Vec<SourceId> {
    let column = |expr: &Expr| match expr.kind {
        Kind::Column(id, _) => Some(id),
        _ => None,
    };
    match &condition.kind {
        Kind::Compare(_, left, right) => column(left).into_iter().chain(column(right)).gather(),
        Kind::In(inner, _) => column(inner).into_iter().gather(),
        Kind::And(parts) => parts.iter().flat_map(drops_null).gather(),
        Kind::Not(inner) => match &inner.kind {
            Kind::IsNull(inner) => column(inner).into_iter().gather(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
