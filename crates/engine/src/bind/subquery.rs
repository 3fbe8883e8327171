//! Subqueries as values, and queries whose columns must have certain types.

use gluesql_core::sqlparser::ast::{Expr as Ast, Query as QueryAst};

use super::Binder;
use super::coerce::{common, settled, truth_as_number, widen};
use super::expr::{Quantifier, not};
use crate::error::{Result, SqlError};
use crate::ir::{
    Aggregate, AggregateFunction, Body, Comparison, Expr, From, Kind, Output, Query, Select,
    SourceKind,
};
use crate::types::Type;

impl<'a> Binder<'a> {
    /// A subquery with one column.
    fn one_column(&mut self, ast: &'a QueryAst) -> Result<(Query, Type)> {
        let query = self.query(ast)?;
        match query.columns.as_slice() {
            [only] => {
                let ty = only.ty;
                Ok((query, ty))
            }
            columns => Err(SqlError::error(format!(
                "a subquery used as a value must have one column, and this has {}",
                columns.len()
            ))),
        }
    }

    pub(super) fn scalar(&mut self, ast: &'a QueryAst) -> Result<Expr> {
        let (mut query, ty) = self.one_column(ast)?;
        let ty = if ty == Type::Number { Type::Float } else { ty };
        convert_output(&mut query, &[ty]);
        Ok(Expr::new(Kind::Scalar(Box::new(query)), ty))
    }

    pub(super) fn in_subquery(&mut self, left: &'a Ast, ast: &'a QueryAst) -> Result<Expr> {
        if let Ast::Tuple(_) = left {
            return Err(SqlError::refused("(a, b) IN (SELECT …) is not supported")
                .hint("write EXISTS (SELECT 1 FROM … WHERE x = a AND y = b)"));
        }
        let left = self.expr(left)?;
        let (mut query, ty) = self.one_column(ast)?;
        let probe = Expr::new(Kind::Column(usize::MAX, 0), ty);
        let (left, right) = self.alike(settled(left), probe)?;
        convert_output(&mut query, &[right.ty]);
        if right.ty != ty && query.columns.first().is_some_and(|column| column.ty != right.ty) {
            return Err(SqlError::refused(format!(
                "{} is looked for among {}",
                left.ty.name(),
                ty.name()
            ))
            .hint("convert one side with CAST")
            .at(left.span));
        }
        let span = left.span;
        Ok(Expr { kind: Kind::InQuery(Box::new(left), Box::new(query)), ty: Type::Bool, span })
    }

    /// `x > ALL (query)` as a comparison with the query's extreme, NULLs and emptiness looked after.
    pub(super) fn extreme(
        &mut self,
        left: &'a Ast,
        comparison: Comparison,
        ast: &'a QueryAst,
        quantifier: Quantifier,
    ) -> Result<Expr> {
        let greater = matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
        let function = if greater == (quantifier == Quantifier::All) {
            AggregateFunction::Max
        } else {
            AggregateFunction::Min
        };
        let left = self.expr(left)?;
        let (query, ty) = self.one_column(ast)?;
        if !query.outer.is_empty() {
            return Err(SqlError::refused(
                "ANY and ALL with a subquery that reads the enclosing query are not supported",
            )
            .hint("use EXISTS or NOT EXISTS")
            .at(left.span));
        }
        let mut measure = |function: AggregateFunction, argument: bool, ty: Type| -> Expr {
            let id = self.new_source();
            let source = crate::ir::Source {
                id,
                kind: SourceKind::Query(Box::new(query.clone())),
                types: vec![query.columns.first().map_or(Type::Null, |column| column.ty)],
            };
            let column =
                Expr::new(Kind::Column(id, 0), source.types.first().copied().unwrap_or(Type::Null));
            let aggregate = Aggregate {
                function,
                argument: argument.then_some(column),
                distinct: false,
                separator: String::new(),
                order: Vec::new(),
                ty,
            };
            let select = Select {
                from: Some(From::Source(source)),
                filter: Vec::new(),
                group: Vec::new(),
                aggregates: vec![aggregate],
                windows: Vec::new(),
                grouped: true,
                having: None,
                projection: vec![Expr::new(Kind::Aggregate(0), ty)],
                distinct: false,
            };
            let columns = vec![Output { name: "measure".to_owned(), ty }];
            let query = Query {
                body: Body::Select(Box::new(select)),
                columns,
                order: Vec::new(),
                limit: None,
                offset: 0,
                outer: Vec::new(),
            };
            Expr::new(Kind::Scalar(Box::new(query)), ty)
        };
        let extreme = measure(function, true, ty);
        let all = measure(AggregateFunction::Count, false, Type::Int);
        let known = measure(AggregateFunction::Count, true, Type::Int);
        let empty = self.compare(Comparison::Equal, all.clone(), Expr::integer(0))?;
        let nulls = self.compare(Comparison::Greater, all, known)?;
        let holds = self.compare(comparison, left, extreme)?;
        let decided = quantifier == Quantifier::Any;
        // Any: one that holds is enough; All: one that does not is. With NULLs among the rest nothing more is known.
        let branches = vec![
            (empty, Expr::truth(!decided)),
            (if decided { holds.clone() } else { not(holds.clone()) }, Expr::truth(decided)),
            (nulls, Expr { ty: Type::Bool, ..Expr::null() }),
        ];
        Ok(Expr::new(Kind::Case(branches, Some(Box::new(holds))), Type::Bool))
    }
}

/// The types of the columns of a set operation.
pub(super) fn meet(left: &Query, right: &Query) -> Result<Vec<Type>> {
    if left.columns.len() != right.columns.len() {
        return Err(SqlError::error(format!(
            "both sides of a set operation need the same number of columns: {} and {}",
            left.columns.len(),
            right.columns.len()
        )));
    }
    let pairs = left.columns.iter().zip(&right.columns);
    pairs
        .map(|(a, b)| match common(a.ty, b.ty) {
            Some(ty) => Ok(ty),
            None => Err(SqlError::refused(format!(
                "{} and {} meet in one column of a set operation",
                a.ty.name(),
                b.ty.name()
            ))
            .hint("convert one of them with CAST")),
        })
        .collect()
}

/// Makes a query's columns have these types, where that is a widening.
pub(super) fn convert_output(query: &mut Query, types: &[Type]) {
    match &mut query.body {
        Body::Select(select) => {
            for (expr, ty) in select.projection.iter_mut().zip(types) {
                convert_one(expr, *ty);
            }
        }
        Body::Values(rows) => {
            for row in rows {
                for (expr, ty) in row.iter_mut().zip(types) {
                    convert_one(expr, *ty);
                }
            }
        }
        Body::Set { left, right, .. } => {
            convert_output(left, types);
            convert_output(right, types);
        }
        Body::Recursive(_) => return,
    }
    for (column, ty) in query.columns.iter_mut().zip(types) {
        column.ty = *ty;
    }
}

fn convert_one(expr: &mut Expr, ty: Type) {
    let taken = std::mem::replace(expr, Expr::null());
    *expr = if taken.ty == Type::Bool && ty.is_numeric() {
        widen(truth_as_number(taken), ty)
    } else {
        widened(taken, ty)
    };
}

fn widened(expr: Expr, ty: Type) -> Expr {
    if expr.ty.is_numeric() && ty.is_numeric() { widen(expr, ty) } else { expr }
}
