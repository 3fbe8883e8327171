//! Where an ormar file names a field: constraints, `order_by` and its like, `self.name` in methods.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, ExprStringLiteral, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::document::{Document, Model, Span};
use crate::python;

/// Spans of a field's name.
pub(super) fn of_field(source: &str, document: &Document, model: &str, field: &str) -> Vec<Span> {
    let parsed = python::parse(source);
    let heirs = heirs(document, model);
    let has_column = document
        .model(model)
        .and_then(|model| model.field(field))
        .is_some_and(|field| field.column.is_none());
    let mut finder =
        Finder { source, document, heirs: &heirs, field, has_column, found: Vec::new() };
    finder.body(&parsed.module.body);
    finder.found
}

/// A model and the models of the file that inherit from it.
fn heirs(document: &Document, model: &str) -> Vec<String> {
    let mut names = vec![model.to_owned()];
    for candidate in &document.models {
        let inherits = candidate.bases.iter().any(|base| names.contains(&base.path));
        if inherits && !names.contains(&candidate.name.text) {
            names.push(candidate.name.text.clone());
        }
    }
    names
}

struct Finder<'a> {
    source: &'a str,
    document: &'a Document,
    /// The models that have the field.
    heirs: &'a [String],
    field: &'a str,
    /// Whether its column has its name.
    has_column: bool,
    found: Vec<Span>,
}

impl Finder<'_> {
    fn body(&mut self, body: &[Stmt]) {
        for statement in body {
            match statement {
                Stmt::ClassDef(def) => {
                    let span = python::span(def.range());
                    if let Some(model) =
                        self.document.models.iter().find(|model| model.span == span)
                    {
                        self.class(def, model);
                    }
                }
                Stmt::If(choice) => self.body(&choice.body),
                Stmt::Try(attempt) => self.body(&attempt.body),
                _ => {}
            }
        }
    }

    fn class(&mut self, def: &StmtClassDef, model: &Model) {
        let own = self.heirs.contains(&model.name.text);
        for statement in &def.body {
            match statement {
                Stmt::FunctionDef(function) if own => self.method(function),
                Stmt::ClassDef(inner) if own && inner.name.id == "Meta" => {
                    for (_, value) in inner.body.iter().filter_map(python::assigned) {
                        self.options(value);
                    }
                }
                other => {
                    let Some((targets, value)) = python::assigned(other) else { continue };
                    let config = targets
                        .iter()
                        .any(|target| python::dotted(target).as_deref() == Some("ormar_config"));
                    match value {
                        Expr::Call(call) if config && own => {
                            for keyword in &call.arguments.keywords {
                                self.options(&keyword.value);
                            }
                        }
                        Expr::Call(call) if !config => self.relation(call, own),
                        _ => {}
                    }
                }
            }
        }
    }

    /// `order_by=["-name"]`, `constraints=[ormar.UniqueColumns("name", …)]`.
    fn options(&mut self, value: &Expr) {
        let (Expr::List(ruff_python_ast::ExprList { elts, .. })
        | Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. })) = value
        else {
            return;
        };
        for item in elts {
            match item {
                Expr::StringLiteral(literal) => self.order(literal),
                Expr::Call(call) if self.has_column => self.constraint(call),
                _ => {}
            }
        }
    }

    fn constraint(&mut self, call: &ExprCall) {
        let check = python::dotted(&call.func).is_some_and(|path| path.ends_with("CheckColumns"));
        for literal in call.arguments.args.iter().filter_map(|item| item.as_string_literal_expr()) {
            let Some(span) = content(literal) else { continue };
            if check {
                self.words(span);
            } else if span.text(self.source) == self.field {
                self.found.push(span);
            }
        }
    }

    /// Names in the SQL of a check.
    fn words(&mut self, span: Span) {
        let text = span.text(self.source);
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        for (at, _) in text.match_indices(self.field) {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + self.field.len()..).and_then(|after| after.chars().next());
            if !before.is_some_and(is_part) && !after.is_some_and(is_part) {
                let start = span.start + at as u32;
                self.found.push(Span::new(start, start + self.field.len() as u32));
            }
        }
    }

    /// A field to order by: `-name`, `author__name`.
    fn order(&mut self, literal: &ExprStringLiteral) {
        let Some(span) = content(literal) else { return };
        let text = span.text(self.source);
        let sign = u32::from(text.starts_with('-'));
        let path = text.trim_start_matches('-');
        if path.split("__").next() == Some(self.field) {
            let start = span.start + sign;
            self.found.push(Span::new(start, start + self.field.len() as u32));
        }
    }

    /// `orders_by` of a relation names fields of its target, `related_orders_by` those of its own model.
    fn relation(&mut self, call: &ExprCall, own: bool) {
        let to_it = call
            .arguments
            .find_argument_value("to", 0)
            .is_some_and(|target| self.points_here(target));
        for keyword in &call.arguments.keywords {
            let applies = match keyword.arg.as_ref().map(|name| name.id.as_str()) {
                Some("orders_by") => to_it,
                Some("related_orders_by") => own,
                _ => false,
            };
            if applies {
                self.options(&keyword.value);
            }
        }
    }

    fn points_here(&self, target: &Expr) -> bool {
        let named = python::dotted(target);
        let text = target.as_call_expr().and_then(|call| {
            Some(call.arguments.args.first()?.as_string_literal_expr()?.value.to_str().to_owned())
        });
        named.or(text).is_some_and(|name| self.heirs.contains(&name))
    }

    fn method(&mut self, function: &StmtFunctionDef) {
        let Some(first) = function.parameters.iter_non_variadic_params().next() else { return };
        let mut attributes =
            Attributes { of: first.name().as_str(), name: self.field, found: Vec::new() };
        attributes.visit_body(&function.body);
        self.found.extend(attributes.found);
    }
}

/// A string's text, where it is one piece without escapes.
fn content(literal: &ExprStringLiteral) -> Option<Span> {
    let part = literal.as_single_part_string()?;
    Some(python::span(part.content_range()))
}

/// Collects `self.name`.
struct Attributes<'a> {
    of: &'a str,
    name: &'a str,
    found: Vec<Span>,
}

impl<'a> Visitor<'a> for Attributes<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Attribute(attribute) = expr
            && attribute.attr.id == self.name
            && matches!(&*attribute.value, Expr::Name(name) if name.id == self.of)
        {
            self.found.push(python::span(attribute.attr.range()));
        }
        walk_expr(self, expr);
    }
}
