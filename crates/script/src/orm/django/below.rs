//! Expressions over a relation.

use throughline_order::Gather as _;

use super::expression::Node;

impl Node {
    /// The same from a model that a path leads from: what is named is named over it.
    pub(super) fn below(&self, path: &str) -> Self {
        let each = |node: &Self| Box::new(node.below(path));
        match self {
            Self::F(name) => Self::F(format!("{path}__{name}").into()),
            Self::Function { name, args } => {
                Self::Function { name, args: args.iter().map(|arg| arg.below(path)).gather() }
            }
            Self::Combined(op, left, right) => Self::Combined(op, each(left), each(right)),
            Self::Ordered(of, descending, nulls) => Self::Ordered(each(of), *descending, nulls),
            Self::Typed(of, ty) => Self::Typed(each(of), ty.clone()),
            Self::Cast(of, ty) => Self::Cast(each(of), ty.clone()),
            Self::Part(part, of) => Self::Part(part, each(of)),
            Self::Start(unit, of) => Self::Start(unit, each(of)),
            other => other.clone(),
        }
    }
}
