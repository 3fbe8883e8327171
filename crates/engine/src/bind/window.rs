//! Window functions.

use gluesql_core::sqlparser::ast::WindowType;

use super::Binder;
use super::call::Arguments;
use crate::error::{Result, SqlError};
use crate::ir::Expr;
use crate::text::Name;

impl Binder<'_> {
    pub(super) fn window(&mut self, called: &Name, _lower: &str, _arguments: &Arguments<'_>, _over: &WindowType) -> Result<Expr> {
        Err(SqlError::refused("window functions (OVER) are not supported").hint("use GROUP BY in a subquery and join it").at(called.span))
    }
}
