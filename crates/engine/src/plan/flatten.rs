//! A join tree as inner sources, outer joins after them, and conditions. The runner has seen to it that outer joins have one source on their right.

use crate::error::{Result, SqlError};
use crate::ir::{Expr, From, JoinKind, Source};

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
