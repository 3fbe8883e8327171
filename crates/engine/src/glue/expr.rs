//! Expressions in GlueSQL's terms, with its faults written around.
//!
//! GlueSQL's AND and OR look at both sides and give NULL if either is; its `=` on floating-point numbers allows for a difference; its IN ignores NULLs.
//! So conditions are lowered twice over: once to "is it true", once to "is it false", each with CASE, which stops early; and a value that may be NULL is
//! built from both.

use gluesql_core::ast::{BinaryOperator, DataType, UnaryOperator};
use gluesql_core::data::Value;
use gluesql_core::plan::{
    AggregateExprPlan, AggregateFunctionPlan, CountArgExprPlan, ExprPlan, FunctionExprPlan,
    InnerJoinInputPlan, InnerJoinPlan, NestedLoopJoinPlan, ProjectInputPlan, ProjectPlan,
    ProjectionPlan, QueryPlan, SelectItemPlan, SeriesSourcePlan, SourcePlan, TableAccessPlan,
    TableAliasPlan,
};

use super::part::Part;
use super::scans::Rows;
use super::{Lower, table};
use crate::error::{Result, SqlError};
use crate::ir::{Aggregate, AggregateFunction, Comparison, Expr, Kind, Operator};
use crate::types::Type;

fn truth(truth: bool) -> ExprPlan {
    ExprPlan::Value(Value::Bool(truth))
}

fn case(when_then: Vec<(ExprPlan, ExprPlan)>, otherwise: ExprPlan) -> ExprPlan {
    ExprPlan::Case { operand: None, when_then, else_result: Some(Box::new(otherwise)) }
}

fn not(expr: ExprPlan) -> ExprPlan {
    ExprPlan::UnaryOp { op: UnaryOperator::Not, expr: Box::new(expr) }
}

fn binary(left: ExprPlan, op: BinaryOperator, right: ExprPlan) -> ExprPlan {
    ExprPlan::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

impl Lower<'_> {
    /// TRUE where the condition is true; FALSE or NULL otherwise.
    pub(super) fn is_true(&mut self, expr: &Expr) -> Result<ExprPlan> {
        match &expr.kind {
            Kind::And(parts) => self.all(parts, Self::is_true),
            Kind::Or(parts) => self.any(parts, Self::is_true),
            Kind::Not(inner) => self.is_false(inner),
            _ => self.value(expr),
        }
    }

    /// TRUE where the condition is false; FALSE or NULL otherwise.
    pub(super) fn is_false(&mut self, expr: &Expr) -> Result<ExprPlan> {
        match &expr.kind {
            Kind::And(parts) => self.any(parts, Self::is_false),
            Kind::Or(parts) => self.all(parts, Self::is_false),
            Kind::Not(inner) => self.is_true(inner),
            _ => self.value(expr).map(not),
        }
    }

    /// Halves, so that long chains do not nest deeply.
    fn all(
        &mut self,
        parts: &[Expr],
        each: fn(&mut Self, &Expr) -> Result<ExprPlan>,
    ) -> Result<ExprPlan> {
        match parts {
            [] => Ok(truth(true)),
            [only] => each(self, only),
            parts => {
                let (left, right) = parts.split_at(parts.len() / 2);
                Ok(case(vec![(self.all(left, each)?, self.all(right, each)?)], truth(false)))
            }
        }
    }

    fn any(
        &mut self,
        parts: &[Expr],
        each: fn(&mut Self, &Expr) -> Result<ExprPlan>,
    ) -> Result<ExprPlan> {
        let branches: Vec<(ExprPlan, ExprPlan)> = parts
            .iter()
            .map(|part| each(self, part).map(|part| (part, truth(true))))
            .collect::<Result<_>>()?;
        Ok(case(branches, truth(false)))
    }

    /// The expression's value.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<ExprPlan> {
        Ok(match &expr.kind {
            Kind::Column(id, column) => self.column(*id, *column),
            Kind::Value(value) => ExprPlan::Value(value.clone()),
            Kind::Compare(comparison, left, right) => self.compare(*comparison, left, right)?,
            Kind::And(_) | Kind::Or(_) => {
                let yes = self.is_true(expr)?;
                let no = self.is_false(expr)?;
                case(vec![(yes, truth(true)), (no, truth(false))], ExprPlan::Value(Value::Null))
            }
            Kind::Not(inner) => not(self.value(inner)?),
            Kind::IsNull(inner) => ExprPlan::IsNull(Box::new(self.value(inner)?)),
            Kind::Arithmetic(operator, left, right) => {
                let op = match operator {
                    Operator::Add => BinaryOperator::Plus,
                    Operator::Subtract => BinaryOperator::Minus,
                    Operator::Multiply => BinaryOperator::Multiply,
                    Operator::Divide => BinaryOperator::Divide,
                    Operator::Modulo => BinaryOperator::Modulo,
                    Operator::Concat => BinaryOperator::StringConcat,
                    Operator::Bits(_) => {
                        return Err(SqlError::refused("GlueSQL has other operators on bits"));
                    }
                };
                binary(self.value(left)?, op, self.value(right)?)
            }
            // 0 - x notices an overflow; on floating-point numbers it would lose the sign of zero.
            Kind::Negate(inner) if expr.ty == Type::Int => {
                binary(ExprPlan::Value(Value::I64(0)), BinaryOperator::Minus, self.value(inner)?)
            }
            Kind::Negate(inner) => {
                ExprPlan::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(self.value(inner)?) }
            }
            Kind::Case(branches, otherwise) => {
                let when_then = branches
                    .iter()
                    .map(|(when, then)| Ok((self.is_true(when)?, self.value(then)?)))
                    .collect::<Result<_>>()?;
                let else_result = otherwise
                    .as_ref()
                    .map(|otherwise| self.value(otherwise))
                    .transpose()?
                    .map(Box::new);
                ExprPlan::Case { operand: None, when_then, else_result }
            }
            Kind::Coalesce(parts) => {
                // GlueSQL's COALESCE looks at all its arguments; nested CASE would look twice. IFNULL looks at both, at worst.
                let parts: Vec<ExprPlan> =
                    parts.iter().map(|part| self.value(part)).collect::<Result<_>>()?;
                ExprPlan::Function(Box::new(FunctionExprPlan::Coalesce(parts)))
            }
            Kind::Convert(inner) => {
                let data_type = match expr.ty {
                    Type::Decimal => DataType::Decimal,
                    Type::Timestamp => DataType::Timestamp,
                    _ => DataType::Float,
                };
                let inner = self.value(inner)?;
                ExprPlan::Function(Box::new(FunctionExprPlan::Cast { expr: inner, data_type }))
            }
            Kind::In(inner, list) => {
                let inner = self.value(inner)?;
                let list = list.iter().map(|item| self.value(item)).collect::<Result<_>>()?;
                ExprPlan::InList { expr: Box::new(inner), list, negated: false }
            }
            Kind::Call(function, arguments) => {
                let count = arguments.len();
                self.call(Rows::Call(function, count), arguments)?
            }
            Kind::InSet(inner, set) => {
                self.call(Rows::Probe(std::sync::Arc::clone(set)), std::slice::from_ref(inner))?
            }
            Kind::Aggregate(at) => ExprPlan::Aggregate(Box::new(AggregateExprPlan {
                func: AggregateFunctionPlan::Count(CountArgExprPlan::Wildcard),
                distinct: false,
                slot: Some(*at),
            })),
            Kind::Window(_) => {
                return Err(SqlError::refused("a window function cannot stand here").at(expr.span));
            }
            Kind::Scalar(query) => ExprPlan::Subquery(Box::new(self.subquery(query)?)),
            Kind::Exists(query) => {
                ExprPlan::Exists { subquery: Box::new(self.subquery(query)?), negated: false }
            }
            Kind::InQuery(..) => {
                return Err(SqlError::refused(
                    "this IN with a subquery that reads the enclosing query is not supported",
                )
                .hint("write EXISTS")
                .at(expr.span));
            }
        })
    }

    fn compare(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Result<ExprPlan> {
        let inexact = matches!(left.ty, Type::Float | Type::Number)
            || matches!(right.ty, Type::Float | Type::Number);
        let (left, right) = (self.value(left)?, self.value(right)?);
        if inexact && matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return Ok(ExprPlan::Between {
                expr: Box::new(left),
                negated: comparison == Comparison::NotEqual,
                low: Box::new(right.clone()),
                high: Box::new(right),
            });
        }
        let op = match comparison {
            Comparison::Equal => BinaryOperator::Eq,
            Comparison::NotEqual => BinaryOperator::NotEq,
            Comparison::Less => BinaryOperator::Lt,
            Comparison::LessOrEqual => BinaryOperator::LtEq,
            Comparison::Greater => BinaryOperator::Gt,
            Comparison::GreaterOrEqual => BinaryOperator::GtEq,
        };
        Ok(binary(left, op, right))
    }

    /// One of our functions: a subquery whose joins hand its arguments to the reader one by one.
    fn call(&mut self, last: Rows, arguments: &[Expr]) -> Result<ExprPlan> {
        let mut part = Part::Source(one_row());
        let mut last = Some(last);
        for (at, argument) in arguments.iter().enumerate() {
            let rows = if at + 1 == arguments.len() {
                last.take().unwrap_or(Rows::Argument)
            } else {
                Rows::Argument
            };
            let expr = self.value(argument)?;
            let scan = self.ready(rows, argument.ty);
            let right = table(scan, format!("f{at}"), TableAccessPlan::PrimaryKey { expr });
            part = Part::Inner(Box::new(InnerJoinPlan {
                input: InnerJoinInputPlan::NestedLoop(NestedLoopJoinPlan {
                    input: part.nested(),
                    right,
                }),
            }));
        }
        let result = ExprPlan::CompoundIdentifier {
            alias: format!("f{}", arguments.len().saturating_sub(1)),
            ident: "v".to_owned(),
        };
        let input = match part {
            Part::Inner(join) => ProjectInputPlan::InnerJoin(join),
            Part::Source(source) => ProjectInputPlan::Source(source),
            Part::Left(join) => ProjectInputPlan::LeftOuterJoin(join),
        };
        let projection = ProjectionPlan::SelectItems(vec![SelectItemPlan::Expr {
            expr: result,
            label: "v".to_owned(),
        }]);
        Ok(ExprPlan::Subquery(Box::new(QueryPlan::Project(ProjectPlan { input, projection }))))
    }

    pub(super) fn aggregate(
        &mut self,
        aggregate: &Aggregate,
        slot: usize,
    ) -> Result<AggregateExprPlan> {
        let argument =
            aggregate.argument.as_ref().map(|argument| self.value(argument)).transpose()?;
        let func =
            match (aggregate.function, argument) {
                (AggregateFunction::Count, None) => {
                    AggregateFunctionPlan::Count(CountArgExprPlan::Wildcard)
                }
                (AggregateFunction::Count, Some(argument)) => {
                    AggregateFunctionPlan::Count(CountArgExprPlan::Expr(argument))
                }
                (AggregateFunction::Sum, Some(argument)) => AggregateFunctionPlan::Sum(argument),
                (AggregateFunction::Avg, Some(argument)) => AggregateFunctionPlan::Avg(argument),
                (AggregateFunction::Min, Some(argument)) => AggregateFunctionPlan::Min(argument),
                (AggregateFunction::Max, Some(argument)) => AggregateFunctionPlan::Max(argument),
                (AggregateFunction::Concat, _) => return Err(SqlError::refused(
                    "GROUP_CONCAT in a subquery that reads the enclosing query is not supported",
                )
                .hint("join a grouped subquery")),
                (_, None) => return Err(SqlError::error("this aggregate needs an argument")),
            };
        Ok(AggregateExprPlan { func, distinct: aggregate.distinct, slot: Some(slot) })
    }
}

/// A source of one row, for what reads no table.
pub(super) fn one_row() -> SourcePlan {
    SourcePlan::Series(SeriesSourcePlan {
        alias: TableAliasPlan { name: "s".to_owned(), columns: Vec::new() },
        size: ExprPlan::Value(Value::I64(1)),
    })
}
