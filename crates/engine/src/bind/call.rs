//! Function calls: scalar functions, aggregates, and what only looks like one.

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{
    DuplicateTreatment, Expr as Ast, Function as Call, FunctionArg, FunctionArgExpr,
    FunctionArgumentClause, FunctionArgumentList, FunctionArguments, OrderByExpr,
};
use throughline_order::Gather as _;

use super::coerce::{number, settled, to_text};
use super::expr::not;
use super::{Binder, Place};
use crate::error::{Result, SqlError};
use crate::functions;
use crate::ir::{Aggregate, AggregateFunction, Comparison, Expr, Kind};
use crate::text::{Name, did_you_mean, fold, name, write};
use crate::types::Type;

/// A call's arguments and what stands with them.
pub(super) struct Arguments<'a> {
    pub(super) list: Vec<&'a Ast>,
    pub(super) star: bool,
    pub(super) distinct: bool,
    pub(super) order: &'a [OrderByExpr],
    pub(super) separator: Option<String>,
}

impl<'a> Binder<'a> {
    pub(super) fn function(&mut self, call: &'a Call) -> Result<Expr> {
        let Call { name: object, parameters, args, filter, null_treatment, over, within_group } =
            call;
        let called = object.0.last().map(name).unwrap_or(Name { text: String::new(), span: None });
        let refuse =
            |what: &str| Err(SqlError::refused(format!("{what} is not supported")).at(called.span));
        if !matches!(parameters, FunctionArguments::None) {
            return refuse("a call with parameters");
        }
        if null_treatment.is_some() {
            return refuse("IGNORE NULLS");
        }
        if !within_group.is_empty() {
            return refuse("WITHIN GROUP");
        }
        let lower = fold(&called.text);
        let arguments = arguments(args, &called)?;
        if let Some(over) = over {
            if filter.is_some() {
                return refuse("FILTER with OVER");
            }
            return self.window(&called, &lower, &arguments, over);
        }
        if let Some(expr) = self.aggregate(&called, &lower, &arguments, filter.as_deref())? {
            return Ok(expr.at(called.span));
        }
        if filter.is_some()
            || arguments.distinct
            || !arguments.order.is_empty()
            || arguments.separator.is_some()
            || arguments.star
        {
            return Err(SqlError::error(format!(
                "{} is no aggregate: DISTINCT, FILTER, ORDER BY and * do not go with it",
                called.text
            ))
            .at(called.span));
        }
        self.scalar_call(&called, &lower, &arguments.list).map(|expr| expr.at(called.span))
    }

    fn scalar_call(&mut self, called: &Name, lower: &str, list: &[&'a Ast]) -> Result<Expr> {
        let count = |least: usize, most: usize| {
            if (least..=most).contains(&list.len()) {
                return Ok(());
            }
            let wanted =
                if least == most { least.to_string() } else { format!("{least} to {most}") };
            Err(SqlError::error(format!(
                "{} takes {wanted} arguments, and {} are given",
                called.text,
                list.len()
            ))
            .at(called.span))
        };
        match lower {
            "current_date" | "current_time" | "current_timestamp" | "now" | "localtime"
            | "localtimestamp" => {
                count(0, 0)?;
                return Ok(match lower {
                    "current_date" => Expr::value(Value::Date(self.now.date()), Type::Date),
                    "current_time" | "localtime" => {
                        Expr::value(Value::Time(self.now.time()), Type::Time)
                    }
                    _ => Expr::value(Value::Timestamp(self.now), Type::Timestamp),
                });
            }
            "date" | "time" | "datetime" | "julianday" if list.is_empty() => {
                let now = Expr::value(Value::Timestamp(self.now), Type::Timestamp);
                return self.apply(lower, vec![now]);
            }
            "strftime" if list.len() == 1 => {
                let now = Expr::value(Value::Timestamp(self.now), Type::Timestamp);
                let format = list.first().map(|format| self.expr(format)).transpose()?;
                return self.apply(lower, format.into_iter().chain([now]).gather());
            }
            "pi" => {
                count(0, 0)?;
                return Ok(Expr::value(Value::F64(std::f64::consts::PI), Type::Float));
            }
            "generate_uuid" | "gen_random_uuid" | "uuid" => {
                count(0, 0)?;
                return Ok(Expr::new(
                    Kind::Call(functions::uuid(), vec![Expr::integer(0)]),
                    Type::Uuid,
                ));
            }
            "random" | "rand" => {
                return Err(SqlError::refused(
                    "random numbers are not supported: results are to be the same every time",
                )
                .at(called.span));
            }
            _ => {}
        }
        let mut arguments: Vec<Expr> =
            list.iter().map(|argument| self.expr(argument)).collect::<Result<_>>()?;
        match lower {
            "coalesce" | "ifnull" => {
                if lower == "ifnull" {
                    count(2, 2)?
                } else {
                    count(2, 100)?
                }
                let (arguments, ty) = self.unify(arguments)?;
                Ok(Expr::new(Kind::Coalesce(arguments), ty))
            }
            "nullif" => {
                count(2, 2)?;
                let (Some(second), Some(first)) = (arguments.pop(), arguments.pop()) else {
                    return Ok(Expr::null());
                };
                let ty = first.ty;
                let equal = self.compare(Comparison::Equal, first.clone(), second)?;
                Ok(Expr::new(
                    Kind::Case(vec![(equal, Expr { ty, ..Expr::null() })], Some(Box::new(first))),
                    ty,
                ))
            }
            "iif" | "if" => {
                count(3, 3)?;
                let (Some(otherwise), Some(then), Some(when)) =
                    (arguments.pop(), arguments.pop(), arguments.pop())
                else {
                    return Ok(Expr::null());
                };
                let when = self.condition(when)?;
                let (mut branches, ty) = self.unify(vec![then, otherwise])?;
                let otherwise = branches.pop().map(Box::new);
                Ok(Expr::new(
                    Kind::Case(
                        branches.into_iter().map(|then| (when.clone(), then)).gather(),
                        otherwise,
                    ),
                    ty,
                ))
            }
            "min" | "max" | "least" | "greatest" => {
                count(2, 100)?;
                let (arguments, ty) = self.unify(arguments)?;
                let arguments = arguments.into_iter().map(settled).gather();
                let ty = if ty == Type::Number { Type::Float } else { ty };
                let function = if matches!(lower, "min" | "least") { "least" } else { "greatest" };
                self.apply(function, arguments).map(|expr| Expr { ty, ..expr })
            }
            "round" if arguments.first().is_some_and(|argument| argument.ty == Type::Decimal) => {
                count(1, 2)?;
                self.apply("round_exact", arguments)
            }
            "length" | "char_length" | "character_length"
                if arguments.first().is_some_and(|argument| argument.ty == Type::Number) =>
            {
                Err(SqlError::refused(
                    "this could be a whole number in one row and not in the next",
                )
                .hint("write CAST(… AS TEXT) around it")
                .at(called.span))
            }
            "trunc" if list.len() == 2 => {
                Err(SqlError::refused("TRUNC with digits is not supported")
                    .hint("use ROUND")
                    .at(called.span))
            }
            "nonzero" | "like_exact" | "round_exact" => Err(self.unknown_function(called)),
            _ => match functions::find(lower) {
                Some(function) => {
                    count(function.arity.0, function.arity.1)?;
                    self.apply(lower, arguments)
                }
                None => Err(self.unknown_function(called)),
            },
        }
    }

    fn unknown_function(&self, called: &Name) -> SqlError {
        // SQLite may well know it: refused, not wrong.
        let mut error = SqlError::refused(format!("there is no function {} here", called.text));
        error.hint = did_you_mean(&called.text, functions::names());
        error.at(called.span)
    }

    /// An aggregate, if the name is one's.
    fn aggregate(
        &mut self,
        called: &Name,
        lower: &str,
        arguments: &Arguments<'a>,
        filter: Option<&'a Ast>,
    ) -> Result<Option<Expr>> {
        let Some(function) = aggregate_function(lower, arguments) else { return Ok(None) };
        match self.place() {
            Place::Output => {}
            Place::Rows(clause) => {
                let hint = if clause == "WHERE" {
                    "put it in HAVING"
                } else {
                    "aggregates stand in SELECT, HAVING and ORDER BY"
                };
                return Err(SqlError::error(format!(
                    "the aggregate {} cannot stand in {clause}",
                    called.text
                ))
                .hint(hint)
                .at(called.span));
            }
            Place::Argument => {
                return Err(SqlError::error("an aggregate cannot stand inside another")
                    .hint("use a subquery in FROM")
                    .at(called.span));
            }
        }
        self.frame()?.place = Place::Argument;
        let bound = self.aggregate_parts(called, lower, function, arguments, filter);
        self.frame()?.place = Place::Output;
        let aggregate = bound?;
        let own: Vec<usize> = self.frame()?.items.iter().map(|item| item.id).gather();
        let reads: Vec<usize> = aggregate.argument.iter().flat_map(Expr::sources).gather();
        if !reads.is_empty() && reads.iter().all(|id| !own.contains(id)) {
            return Err(SqlError::refused(
                "this aggregate is over columns of the enclosing query only",
            )
            .hint("compute it there")
            .at(called.span));
        }
        let ty = aggregate.ty;
        let wrap = lower == "total";
        let frame = self.frame()?;
        let known = frame.aggregates.iter().position(|known| {
            let same_argument = match (&known.argument, &aggregate.argument) {
                (Some(a), Some(b)) => a.same(b),
                (None, None) => true,
                _ => false,
            };
            same_argument
                && known.function == aggregate.function
                && known.distinct == aggregate.distinct
                && known.separator == aggregate.separator
                && known.order.is_empty()
                && aggregate.order.is_empty()
        });
        let at = known.unwrap_or_else(|| {
            frame.aggregates.push(aggregate);
            frame.aggregates.len() - 1
        });
        let expr = Expr::new(Kind::Aggregate(at), ty);
        Ok(Some(if wrap {
            Expr::new(
                Kind::Coalesce(vec![expr, Expr::value(Value::F64(0.0), Type::Float)]),
                Type::Float,
            )
        } else {
            expr
        }))
    }

    fn aggregate_parts(
        &mut self,
        called: &Name,
        lower: &str,
        function: AggregateFunction,
        arguments: &Arguments<'a>,
        filter: Option<&'a Ast>,
    ) -> Result<Aggregate> {
        let wrong = |wanted: &str| {
            SqlError::error(format!("{} takes {wanted}", called.text)).at(called.span)
        };
        let mut separator = arguments.separator.clone().unwrap_or_else(|| ",".to_owned());
        let argument = match (arguments.list.as_slice(), function) {
            ([], AggregateFunction::Count) if arguments.star || arguments.list.is_empty() => None,
            ([only], _) => Some(self.expr(only)?),
            ([_, separator], AggregateFunction::Concat) if arguments.distinct => {
                let given = write::expression(separator);
                return Err(SqlError::refused(format!(
                    "{} with DISTINCT takes no separator, as in SQLite",
                    called.text
                ))
                .hint(format!(
                    "write {}(x, {given}) over a subquery with SELECT DISTINCT x, or leave the separator out",
                    called.text
                ))
                .at(called.span));
            }
            ([text, second], AggregateFunction::Concat) => {
                separator = match self.constant(second)?.as_value() {
                    Some(Value::Str(separator)) => separator.clone(),
                    _ => return Err(wrong("a constant text as its separator")),
                };
                Some(self.expr(text)?)
            }
            _ => return Err(wrong("one argument")),
        };
        if arguments.star && (function != AggregateFunction::Count || arguments.distinct) {
            return Err(wrong("an expression, not *"));
        }
        let (argument, ty) = match function {
            AggregateFunction::Count => (argument, Type::Int),
            AggregateFunction::Avg => (argument.map(number).transpose()?, Type::Float),
            AggregateFunction::Sum => {
                let argument = argument.map(number).transpose()?;
                let own = argument.as_ref().map_or(Type::Int, |argument| argument.ty);
                let argument = argument.map(settled);
                match own {
                    _ if lower == "total" => (
                        argument.map(|argument| super::coerce::widen(argument, Type::Float)),
                        Type::Float,
                    ),
                    Type::Null => (argument, Type::Int),
                    own => (argument, own),
                }
            }
            AggregateFunction::Min | AggregateFunction::Max => {
                let argument = argument.map(settled);
                let ty = argument.as_ref().map_or(Type::Null, |argument| argument.ty);
                (argument.map(Self::countable), if ty == Type::Bool { Type::Int } else { ty })
            }
            AggregateFunction::Concat => {
                (argument.map(|argument| to_text(settled(argument))), Type::Text)
            }
        };
        let order = self.keys(arguments.order)?;
        if !order.is_empty() && function != AggregateFunction::Concat {
            return Err(SqlError::refused("ORDER BY inside this aggregate is not supported")
                .hint("it makes no difference here")
                .at(called.span));
        }
        let argument = match filter {
            None => argument,
            Some(filter) => {
                let condition = self.expr(filter)?;
                let condition = self.condition(condition)?;
                let argument = argument.unwrap_or_else(|| Expr::integer(1));
                let ty = argument.ty;
                Some(Expr::new(Kind::Case(vec![(condition, argument)], None), ty))
            }
        };
        Ok(Aggregate { function, argument, distinct: arguments.distinct, separator, order, ty })
    }

    /// ORDER BY keys inside a call: expression, descending, NULLs first.
    pub(super) fn keys(&mut self, order: &'a [OrderByExpr]) -> Result<Vec<(Expr, bool, bool)>> {
        let mut keys = Vec::new();
        for OrderByExpr { expr, asc, nulls_first, with_fill } in order {
            if with_fill.is_some() {
                return Err(SqlError::refused("WITH FILL is not supported"));
            }
            let descending = *asc == Some(false);
            keys.push((
                self.expr(expr).map(settled)?,
                descending,
                nulls_first.unwrap_or(!descending),
            ));
        }
        Ok(keys)
    }

    /// `x = ANY (query)`, `x > ALL (query)` and the like.
    pub(super) fn quantified(
        &mut self,
        left: &'a Ast,
        op: &gluesql_core::sqlparser::ast::BinaryOperator,
        right: &'a Ast,
        quantifier: super::expr::Quantifier,
    ) -> Result<Expr> {
        use super::expr::Quantifier;
        let Some(comparison) = super::expr::comparison(op) else {
            return Err(SqlError::refused(format!("{op} ANY and {op} ALL are not supported")));
        };
        let subquery = match right {
            Ast::Subquery(query) => query,
            Ast::Nested(inner) if matches!(&**inner, Ast::Subquery(_)) => match &**inner {
                Ast::Subquery(query) => query,
                _ => return Err(SqlError::refused("ANY and ALL take a subquery")),
            },
            _ => {
                return Err(
                    SqlError::refused("ANY and ALL take a subquery").hint("use IN for a list")
                );
            }
        };
        match (comparison, quantifier) {
            (Comparison::Equal, Quantifier::Any) => self.in_subquery(left, subquery),
            (Comparison::NotEqual, Quantifier::All) => self.in_subquery(left, subquery).map(not),
            (Comparison::Equal, Quantifier::All) | (Comparison::NotEqual, Quantifier::Any) => {
                Err(SqlError::refused("= ALL and <> ANY are not supported")
                    .hint("compare with MIN and MAX of the subquery"))
            }
            _ => self.extreme(left, comparison, subquery, quantifier),
        }
    }
}

fn aggregate_function(lower: &str, arguments: &Arguments<'_>) -> Option<AggregateFunction> {
    Some(match lower {
        "count" => AggregateFunction::Count,
        "sum" | "total" => AggregateFunction::Sum,
        "avg" => AggregateFunction::Avg,
        "min" if arguments.list.len() == 1 => AggregateFunction::Min,
        "max" if arguments.list.len() == 1 => AggregateFunction::Max,
        "group_concat" | "string_agg" => AggregateFunction::Concat,
        _ => return None,
    })
}

fn arguments<'a>(args: &'a FunctionArguments, called: &Name) -> Result<Arguments<'a>> {
    let mut found =
        Arguments { list: Vec::new(), star: false, distinct: false, order: &[], separator: None };
    let list = match args {
        FunctionArguments::None => return Ok(found),
        FunctionArguments::Subquery(_) => {
            return Err(SqlError::refused(
                "a subquery as the argument of a function needs its own parentheses",
            )
            .at(called.span));
        }
        FunctionArguments::List(list) => list,
    };
    let FunctionArgumentList { duplicate_treatment, args, clauses } = list;
    found.distinct = *duplicate_treatment == Some(DuplicateTreatment::Distinct);
    for argument in args {
        match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => found.list.push(expr),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => found.star = true,
            FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(_))
            | FunctionArg::Named { .. } => {
                return Err(
                    SqlError::refused("this kind of argument is not supported").at(called.span)
                );
            }
        }
    }
    for clause in clauses {
        match clause {
            FunctionArgumentClause::OrderBy(order) => found.order = order,
            FunctionArgumentClause::Separator(
                gluesql_core::sqlparser::ast::Value::SingleQuotedString(text),
            ) => found.separator = Some(text.clone()),
            _ => {
                return Err(
                    SqlError::refused("this clause inside a call is not supported").at(called.span)
                );
            }
        }
    }
    Ok(found)
}
