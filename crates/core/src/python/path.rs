//! Dotted paths.

use ruff_python_ast::Expr;

/// `models.CharField` of such an expression; `None` where it is anything but names and dots.
/// A subscript is passed over (`models.ForeignKey["Author"]`, as type checkers want it): only its base counts.
pub fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) if !name.id.is_empty() => Some(name.id.as_str().to_owned()),
        Expr::Attribute(attribute) => {
            let mut path = dotted(&attribute.value)?;
            path.push('.');
            path.push_str(&attribute.attr.id);
            Some(path)
        }
        Expr::Subscript(subscript) => dotted(&subscript.value),
        _ => None,
    }
}
