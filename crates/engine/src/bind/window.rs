//! Window functions.

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType};

use super::call::Arguments;
use super::coerce::{number, settled};
use super::{Binder, Place};
use crate::error::{Result, SqlError};
use crate::ir::{AggregateFunction, Expr, FrameEnd, FrameKind, Kind, Window, WindowFunction};
use crate::text::Name;
use crate::types::Type;

impl<'a> Binder<'a> {
    pub(super) fn window(
        &mut self,
        called: &Name,
        lower: &str,
        arguments: &Arguments<'a>,
        over: &'a WindowType,
    ) -> Result<Expr> {
        let refuse =
            |what: &str| SqlError::refused(format!("{what} is not supported")).at(called.span);
        let spec = match over {
            WindowType::WindowSpec(spec) => spec,
            WindowType::NamedWindow(_) => {
                return Err(refuse("a named window").hint("write the window in OVER (…)"));
            }
        };
        let WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        if window_name.is_some() {
            return Err(refuse("a named window").hint("write the window in OVER (…)"));
        }
        if let Place::Rows(clause) = self.place() {
            return Err(SqlError::error(format!("a window function cannot stand in {clause}"))
                .hint("filter a subquery in FROM")
                .at(called.span));
        }
        if arguments.distinct || !arguments.order.is_empty() || arguments.separator.is_some() {
            return Err(refuse("DISTINCT or ORDER BY inside a window function"));
        }
        let function = match lower {
            "row_number" => WindowFunction::RowNumber,
            "rank" => WindowFunction::Rank,
            "dense_rank" => WindowFunction::DenseRank,
            "ntile" => WindowFunction::NTile,
            "lag" => WindowFunction::Lag,
            "lead" => WindowFunction::Lead,
            "first_value" => WindowFunction::FirstValue,
            "last_value" => WindowFunction::LastValue,
            "count" => WindowFunction::Aggregate(AggregateFunction::Count),
            "sum" => WindowFunction::Aggregate(AggregateFunction::Sum),
            "avg" => WindowFunction::Aggregate(AggregateFunction::Avg),
            "min" => WindowFunction::Aggregate(AggregateFunction::Min),
            "max" => WindowFunction::Aggregate(AggregateFunction::Max),
            _ => {
                return Err(SqlError::refused(format!(
                    "{} is not supported as a window function",
                    called.text
                ))
                .at(called.span));
            }
        };
        let windows = self.frame()?.windows.len();
        let bound: Vec<Expr> = arguments
            .list
            .iter()
            .map(|argument| self.expr(argument).map(settled))
            .collect::<Result<_>>()?;
        let partition: Vec<Expr> =
            partition_by.iter().map(|key| self.expr(key).map(settled)).collect::<Result<_>>()?;
        let order = self.keys(order_by)?;
        if self.frame()?.windows.len() != windows {
            return Err(SqlError::error("a window function cannot stand inside another")
                .hint("use a subquery in FROM")
                .at(called.span));
        }
        let frame = match window_frame {
            None => (FrameKind::Range, FrameEnd::CurrentRow),
            Some(frame) => {
                let kind = match frame.units {
                    WindowFrameUnits::Rows => FrameKind::Rows,
                    WindowFrameUnits::Range => FrameKind::Range,
                    WindowFrameUnits::Groups => return Err(refuse("GROUPS in a window")),
                };
                let end = match (&frame.start_bound, &frame.end_bound) {
                    (
                        WindowFrameBound::Preceding(None),
                        None | Some(WindowFrameBound::CurrentRow),
                    ) => FrameEnd::CurrentRow,
                    (
                        WindowFrameBound::Preceding(None),
                        Some(WindowFrameBound::Following(None)),
                    ) => FrameEnd::Last,
                    _ => {
                        return Err(refuse("this frame of a window").hint(
                            "use UNBOUNDED PRECEDING to CURRENT ROW or UNBOUNDED FOLLOWING",
                        ));
                    }
                };
                (kind, end)
            }
        };
        let (arguments, ty) = self.window_arguments(called, function, bound, arguments.star)?;
        let frame_state = self.frame()?;
        frame_state.windows.push(Window { function, arguments, partition, order, frame, ty });
        let at = frame_state.windows.len() - 1;
        Ok(Expr::new(Kind::Window(at), ty).at(called.span))
    }

    fn window_arguments(
        &mut self,
        called: &Name,
        function: WindowFunction,
        mut arguments: Vec<Expr>,
        star: bool,
    ) -> Result<(Vec<Expr>, Type)> {
        let (least, most) = match function {
            WindowFunction::RowNumber | WindowFunction::Rank | WindowFunction::DenseRank => (0, 0),
            WindowFunction::NTile | WindowFunction::FirstValue | WindowFunction::LastValue => {
                (1, 1)
            }
            WindowFunction::Lag | WindowFunction::Lead => (1, 3),
            WindowFunction::Aggregate(AggregateFunction::Count) => (0, 1),
            WindowFunction::Aggregate(_) => (1, 1),
        };
        let counting = function == WindowFunction::Aggregate(AggregateFunction::Count);
        if !(least..=most).contains(&arguments.len()) || (star && !counting) {
            return Err(SqlError::error(format!(
                "{} takes {least} to {most} arguments",
                called.text
            ))
            .at(called.span));
        }
        let first = arguments.first().map_or(Type::Null, |argument| argument.ty);
        let ty = match function {
            WindowFunction::RowNumber
            | WindowFunction::Rank
            | WindowFunction::DenseRank
            | WindowFunction::NTile => Type::Int,
            WindowFunction::Aggregate(AggregateFunction::Count) => Type::Int,
            WindowFunction::Aggregate(AggregateFunction::Avg) => {
                arguments = arguments
                    .into_iter()
                    .map(|argument| {
                        number(argument).map(|argument| super::coerce::widen(argument, Type::Float))
                    })
                    .collect::<Result<_>>()?;
                Type::Float
            }
            WindowFunction::Aggregate(AggregateFunction::Sum) => {
                arguments = arguments.into_iter().map(number).collect::<Result<_>>()?;
                arguments.first().map_or(Type::Int, |argument| argument.ty)
            }
            WindowFunction::Lag | WindowFunction::Lead => {
                if let Some(steps) = arguments.get(1)
                    && !matches!(steps.as_value(), Some(Value::I64(steps)) if *steps >= 0)
                {
                    return Err(SqlError::refused(format!(
                        "the second argument of {} must be a whole number",
                        called.text
                    ))
                    .at(called.span));
                }
                if arguments.len() == 3 {
                    let default = arguments.pop().unwrap_or_else(Expr::null);
                    let value = arguments.first().cloned().unwrap_or_else(Expr::null);
                    let (both, ty) = self.unify(vec![value, default])?;
                    let mut both = both.into_iter().map(settled);
                    if let (Some(place), Some(value)) = (arguments.first_mut(), both.next()) {
                        *place = value;
                    }
                    arguments.extend(both);
                    ty
                } else {
                    first
                }
            }
            WindowFunction::FirstValue
            | WindowFunction::LastValue
            | WindowFunction::Aggregate(_) => first,
        };
        Ok((arguments, ty))
    }
}
