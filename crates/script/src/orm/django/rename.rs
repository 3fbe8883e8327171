//! Other names for the tables of an expression.

use std::rc::Rc;

use crate::sql::Expr;

/// Gives columns of the tables `before` the names `after`. What stands inside names its own tables otherwise; the outer ones it shares.
pub(super) fn tables(expr: &mut Expr, before: &[Rc<str>], after: &[Rc<str>]) {
    expr.each_mut(&mut |part| {
        if let Expr::Column(Some(table), _) = part
            && let Some(new) =
                before.iter().position(|known| known == table).and_then(|at| after.get(at))
        {
            *table = new.clone();
        }
    });
}
