//! A partly built FROM, and its way into each of GlueSQL's input types.

use gluesql_core::plan::{
    AggregationInputPlan, FilterInputPlan, FilterPlan, HashJoinInputPlan, InnerJoinPlan,
    LeftOuterJoinPlan, NestedLoopJoinInputPlan, ProjectInputPlan, SourcePlan,
};

/// What has been joined so far.
pub(super) enum Part {
    Source(SourcePlan),
    Inner(Box<InnerJoinPlan>),
    Left(Box<LeftOuterJoinPlan>),
}

impl Part {
    pub(super) fn nested(self) -> NestedLoopJoinInputPlan {
        match self {
            Part::Source(source) => NestedLoopJoinInputPlan::Source(source),
            Part::Inner(join) => NestedLoopJoinInputPlan::InnerJoin(join),
            Part::Left(join) => NestedLoopJoinInputPlan::LeftOuterJoin(join),
        }
    }

    pub(super) fn hashed(self) -> HashJoinInputPlan {
        match self {
            Part::Source(source) => HashJoinInputPlan::Source(source),
            Part::Inner(join) => HashJoinInputPlan::InnerJoin(join),
            Part::Left(join) => HashJoinInputPlan::LeftOuterJoin(join),
        }
    }
}

/// A FROM with its WHERE.
pub(super) enum Filtered {
    Part(Part),
    Filter(FilterPlan),
}

impl Filtered {
    pub(super) fn new(part: Part, filter: Option<gluesql_core::plan::ExprPlan>) -> Self {
        match filter {
            None => Filtered::Part(part),
            Some(expr) => {
                let input = match part {
                    Part::Source(source) => FilterInputPlan::Source(source),
                    Part::Inner(join) => FilterInputPlan::InnerJoin(join),
                    Part::Left(join) => FilterInputPlan::LeftOuterJoin(join),
                };
                Filtered::Filter(FilterPlan { input, expr })
            }
        }
    }

    pub(super) fn aggregation(self) -> AggregationInputPlan {
        match self {
            Filtered::Part(Part::Source(source)) => AggregationInputPlan::Source(source),
            Filtered::Part(Part::Inner(join)) => AggregationInputPlan::InnerJoin(join),
            Filtered::Part(Part::Left(join)) => AggregationInputPlan::LeftOuterJoin(join),
            Filtered::Filter(filter) => AggregationInputPlan::Filter(filter),
        }
    }

    pub(super) fn project(self) -> ProjectInputPlan {
        match self {
            Filtered::Part(Part::Source(source)) => ProjectInputPlan::Source(source),
            Filtered::Part(Part::Inner(join)) => ProjectInputPlan::InnerJoin(join),
            Filtered::Part(Part::Left(join)) => ProjectInputPlan::LeftOuterJoin(join),
            Filtered::Filter(filter) => ProjectInputPlan::Filter(filter),
        }
    }
}
