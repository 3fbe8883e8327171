//! Other names for the tables of an expression.

use std::rc::Rc;

use crate::sql::Expr;

/// Gives columns of the tables `before` the names `after`.
pub(super) fn tables(expr: &mut Expr, before: &[Rc<str>], after: &[Rc<str>]) {
    let each = |inner: &mut Expr| tables(inner, before, after);
    match expr {
        Expr::Column(Some(table), _) => {
            if let Some(new) =
                before.iter().position(|known| known == table).and_then(|at| after.get(at))
            {
                *table = new.clone();
            }
        }
        Expr::Binary(_, left, right) | Expr::Like(left, right, _) => {
            [left, right].into_iter().for_each(|inner| each(inner))
        }
        Expr::Prefix(_, inner)
        | Expr::Not(inner)
        | Expr::IsNull(inner, _)
        | Expr::InSelect(inner, _, _)
        | Expr::Cast(inner, _)
        | Expr::Group(inner) => each(inner),
        Expr::And(items) | Expr::Or(items) => items.iter_mut().for_each(each),
        Expr::In(inner, items, _) => {
            tables(inner, before, after);
            items.iter_mut().for_each(each);
        }
        Expr::Between(a, b, c) => [a, b, c].into_iter().for_each(|inner| each(inner)),
        Expr::Call(call) => {
            call.args.iter_mut().for_each(each);
            if let Some(filter) = &mut call.filter {
                tables(filter, before, after);
            }
        }
        Expr::Case(whens, default) => {
            for (condition, then) in whens {
                tables(condition, before, after);
                tables(then, before, after);
            }
            if let Some(default) = default {
                tables(default, before, after);
            }
        }
        Expr::Over(of, by, order) => {
            tables(of, before, after);
            by.iter_mut().for_each(each);
            order.iter_mut().for_each(|order| tables(&mut order.by, before, after));
        }
        // What stands inside names its own tables otherwise; the outer ones it shares.
        Expr::Exists(select) | Expr::Subquery(select) => {
            if let Some(condition) = &mut select.condition {
                tables(condition, before, after);
            }
        }
        Expr::Pieces(pieces) => pieces.iter_mut().for_each(each),
        Expr::Column(None, _) | Expr::Param(_) | Expr::Star | Expr::Name(_) | Expr::Raw(_) => {}
    }
}
