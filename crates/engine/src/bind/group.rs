//! GROUP BY: what may stand outside aggregates.

use super::Binder;
use crate::error::{Result, SqlError};
use crate::ir::{Expr, From, Kind, Order, OrderBy, Select, SourceKind};

impl<'a> Binder<'a> {
    /// What stands outside aggregates must be the same for a whole group.
    pub(super) fn check_grouping(&self, select: &Select, order: &[Order]) -> Result<()> {
        let own: Vec<usize> = select.from.as_ref().map(Self::sources_of).unwrap_or_default();
        let ordered = order.iter().filter_map(|key| match &key.by {
            OrderBy::Expr(expr) => Some(expr),
            OrderBy::Output(_) => None,
        });
        let windows = select.windows.iter().flat_map(|window| {
            window
                .arguments
                .iter()
                .chain(&window.partition)
                .chain(window.order.iter().map(|(key, ..)| key))
        });
        for expr in select.projection.iter().chain(&select.having).chain(ordered).chain(windows) {
            self.grouped(expr, select, &own)?;
        }
        Ok(())
    }

    fn grouped(&self, expr: &Expr, select: &Select, own: &[usize]) -> Result<()> {
        if select.group.iter().any(|key| key.same(expr)) {
            return Ok(());
        }
        if let Kind::Column(id, _) = expr.kind {
            if !own.contains(&id) || self.determined(id, select) {
                return Ok(());
            }
            return Err(self.ungrouped(expr));
        }
        if let Some(query) = expr.subquery() {
            for id in &query.outer {
                let keyed = select
                    .group
                    .iter()
                    .any(|key| matches!(key.kind, Kind::Column(own, _) if own == *id));
                if own.contains(id) && !keyed && !self.determined(*id, select) {
                    return Err(SqlError::refused(
                        "this subquery reads a column that is not in GROUP BY",
                    )
                    .hint("add the column to GROUP BY")
                    .at(expr.span));
                }
            }
        }
        expr.children().into_iter().try_for_each(|child| self.grouped(child, select, own))
    }

    fn ungrouped(&self, expr: &Expr) -> SqlError {
        SqlError::refused("this column is neither in GROUP BY nor in an aggregate, so a group could have several values of it")
            .hint("add it to GROUP BY, or take MIN(…) or MAX(…) of it")
            .at(expr.span)
    }

    /// Whether the group's keys hold a whole primary key of the table, so that all its columns are the same in a group.
    fn determined(&self, id: usize, select: &Select) -> bool {
        let Some(table) = select
            .from
            .as_ref()
            .and_then(|from| table_of(from, id))
            .and_then(|name| self.db.table(name))
        else {
            return false;
        };
        let keyed = |column: &usize| {
            select
                .group
                .iter()
                .any(|key| matches!(key.kind, Kind::Column(own, at) if own == id && at == *column))
        };
        table.def.uniques.iter().any(|unique| {
            let whole = unique.condition.is_none()
                && unique.columns.iter().all(|column| {
                    table.def.columns.get(*column).is_some_and(|column| column.not_null)
                });
            whole && unique.columns.iter().all(keyed)
        })
    }
}

fn table_of(from: &From, id: usize) -> Option<&str> {
    match from {
        From::Source(source) if source.id == id => match &source.kind {
            SourceKind::Table(name) => Some(name),
            _ => None,
        },
        From::Source(_) => None,
        From::Join { left, right, .. } => table_of(left, id).or_else(|| table_of(right, id)),
    }
}
