//! Functions of aggregates. The executor computes our functions in subqueries, and there it knows no aggregates: so the groups are made first, as a
//! derived table, and the rest is computed from its columns.

use gluesql_core::plan::{
    DerivedSourcePlan, InnerJoinInputPlan, InnerJoinPlan, NestedLoopJoinPlan, QueryPlan,
    SourcePlan, TableAliasPlan,
};

use super::Lower;
use super::expr::one_row;
use super::join::Runs;
use super::part::Part;
use crate::error::Result;
use crate::ir::{Expr, Kind, Select, SourceId};
use crate::leaves::{After, Columns};

/// A grouped select as a select over its groups.
pub(super) struct OverGroups {
    pub(super) groups: Part,
    pub(super) select: Select,
    pub(super) keys: Vec<Expr>,
}

impl Lower<'_> {
    /// Takes a grouped select apart if it, or a key that it is sorted by, holds a function of an aggregate.
    pub(super) fn over_groups(
        &mut self,
        select: &Select,
        keys: &[Expr],
        runs: Runs,
    ) -> Result<Option<OverGroups>> {
        let mut exprs = select.projection.iter().chain(&select.having).chain(keys);
        if !select.grouped || !exprs.any(is_function_of_aggregate) {
            return Ok(None);
        }
        let mut columns = Columns::default();
        for expr in select.projection.iter().chain(&select.having).chain(keys) {
            columns.collect(expr, select);
        }
        let mut groups = select.clone();
        (groups.projection, groups.having, groups.distinct) = (columns.exprs.clone(), None, false);
        let query = Box::new(QueryPlan::Project(self.project(&groups, &[], runs)?));
        let id = self.own_source();
        let alias = TableAliasPlan {
            name: format!("t{id}"),
            columns: (0..columns.exprs.len()).map(|at| format!("c{at}")).collect(),
        };
        let mut over = Select {
            from: None,
            filter: select.having.iter().cloned().collect(),
            group: Vec::new(),
            aggregates: Vec::new(),
            windows: Vec::new(),
            grouped: false,
            having: None,
            projection: select.projection.clone(),
            distinct: select.distinct,
        };
        let mut keys = keys.to_vec();
        for expr in over.parts_mut().chain(&mut keys) {
            columns.replace(expr, id, After::Nothing);
        }
        let right = SourcePlan::Derived(DerivedSourcePlan { query, alias });
        let groups = match runs {
            Runs::Once => Part::Source(right),
            // Only what stands on the right of a join gets to see the enclosing query's row.
            Runs::Often => Part::Inner(Box::new(InnerJoinPlan {
                input: InnerJoinInputPlan::NestedLoop(NestedLoopJoinPlan {
                    input: Part::Source(one_row()).nested(),
                    right,
                }),
            })),
        };
        Ok(Some(OverGroups { groups, select: over, keys }))
    }

    /// A number for a source of the planner's own. They count down, so they never meet those of the checker.
    fn own_source(&mut self) -> SourceId {
        self.own += 1;
        SourceId::MAX - self.own
    }
}

fn is_function_of_aggregate(expr: &Expr) -> bool {
    let function = matches!(expr.kind, Kind::Call(..) | Kind::InSet(..));
    if function && expr.children().into_iter().any(has_aggregate) {
        return true;
    }
    expr.children().into_iter().any(is_function_of_aggregate)
}

fn has_aggregate(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Aggregate(_)) || expr.children().into_iter().any(has_aggregate)
}
