//! Expressions.

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{
    BinaryOperator, CastKind, CeilFloorKind, Expr as Ast, TrimWhereField, UnaryOperator,
};
use throughline_order::Gather as _;

use super::coerce::{cast_type, number, truth_as_number};
use super::{Binder, data_type};
use crate::error::{Result, SqlError};
use crate::functions;
use crate::ir::{Bits, Comparison, Expr, Kind, Operator};
use crate::text::number::written;
use crate::text::{name, unmark, write};
use crate::types::Type;

/// The parts of a conjunction.
pub(crate) fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr.kind {
        Kind::And(parts) => parts.into_iter().flat_map(conjuncts).gather(),
        _ => vec![expr],
    }
}

pub(super) fn not(expr: Expr) -> Expr {
    let span = expr.span;
    match expr.kind {
        Kind::Value(Value::Bool(truth)) => Expr::truth(!truth).at(span),
        kind => Expr {
            kind: Kind::Not(Box::new(Expr { kind, ty: Type::Bool, span })),
            ty: Type::Bool,
            span,
        },
    }
}

fn is_null(expr: Expr) -> Expr {
    let span = expr.span;
    match expr.as_value() {
        Some(value) => Expr::truth(value.is_null()).at(span),
        None => Expr { kind: Kind::IsNull(Box::new(expr)), ty: Type::Bool, span },
    }
}

impl<'a> Binder<'a> {
    pub(crate) fn expr(&mut self, ast: &'a Ast) -> Result<Expr> {
        match ast {
            Ast::Identifier(ident) => self.column(None, &name(ident)),
            Ast::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.column(Some(&name(table)), &name(column)),
                [_, table, column] => self.column(Some(&name(table)), &name(column)),
                _ => Err(SqlError::error(format!("{} is no column", write::expression(ast)))),
            },
            Ast::Nested(inner) => self.expr(inner),
            Ast::Value(literal) => self.literal(literal),
            Ast::TypedString { data_type: ty, value } => {
                let literal = Expr::value(Value::Str(value.clone()), Type::Text);
                let ty = data_type(ty)?.ty;
                match crate::types::parse(value, ty) {
                    Some(value) => Ok(Expr::value(value, ty)),
                    None => {
                        Err(SqlError::error(format!("'{value}' is not {}", ty.name()))
                            .at(literal.span))
                    }
                }
            }
            Ast::BinaryOp { .. } => self.binary(ast),
            Ast::UnaryOp { op, expr } => self.unary(*op, expr),
            Ast::IsNull(inner) => self.expr(inner).map(is_null),
            Ast::IsNotNull(inner) => self.expr(inner).map(is_null).map(not),
            Ast::IsTrue(inner) => self.is_truth(inner, true),
            Ast::IsNotTrue(inner) => self.is_truth(inner, true).map(not),
            Ast::IsFalse(inner) => self.is_truth(inner, false),
            Ast::IsNotFalse(inner) => self.is_truth(inner, false).map(not),
            Ast::IsUnknown(inner) => self.expr(inner).map(is_null),
            Ast::IsNotUnknown(inner) => self.expr(inner).map(is_null).map(not),
            Ast::IsDistinctFrom(left, right) => self.distinct(left, right, Same::Not),
            Ast::IsNotDistinctFrom(left, right) => self.distinct(left, right, Same::Is),
            Ast::InList { expr, list, negated } => {
                let found = self.in_list(expr, list)?;
                Ok(if *negated { not(found) } else { found })
            }
            Ast::InSubquery { expr, subquery, negated } => {
                let found = self.in_subquery(expr, subquery)?;
                Ok(if *negated { not(found) } else { found })
            }
            Ast::Between { expr, negated, low, high } => {
                let found = self.between(expr, low, high)?;
                Ok(if *negated { not(found) } else { found })
            }
            Ast::Like { negated, any: false, expr, pattern, escape_char }
            | Ast::ILike { negated, any: false, expr, pattern, escape_char } => {
                let mut arguments = vec![self.expr(expr)?, self.expr(pattern)?];
                arguments.extend(
                    escape_char
                        .as_ref()
                        .map(|escape| Expr::value(Value::Str(escape.clone()), Type::Text)),
                );
                let found = self.apply("like", arguments)?;
                Ok(if *negated { not(found) } else { found })
            }
            Ast::Case { operand, conditions, results, else_result } => {
                self.case(operand.as_deref(), conditions, results, else_result.as_deref())
            }
            Ast::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                data_type: ty,
                format: None,
            } => {
                let expr = self.expr(expr)?;
                let declared = data_type(ty)?;
                if declared.length.is_some()
                    || declared.precision.is_some_and(|(_, scale)| scale > 0)
                {
                    return Err(SqlError::refused(format!(
                        "CAST to {} is not supported: databases round and cut differently",
                        declared.text
                    ))
                    .hint("use ROUND(x, n) or SUBSTR(x, 1, n)")
                    .at(expr.span));
                }
                cast_type(expr, declared.ty)
            }
            Ast::Extract { field, expr, .. } => {
                let expr = self.expr(expr)?;
                let field =
                    Expr::value(Value::Str(unmark(&field.to_string()).to_lowercase()), Type::Text);
                self.apply("date_part", vec![field, expr])
            }
            Ast::Ceil {
                expr,
                field:
                    CeilFloorKind::DateTimeField(
                        gluesql_core::sqlparser::ast::DateTimeField::NoDateTime,
                    ),
            } => self.apply_one("ceil", expr),
            Ast::Floor {
                expr,
                field:
                    CeilFloorKind::DateTimeField(
                        gluesql_core::sqlparser::ast::DateTimeField::NoDateTime,
                    ),
            } => self.apply_one("floor", expr),
            Ast::Position { expr, r#in } => {
                let arguments = vec![self.expr(r#in)?, self.expr(expr)?];
                self.apply("instr", arguments)
            }
            Ast::Substring { expr, substring_from, substring_for, .. } => {
                let start = substring_from.as_ref().map(|start| self.expr(start)).transpose()?;
                let mut arguments =
                    vec![self.expr(expr)?, start.unwrap_or_else(|| Expr::integer(1))];
                arguments
                    .extend(substring_for.as_ref().map(|length| self.expr(length)).transpose()?);
                self.apply("substr", arguments)
            }
            Ast::Trim { expr, trim_where, trim_what, trim_characters } => {
                let function = match trim_where {
                    None | Some(TrimWhereField::Both) => "trim",
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                };
                let mut arguments = vec![self.expr(expr)?];
                arguments.extend(trim_what.as_ref().map(|what| self.expr(what)).transpose()?);
                for what in trim_characters.iter().flatten() {
                    arguments.push(self.expr(what)?);
                }
                self.apply(function, arguments)
            }
            Ast::Function(function) => self.function(function),
            Ast::Exists { subquery, negated } => {
                let query = self.query(subquery)?;
                let exists = Expr::new(Kind::Exists(Box::new(query)), Type::Bool);
                Ok(if *negated { not(exists) } else { exists })
            }
            Ast::Subquery(query) => self.scalar(query),
            Ast::AnyOp { left, compare_op, right, .. } => {
                self.quantified(left, compare_op, right, Quantifier::Any)
            }
            Ast::AllOp { left, compare_op, right } => {
                self.quantified(left, compare_op, right, Quantifier::All)
            }
            Ast::Tuple(_) => Err(SqlError::refused(
                "a row of values can only be compared with = or <>, or stand before IN",
            )),
            Ast::Interval(_) => Err(SqlError::refused("INTERVAL is not supported")
                .hint("use date(x, '+1 day') or datetime(x, '-1 month')")),
            Ast::Collate { .. } => {
                Err(SqlError::refused("COLLATE is not supported").hint("compare LOWER(x)"))
            }
            Ast::AtTimeZone { .. } => Err(SqlError::refused("time zones are not supported")),
            Ast::RLike { .. } | Ast::SimilarTo { .. } => {
                Err(SqlError::refused("regular expressions are not supported").hint("use LIKE"))
            }
            other => Err(SqlError::refused(format!(
                "this kind of expression is not supported: {}",
                write::expression(other)
            ))),
        }
    }

    fn apply_one(&mut self, function: &str, argument: &'a Ast) -> Result<Expr> {
        let argument = self.expr(argument)?;
        self.apply(function, vec![argument])
    }

    /// A chain of AND and OR may be long, so its spine is walked without recursion.
    fn binary(&mut self, ast: &'a Ast) -> Result<Expr> {
        let Ast::BinaryOp { op, .. } = ast else { return self.expr(ast) };
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            let mut parts = Vec::new();
            let mut rest = ast;
            while let Ast::BinaryOp { left, op: own, right } = rest
                && own == op
            {
                parts.push(&**right);
                rest = left;
            }
            parts.push(rest);
            let parts: Vec<Expr> = parts
                .into_iter()
                .rev()
                .map(|part| self.expr(part).and_then(|part| self.condition(part)))
                .collect::<Result<_>>()?;
            let kind = if *op == BinaryOperator::And { Kind::And(parts) } else { Kind::Or(parts) };
            return Ok(Expr::new(kind, Type::Bool));
        }
        let mut operators = Vec::new();
        let mut rest = ast;
        while let Ast::BinaryOp { left, op, right } = rest
            && !matches!(op, BinaryOperator::And | BinaryOperator::Or)
        {
            operators.push((op, &**right));
            rest = left;
        }
        if let (Ast::Tuple(_), [(op, right)]) = (rest, operators.as_slice()) {
            return self.row_comparison(rest, op, right);
        }
        let mut left = self.expr(rest)?;
        for (op, right) in operators.into_iter().rev() {
            let right = self.expr(right)?;
            left = self.operator(op, left, right)?;
        }
        Ok(left)
    }

    fn operator(&mut self, op: &BinaryOperator, left: Expr, right: Expr) -> Result<Expr> {
        if let Some(comparison) = comparison(op) {
            return self.compare(comparison, left, right);
        }
        let operator = match op {
            BinaryOperator::Plus => Operator::Add,
            BinaryOperator::Minus => Operator::Subtract,
            BinaryOperator::Multiply => Operator::Multiply,
            BinaryOperator::Divide => Operator::Divide,
            BinaryOperator::Modulo => Operator::Modulo,
            BinaryOperator::StringConcat => Operator::Concat,
            BinaryOperator::BitwiseAnd => Operator::Bits(Bits::And),
            BinaryOperator::BitwiseOr => Operator::Bits(Bits::Or),
            BinaryOperator::PGBitwiseShiftLeft => Operator::Bits(Bits::Left),
            BinaryOperator::PGBitwiseShiftRight => Operator::Bits(Bits::Right),
            other => {
                return Err(SqlError::refused(format!("the operator {other} is not supported"))
                    .at(left.span));
            }
        };
        self.arithmetic(operator, left, right)
    }

    /// `(a, b) = (1, 2)`.
    fn row_comparison(
        &mut self,
        left: &'a Ast,
        op: &BinaryOperator,
        right: &'a Ast,
    ) -> Result<Expr> {
        let (Ast::Tuple(left), Ast::Tuple(right)) = (left, right) else {
            return Err(SqlError::refused(
                "a row of values can only be compared with another row of values",
            ));
        };
        let equal = self.rows_equal(left, right)?;
        match op {
            BinaryOperator::Eq => Ok(equal),
            BinaryOperator::NotEq => Ok(not(equal)),
            _ => Err(SqlError::refused("rows of values can only be compared with = and <>")
                .hint("compare column by column")),
        }
    }

    fn rows_equal(&mut self, left: &'a [Ast], right: &'a [Ast]) -> Result<Expr> {
        if left.len() != right.len() {
            return Err(SqlError::error(format!(
                "a row of {} values is compared with one of {}",
                left.len(),
                right.len()
            )));
        }
        let mut parts = Vec::new();
        for (left, right) in left.iter().zip(right) {
            let (left, right) = (self.expr(left)?, self.expr(right)?);
            parts.push(self.compare(Comparison::Equal, left, right)?);
        }
        Ok(Expr::new(Kind::And(parts), Type::Bool))
    }

    fn unary(&mut self, op: UnaryOperator, inner: &'a Ast) -> Result<Expr> {
        match op {
            UnaryOperator::Not => {
                let inner = self.expr(inner)?;
                self.condition(inner).map(not)
            }
            UnaryOperator::Plus => self.expr(inner).and_then(number),
            UnaryOperator::Minus => {
                // The smallest whole number has no positive counterpart.
                if let Ast::Value(gluesql_core::sqlparser::ast::Value::Number(number, _)) = inner
                    && written(number) == "9223372036854775808"
                {
                    return Ok(Expr::integer(i64::MIN));
                }
                let inner = self.expr(inner).and_then(number)?;
                Ok(match inner.as_value() {
                    Some(Value::I64(number)) => Expr::integer(number.wrapping_neg()).at(inner.span),
                    Some(Value::F64(number)) => {
                        Expr::value(Value::F64(-number), Type::Float).at(inner.span)
                    }
                    _ => {
                        let (ty, span) = (inner.ty, inner.span);
                        Expr { kind: Kind::Negate(Box::new(inner)), ty, span }
                    }
                })
            }
            other => Err(SqlError::refused(format!("the operator {other} is not supported"))),
        }
    }

    /// IS TRUE, IS FALSE: never NULL.
    fn is_truth(&mut self, inner: &'a Ast, wanted: bool) -> Result<Expr> {
        let inner = self.expr(inner)?;
        let inner = self.condition(inner)?;
        let inner = if wanted { inner } else { not(inner) };
        Ok(Expr::new(
            Kind::Case(vec![(inner, Expr::truth(true))], Some(Box::new(Expr::truth(false)))),
            Type::Bool,
        ))
    }

    /// `sqlparser` takes all that follows as the right side: `a IS DISTINCT FROM (b AND c)`. Without parentheses in the text, AND and OR bind less.
    fn distinct(&mut self, left: &'a Ast, right: &'a Ast, same: Same) -> Result<Expr> {
        match right {
            Ast::BinaryOp {
                left: inner,
                op: op @ (BinaryOperator::And | BinaryOperator::Or),
                right: rest,
            } => {
                let first = self.distinct(left, inner, same)?;
                let rest = self.expr(rest)?;
                let parts = vec![self.condition(first)?, self.condition(rest)?];
                let kind =
                    if *op == BinaryOperator::And { Kind::And(parts) } else { Kind::Or(parts) };
                Ok(Expr::new(kind, Type::Bool))
            }
            Ast::BinaryOp { op, .. } if comparison(op).is_some() => {
                Err(SqlError::refused("a comparison after IS DISTINCT FROM is not supported")
                    .hint("put parentheses around one of them"))
            }
            _ => {
                let found = self.same(left, right)?;
                Ok(if same == Same::Is { found } else { not(found) })
            }
        }
    }

    /// IS NOT DISTINCT FROM: NULLs are the same, and the answer is never NULL.
    fn same(&mut self, left: &'a Ast, right: &'a Ast) -> Result<Expr> {
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let both =
            Expr::new(Kind::And(vec![is_null(left.clone()), is_null(right.clone())]), Type::Bool);
        let equal = self.compare(Comparison::Equal, left, right)?;
        let branches =
            vec![(Expr::new(Kind::Or(vec![equal, both]), Type::Bool), Expr::truth(true))];
        Ok(Expr::new(Kind::Case(branches, Some(Box::new(Expr::truth(false)))), Type::Bool))
    }

    fn in_list(&mut self, expr: &'a Ast, list: &'a [Ast]) -> Result<Expr> {
        if let Ast::Tuple(row) = expr {
            let rows: Vec<Expr> = list
                .iter()
                .map(|other| match other {
                    Ast::Tuple(other) => self.rows_equal(row, other),
                    _ => Err(SqlError::error("a row of values is looked for among single values")),
                })
                .collect::<Result<_>>()?;
            return Ok(Expr::new(Kind::Or(rows), Type::Bool));
        }
        let expr = self.expr(expr)?;
        if list.is_empty() {
            return Ok(Expr::truth(false));
        }
        let span = expr.span;
        let mut same = Vec::new();
        let mut others = Vec::new();
        for item in list {
            let item = self.expr(item)?;
            let (left, right) = self.alike(expr.clone(), item)?;
            let simple = right.as_value().is_some_and(|value| !value.is_null())
                && left.ty == expr.ty
                && !matches!(expr.ty, Type::Float | Type::Number);
            if simple {
                same.push(right);
            } else {
                others.push(self.compare(Comparison::Equal, left, right)?);
            }
        }
        if !same.is_empty() {
            others.insert(0, Expr { kind: Kind::In(Box::new(expr), same), ty: Type::Bool, span });
        }
        match (others.pop(), others.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                others.push(last);
                Ok(Expr { kind: Kind::Or(others), ty: Type::Bool, span })
            }
            (None, _) => Ok(Expr::truth(false)),
        }
    }

    fn between(&mut self, expr: &'a Ast, low: &'a Ast, high: &'a Ast) -> Result<Expr> {
        let (expr, low, high) = (self.expr(expr)?, self.expr(low)?, self.expr(high)?);
        let above = self.compare(Comparison::GreaterOrEqual, expr.clone(), low)?;
        let below = self.compare(Comparison::LessOrEqual, expr, high)?;
        Ok(Expr::new(Kind::And(vec![above, below]), Type::Bool))
    }

    fn case(
        &mut self,
        operand: Option<&'a Ast>,
        conditions: &'a [Ast],
        results: &'a [Ast],
        otherwise: Option<&'a Ast>,
    ) -> Result<Expr> {
        let operand = operand.map(|operand| self.expr(operand)).transpose()?;
        let mut whens = Vec::new();
        for condition in conditions {
            let condition = self.expr(condition)?;
            whens.push(match &operand {
                Some(operand) => self.compare(Comparison::Equal, operand.clone(), condition)?,
                None => self.condition(condition)?,
            });
        }
        let mut branches: Vec<Expr> =
            results.iter().map(|result| self.expr(result)).collect::<Result<_>>()?;
        branches.extend(otherwise.map(|otherwise| self.expr(otherwise)).transpose()?);
        let (mut branches, ty) = self.unify(branches)?;
        let otherwise = if otherwise.is_some() { branches.pop().map(Box::new) } else { None };
        Ok(Expr::new(Kind::Case(whens.into_iter().zip(branches).gather(), otherwise), ty))
    }

    /// A function of our own, its arguments brought to what it takes.
    pub(super) fn apply(&mut self, function: &str, arguments: Vec<Expr>) -> Result<Expr> {
        let Some(function) = functions::find(function) else {
            return Err(SqlError::refused(format!("the function {function} is not supported")));
        };
        let span = arguments.first().and_then(|argument| argument.span);
        let arguments: Vec<Expr> = arguments
            .into_iter()
            .enumerate()
            .map(|(at, argument)| {
                let takes = function
                    .takes
                    .get(at)
                    .or(function.takes.last())
                    .copied()
                    .unwrap_or(functions::Takes::Any);
                self.argument(argument, takes)
            })
            .collect::<Result<_>>()?;
        let ty = match function.gives {
            functions::Gives::A(ty) => ty,
            functions::Gives::First => arguments.first().map_or(Type::Null, |argument| argument.ty),
        };
        Ok(Expr { kind: Kind::Call(function, arguments), ty, span })
    }

    /// Booleans count as numbers in aggregates.
    pub(super) fn countable(expr: Expr) -> Expr {
        truth_as_number(expr)
    }
}

/// Whether values are asked to be the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Is,
    Not,
}

/// Which of a subquery's rows a comparison must hold for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

pub(super) fn comparison(op: &BinaryOperator) -> Option<Comparison> {
    Some(match op {
        BinaryOperator::Eq => Comparison::Equal,
        BinaryOperator::NotEq => Comparison::NotEqual,
        BinaryOperator::Lt => Comparison::Less,
        BinaryOperator::LtEq => Comparison::LessOrEqual,
        BinaryOperator::Gt => Comparison::Greater,
        BinaryOperator::GtEq => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
