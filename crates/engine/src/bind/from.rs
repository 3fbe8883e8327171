//! FROM: tables, subqueries, joins.

use gluesql_core::sqlparser::ast::{
    Expr as Ast, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, TableAlias,
    TableFactor, TableFunctionArgs, TableWithJoins,
};
use throughline_order::Gather as _;

use super::{Binder, Item, Place};
use crate::error::{Result, SqlError};
use crate::ir::{Comparison, Expr, From, JoinKind, Kind, Source, SourceKind};
use crate::text::{Name, fold, name, table_name};
use crate::types::Type;

impl<'a> Binder<'a> {
    /// All of FROM. Adds its sources to the current level.
    pub(super) fn from(&mut self, from: &'a [TableWithJoins]) -> Result<Option<From>> {
        let mut whole: Option<From> = None;
        for part in from {
            let right = self.joined(part)?;
            whole = Some(match whole {
                None => right,
                Some(left) => From::Join {
                    kind: JoinKind::Inner,
                    left: Box::new(left),
                    right: Box::new(right),
                    on: Vec::new(),
                },
            });
        }
        Ok(whole)
    }

    pub(super) fn joined(&mut self, part: &'a TableWithJoins) -> Result<From> {
        let start = self.frame()?.items.len();
        let mut left = self.factor(&part.relation)?;
        for join in &part.joins {
            left = self.join(left, join, start)?;
        }
        Ok(left)
    }

    fn join(&mut self, left: From, join: &'a Join, start: usize) -> Result<From> {
        let Join { relation, global, join_operator } = join;
        if *global {
            return Err(SqlError::refused("GLOBAL joins are not supported"));
        }
        let (kind, swap, constraint) = match join_operator {
            JoinOperator::Inner(constraint) => (JoinKind::Inner, Swap::No, constraint),
            JoinOperator::LeftOuter(constraint) => (JoinKind::Left, Swap::No, constraint),
            JoinOperator::RightOuter(constraint) => (JoinKind::Left, Swap::Yes, constraint),
            JoinOperator::FullOuter(constraint) => (JoinKind::Full, Swap::No, constraint),
            JoinOperator::CrossJoin => (JoinKind::Inner, Swap::No, &JoinConstraint::None),
            JoinOperator::LeftSemi(_)
            | JoinOperator::RightSemi(_)
            | JoinOperator::LeftAnti(_)
            | JoinOperator::RightAnti(_) => {
                return Err(SqlError::refused("SEMI and ANTI joins are not supported")
                    .hint("write EXISTS or NOT EXISTS in WHERE"));
            }
            JoinOperator::CrossApply | JoinOperator::OuterApply | JoinOperator::AsOf { .. } => {
                return Err(SqlError::refused("APPLY and ASOF joins are not supported")
                    .hint("write a subquery"));
            }
        };
        let middle = self.frame()?.items.len();
        let right = self.factor(relation)?;
        let on = match constraint {
            JoinConstraint::On(condition) => {
                self.frame()?.place = Place::Rows("ON");
                let condition = self.expr(condition)?;
                let condition = self.condition(condition)?;
                super::expr::conjuncts(condition)
            }
            JoinConstraint::Using(columns) => {
                let names: Vec<Name> = columns.iter().map(name).gather();
                self.using(start, middle, &names, kind, swap)?
            }
            JoinConstraint::Natural => {
                let names = self.common(start, middle)?;
                self.using(start, middle, &names, kind, swap)?
            }
            JoinConstraint::None => Vec::new(),
        };
        if on.is_empty()
            && kind != JoinKind::Inner
            && !matches!(constraint, JoinConstraint::Natural)
        {
            return Err(SqlError::error("an outer join needs ON or USING"));
        }
        let (left, right) = if swap == Swap::Yes { (right, left) } else { (left, right) };
        Ok(From::Join { kind, left: Box::new(left), right: Box::new(right), on })
    }

    /// The columns that both sides of a NATURAL join have.
    fn common(&mut self, start: usize, middle: usize) -> Result<Vec<Name>> {
        let items = self.frame()?.items.clone();
        let visible = |item: &Item| -> Vec<String> {
            item.columns
                .iter()
                .enumerate()
                .filter(|(at, _)| !item.merged.contains(at))
                .map(|(_, (column, _))| column.clone())
                .gather()
        };
        let left: Vec<String> =
            items.iter().skip(start).take(middle - start).flat_map(visible).gather();
        let right: Vec<String> = items.iter().skip(middle).flat_map(visible).gather();
        let shared =
            right.into_iter().filter(|column| left.iter().any(|other| fold(other) == fold(column)));
        Ok(shared.map(|text| Name { text, span: None }).gather())
    }

    /// Merges columns of the same name on both sides, and gives the conditions.
    fn using(
        &mut self,
        start: usize,
        middle: usize,
        names: &[Name],
        kind: JoinKind,
        swap: Swap,
    ) -> Result<Vec<Expr>> {
        let mut on = Vec::new();
        for wanted in names {
            let left = self.side(start, Some(middle), wanted)?;
            let right = self.side(middle, None, wanted)?;
            on.push(self.compare(Comparison::Equal, left.clone(), right.clone())?);
            let merged = match (kind, swap) {
                (JoinKind::Full, _) => {
                    let ty = left.ty;
                    Expr::new(Kind::Coalesce(vec![left.clone(), right.clone()]), ty)
                }
                (_, Swap::Yes) => right.clone(),
                (_, Swap::No) => left.clone(),
            };
            let key = fold(&wanted.text);
            let frame = self.frame()?;
            for item in frame.items.iter_mut().skip(start) {
                for (at, (column, _)) in item.columns.iter().enumerate() {
                    if fold(column) == key && !item.merged.contains(&at) {
                        item.merged.push(at);
                    }
                }
            }
            frame.using.retain(|(known, _)| *known != key);
            frame.using.push((key, merged));
        }
        Ok(on)
    }

    /// A column of one side of a join.
    fn side(&mut self, from: usize, to: Option<usize>, wanted: &Name) -> Result<Expr> {
        let frame = self.frame()?;
        let key = fold(&wanted.text);
        let to = to.unwrap_or(frame.items.len());
        if from == 0
            && to < frame.items.len()
            && let Some((_, expr)) = frame.using.iter().find(|(known, _)| *known == key)
        {
            return Ok(expr.clone());
        }
        let mut found = Vec::new();
        for item in frame.items.iter().skip(from).take(to.saturating_sub(from)) {
            for (at, (column, ty)) in item.columns.iter().enumerate() {
                if fold(column) == key && !item.merged.contains(&at) {
                    found.push(Expr::new(Kind::Column(item.id, at), *ty));
                }
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => {
                Err(SqlError::error(format!("column {} in USING is ambiguous", wanted.text))
                    .at(wanted.span))
            }
            (None, _) => Err(SqlError::error(format!(
                "column {} in USING must be on both sides of the join",
                wanted.text
            ))
            .at(wanted.span)),
        }
    }

    fn factor(&mut self, factor: &'a TableFactor) -> Result<From> {
        match factor {
            TableFactor::Table {
                name: object,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
            } => {
                if !with_hints.is_empty()
                    || version.is_some()
                    || *with_ordinality
                    || !partitions.is_empty()
                {
                    return Err(SqlError::refused(
                        "hints, versions and partitions of tables are not supported",
                    ));
                }
                let table = table_name(object)?;
                match args {
                    Some(args) => self.function_source(&table, args, alias.as_ref()),
                    None => self.named_source(&table, alias.as_ref()),
                }
            }
            TableFactor::Derived { lateral, subquery, alias } => {
                if *lateral {
                    return Err(SqlError::refused("LATERAL is not supported")
                        .hint("join on a condition, or use a subquery in SELECT"));
                }
                // What is already in FROM is not visible inside.
                let frame = self.frame()?;
                let items = std::mem::take(&mut frame.items);
                let using = std::mem::take(&mut frame.using);
                let aliases = std::mem::take(&mut frame.aliases);
                let query = self.query(subquery);
                let frame = self.frame()?;
                (frame.items, frame.using, frame.aliases) = (items, using, aliases);
                let query = query?;
                let columns: Vec<(String, Type)> =
                    query.columns.iter().map(|column| (column.name.clone(), column.ty)).gather();
                self.add(SourceKind::Query(Box::new(query)), columns, "", alias.as_ref())
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.joined(table_with_joins)
            }
            TableFactor::NestedJoin { .. } => {
                Err(SqlError::refused("an alias for a join in parentheses is not supported")
                    .hint("name its tables instead"))
            }
            TableFactor::TableFunction { .. }
            | TableFactor::Function { .. }
            | TableFactor::UNNEST { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::MatchRecognize { .. } => {
                Err(SqlError::refused("only tables and subqueries can stand in FROM"))
            }
        }
    }

    fn named_source(&mut self, table: &Name, alias: Option<&TableAlias>) -> Result<From> {
        let wanted = fold(&table.text);
        if let Some(cte) = self.ctes.iter().rev().find(|cte| fold(&cte.name) == wanted).cloned() {
            return self.add(cte.kind, cte.columns, &cte.name, alias);
        }
        if let Some(view) = self.db.view(&table.text) {
            let query = self.view(view).map_err(|error| error.at(table.span))?;
            let columns =
                query.columns.iter().map(|column| (column.name.clone(), column.ty)).gather();
            return self.add(SourceKind::Query(Box::new(query)), columns, &view.name, alias);
        }
        let (source, item) =
            self.table_source(&table.text, &table.text).map_err(|error| error.at(table.span))?;
        let columns = item.columns;
        let shown = self
            .db
            .table(&table.text)
            .map_or_else(|| table.text.clone(), |table| table.def.name.clone());
        self.place_source(source, columns, &shown, alias)
    }

    /// `SERIES(n)`: the numbers 1 to n, in a column N.
    fn function_source(
        &mut self,
        table: &Name,
        args: &'a TableFunctionArgs,
        alias: Option<&TableAlias>,
    ) -> Result<From> {
        let refused = || {
            SqlError::refused(format!("the table function {} is not supported", table.text))
                .at(table.span)
        };
        let TableFunctionArgs { args, settings } = args;
        if settings.is_some() || fold(&table.text) != "series" {
            return Err(refused());
        }
        let [FunctionArg::Unnamed(FunctionArgExpr::Expr(size))] = args.as_slice() else {
            return Err(refused());
        };
        let size = self.constant(size)?;
        if size.ty != Type::Int {
            return Err(SqlError::error("SERIES takes a whole number").at(table.span));
        }
        self.add(
            SourceKind::Series(Box::new(size)),
            vec![("N".to_owned(), Type::Int)],
            "SERIES",
            alias,
        )
    }

    /// An expression that reads no columns.
    pub(super) fn constant(&mut self, ast: &'a Ast) -> Result<Expr> {
        let expr = self.expr(ast)?;
        if expr.sources().is_empty() && expr.subquery().is_none() {
            Ok(expr)
        } else {
            Err(SqlError::error("a constant is needed here").at(expr.span))
        }
    }

    fn add(
        &mut self,
        kind: SourceKind,
        columns: Vec<(String, Type)>,
        shown: &str,
        alias: Option<&TableAlias>,
    ) -> Result<From> {
        let id = self.new_source();
        let types = columns.iter().map(|(_, ty)| *ty).gather();
        self.place_source(Source { id, kind, types }, columns, shown, alias)
    }

    fn place_source(
        &mut self,
        source: Source,
        mut columns: Vec<(String, Type)>,
        shown: &str,
        alias: Option<&TableAlias>,
    ) -> Result<From> {
        let mut shown = Name { text: shown.to_owned(), span: None };
        if let Some(TableAlias { name: given, columns: renamed }) = alias {
            shown = name(given);
            if renamed.len() > columns.len() {
                return Err(SqlError::error(format!(
                    "{} has {} columns, and {} names are given",
                    shown.text,
                    columns.len(),
                    renamed.len()
                ))
                .at(shown.span));
            }
            for (column, new) in columns.iter_mut().zip(renamed) {
                column.0 = name(new).text;
            }
        }
        let frame = self.frame()?;
        if !shown.text.is_empty()
            && frame.items.iter().any(|item| fold(&item.alias) == fold(&shown.text))
        {
            let error = SqlError::error(format!("{} stands twice in FROM", shown.text));
            return Err(error
                .hint(format!("give one of them another name: {} AS other", shown.text))
                .at(shown.span));
        }
        frame.items.push(Item { id: source.id, alias: shown.text, columns, merged: Vec::new() });
        Ok(From::Source(source))
    }
}

/// Whether a join's sides are exchanged (RIGHT JOIN becomes LEFT JOIN).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Swap {
    Yes,
    No,
}
