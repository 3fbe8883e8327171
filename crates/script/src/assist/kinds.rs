//! What a value is, as far as it can be told without running anything.

use ruff_python_ast::{Expr, ExprCall};
use throughline_order::Gather as _;

use super::graph::Graph;
use super::read::Names;
use super::spelling::{Gives, Method};

/// What a value is. The number is the place of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A model's class.
    Class(usize),
    /// Its manager.
    Manager(usize),
    /// A query.
    Rows(usize),
    /// A relation to many of an instance.
    Many(usize),
    /// An instance.
    One(usize),
    /// A list of instances.
    List(usize),
    /// Anything else.
    Other,
}

impl Kind {
    /// What a loop over it goes through.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Rows(model) | Self::Many(model) | Self::List(model) => Self::One(model),
            Self::Class(_) | Self::Manager(_) | Self::One(_) | Self::Other => Self::Other,
        }
    }

    /// The model that it is about.
    pub(super) fn model(self) -> Option<usize> {
        match self {
            Self::Class(model)
            | Self::Manager(model)
            | Self::Rows(model)
            | Self::Many(model)
            | Self::One(model)
            | Self::List(model) => Some(model),
            Self::Other => None,
        }
    }
}

impl Graph {
    /// The methods of a value.
    pub(super) fn methods(&self, kind: Kind) -> Vec<&'static Method> {
        let spelling = self.spelling;
        let lists: &[&'static [Method]] = match kind {
            Kind::Class(_) => &[spelling.on_class],
            Kind::Manager(_) | Kind::Rows(_) => &[spelling.on_rows],
            Kind::Many(_) => &[spelling.on_many, spelling.on_rows],
            Kind::One(_) => &[spelling.on_one],
            Kind::List(_) | Kind::Other => &[],
        };
        lists.iter().flat_map(|list| list.iter()).gather()
    }

    /// The method of this name.
    pub(super) fn method(&self, kind: Kind, name: &str) -> Option<&'static Method> {
        self.methods(kind).into_iter().find(|method| method.name == name)
    }

    /// What an attribute of a value is.
    pub(super) fn member(&self, of: Kind, name: &str) -> Kind {
        match of {
            Kind::Class(model) if self.spelling.manager == Some(name) => Kind::Manager(model),
            Kind::One(model) => {
                let Some(step) = self.by_attribute(model, name) else { return Kind::Other };
                match self.target(&step) {
                    Some(target) if step.is_many() => Kind::Many(target),
                    Some(target) => Kind::One(target),
                    None => Kind::Other,
                }
            }
            Kind::Class(_)
            | Kind::Manager(_)
            | Kind::Rows(_)
            | Kind::Many(_)
            | Kind::List(_)
            | Kind::Other => Kind::Other,
        }
    }

    /// What an expression is.
    pub(super) fn kind(&self, names: &Names, expr: &Expr) -> Kind {
        match expr {
            Expr::Name(name) => names
                .kind(&name.id)
                .unwrap_or_else(|| self.world.find(&name.id).map_or(Kind::Other, Kind::Class)),
            Expr::Attribute(attribute) => {
                self.member(self.kind(names, &attribute.value), &attribute.attr)
            }
            Expr::Await(awaited) => match self.kind(names, &awaited.value) {
                Kind::Rows(model) | Kind::Many(model) => Kind::List(model),
                kind => kind,
            },
            Expr::Named(named) => self.kind(names, &named.value),
            Expr::Subscript(subscript) => {
                let of = self.kind(names, &subscript.value);
                if matches!(*subscript.slice, Expr::Slice(_)) { of } else { of.item() }
            }
            Expr::Call(call) => self.called(names, call),
            Expr::If(either) => self.kind(names, &either.body),
            Expr::ListComp(list) => match self.kind(names, &list.elt) {
                Kind::One(model) => Kind::List(model),
                _ => Kind::Other,
            },
            _ => Kind::Other,
        }
    }

    fn called(&self, names: &Names, call: &ExprCall) -> Kind {
        match &*call.func {
            Expr::Attribute(attribute) => {
                let of = self.kind(names, &attribute.value);
                match (self.method(of, &attribute.attr), of.model()) {
                    (Some(method), Some(model)) => match method.gives {
                        Gives::Rows => Kind::Rows(model),
                        Gives::One => Kind::One(model),
                        Gives::List => Kind::List(model),
                        Gives::Value => Kind::Other,
                    },
                    _ => Kind::Other,
                }
            }
            Expr::Name(name) => {
                let first = call.arguments.args.first().map(|first| self.kind(names, first));
                match (&*name.id, first) {
                    ("list" | "sorted" | "reversed" | "set" | "tuple", Some(first)) => {
                        match first.item() {
                            Kind::One(model) => Kind::List(model),
                            _ => Kind::Other,
                        }
                    }
                    ("prefetch", Some(Kind::Rows(model))) => Kind::List(model),
                    (name, _) => match self.world.find(name) {
                        Some(model) if names.kind(name).is_none() => Kind::One(model),
                        _ => Kind::Other,
                    },
                }
            }
            _ => Kind::Other,
        }
    }
}
