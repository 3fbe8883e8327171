//! Dotted paths.

use ruff_python_ast::Expr;

/// `models.CharField` of such an expression; `None` where it is anything but names and dots.
/// A subscript is passed over (`models.ForeignKey["Author"]`, as type checkers want it): only its base counts.
pub fn dotted(expr: &Expr) -> Option<String> {
    gather(expr, 0)
}

/// The path up to an expression, with room for what follows it: one piece of memory for the whole.
fn gather(expr: &Expr, after: usize) -> Option<String> {
    match expr {
        Expr::Name(name) if !name.id.is_empty() => {
            let mut path = String::with_capacity(name.id.len() + after);
            path.push_str(&name.id);
            Some(path)
        }
        Expr::Attribute(attribute) => {
            let mut path = gather(&attribute.value, after + attribute.attr.id.len() + 1)?;
            path.push('.');
            path.push_str(&attribute.attr.id);
            Some(path)
        }
        Expr::Subscript(subscript) => gather(&subscript.value, after),
        _ => None,
    }
}
