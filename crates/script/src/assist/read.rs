//! Goes through a script once, in its order, and notes what stands where.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Comprehension, Expr, ExprAttribute, ExprCall, ExprContext, Stmt, StringFlags as _,
};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;
use throughline_core::Span;
use throughline_order::{Arrange as _, Gather as _};

use super::graph::Graph;
use super::kinds::Kind;
use super::mend::{Base, Chain};
use super::spelling::Takes;

/// Names of the script, with what they are and the query that they come from.
#[derive(Default)]
pub(super) struct Names(FxHashMap<String, (Kind, Option<Base>)>);

impl Names {
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.0.get(name).map(|(kind, _)| *kind)
    }

    pub(super) fn base(&self, name: &str) -> Option<Base> {
        self.0.get(name).and_then(|(_, base)| base.clone())
    }

    /// All of them, in the order of the alphabet.
    pub(super) fn all(&self) -> Vec<(&str, Kind)> {
        let mut all: Vec<_> = self.0.iter().map(|(name, (kind, _))| (&**name, *kind)).gather();
        all.arrange_by_key(|(name, _)| *name);
        all
    }
}

/// Something that stands in the script.
pub(super) struct Fact {
    /// Where its name stands.
    pub(super) at: Span,
    /// What it is.
    pub(super) what: What,
}

/// What stands in a script.
pub(super) enum What {
    /// A name; and what the call is about whose bare argument it is.
    Name(Kind, Option<(usize, Takes)>),
    /// An attribute, of a value of this kind.
    Member(Kind),
    /// A way through relations: a keyword, or a text that names a field.
    Path(usize, Takes),
}

/// What was read.
pub(super) struct Reading<'a> {
    graph: &'a Graph,
    pub(super) names: Names,
    pub(super) facts: Vec<Fact>,
    /// Ways from the name of a loop over instances.
    pub(super) chains: Vec<Chain>,
    /// The model that the call around is about, and what it takes.
    about: Option<(usize, Takes)>,
}

/// Reads a script, as much of it as there is.
pub(super) fn read<'a>(graph: &'a Graph, script: &str) -> Reading<'a> {
    let parsed = parse_unchecked(script, ParseOptions::from(Mode::Module)).into_syntax();
    let mut reading = Reading {
        graph,
        names: Names::default(),
        facts: Vec::new(),
        chains: Vec::new(),
        about: None,
    };
    if let Some(module) = parsed.as_module() {
        module.body.iter().for_each(|statement| reading.visit_stmt(statement));
    }
    reading
}

pub(super) fn span(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

impl Reading<'_> {
    fn note(&mut self, at: TextRange, what: What) {
        self.facts.push(Fact { at: span(at), what });
    }

    fn bind(&mut self, target: &Expr, kind: Kind, base: Option<Base>) {
        if let Expr::Name(name) = target {
            self.names.0.insert(name.id.to_string(), (kind, base));
        }
    }

    /// Binds the name of a loop to what it goes through.
    fn go_through(&mut self, target: &Expr, iter: &Expr) {
        let kind = self.graph.kind(&self.names, iter).item();
        let base = Base::of(self.graph, &self.names, iter);
        self.bind(target, kind, base.map(Base::in_loop));
    }

    fn call(&mut self, call: &ExprCall) {
        let about = match &*call.func {
            Expr::Attribute(attribute) => {
                let of = self.graph.kind(&self.names, &attribute.value);
                let takes = self.graph.method(of, &attribute.attr).map(|method| method.takes);
                of.model().zip(takes)
            }
            Expr::Name(name) => {
                let of = &*name.id;
                let helper = self.graph.spelling.names.iter().find(|(known, ..)| *known == of);
                match (helper, self.about, self.graph.world.find(of)) {
                    (Some((_, takes, _)), Some((model, _)), _) => Some((model, *takes)),
                    (None, _, Some(model)) => Some((model, Takes::Fields)),
                    _ => None,
                }
            }
            _ => None,
        };
        self.visit_expr(&call.func);
        let around = std::mem::replace(&mut self.about, about);
        for argument in &call.arguments.args {
            if let Expr::Name(name) = argument {
                let kind = self.graph.kind(&self.names, argument);
                self.note(name.range, What::Name(kind, about));
            } else {
                self.visit_expr(argument);
            }
        }
        for keyword in &call.arguments.keywords {
            if let (Some(name), Some((model, takes @ (Takes::Conditions | Takes::Fields)))) =
                (&keyword.arg, about)
            {
                self.note(name.range, What::Path(model, takes));
            }
            self.visit_expr(&keyword.value);
        }
        self.about = around;
    }

    fn attribute(&mut self, attribute: &ExprAttribute) {
        let of = self.graph.kind(&self.names, &attribute.value);
        self.note(attribute.attr.range, What::Member(of));
        if let Some(chain) = Chain::of(&self.names, attribute) {
            self.chains.push(chain);
        }
    }
}

impl<'a> Visitor<'a> for Reading<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                let kind = self.graph.kind(&self.names, &assign.value);
                let base = Base::of(self.graph, &self.names, &assign.value);
                for target in &assign.targets {
                    self.visit_expr(target);
                    self.bind(target, kind, base.clone());
                }
            }
            Stmt::For(each) => {
                self.visit_expr(&each.iter);
                self.go_through(&each.target, &each.iter);
                each.body.iter().chain(&each.orelse).for_each(|inner| self.visit_stmt(inner));
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.visit_expr(&comprehension.iter);
        self.go_through(&comprehension.target, &comprehension.iter);
        comprehension.ifs.iter().for_each(|test| self.visit_expr(test));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => {
                self.visit_expr(&attribute.value);
                self.attribute(attribute);
            }
            Expr::Name(name) if name.ctx == ExprContext::Store => {}
            Expr::Name(name) => {
                let kind = self.graph.kind(&self.names, expr);
                self.note(name.range, What::Name(kind, None));
            }
            Expr::StringLiteral(text) => {
                if let Some((model, takes @ (Takes::Names | Takes::Relations))) = self.about {
                    for part in text.value.iter() {
                        let open = part.flags.opener_len();
                        let close = part.flags.closer_len();
                        let range = part.range();
                        if range.len() >= open + close {
                            let inner = TextRange::new(range.start() + open, range.end() - close);
                            self.note(inner, What::Path(model, takes));
                        }
                    }
                }
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}
