//! Where a Peewee file names a field: `Meta`, arguments of relations, `Model.field` and `self.field`.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ModModule, Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use throughline_order::Arrange as _;

use crate::document::{Document, Model, Span, TargetForm};
use crate::python;

/// Spans of a field's name in strings and attributes.
pub(super) fn of_field(source: &str, document: &Document, model: &str, field: &str) -> Vec<Span> {
    let parsed = python::parse(source);
    let mut finder = Finder { source, heirs: heirs(document, model), field, found: Vec::new() };
    finder.relations(document);
    finder.module(&parsed.module, document);
    finder.found.arrange();
    finder.found.dedup();
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
    /// The models that have the field.
    heirs: Vec<String>,
    field: &'a str,
    found: Vec<Span>,
}

impl Finder<'_> {
    /// `field="username"` of keys to the model.
    fn relations(&mut self, document: &Document) {
        for model in &document.models {
            for field in &model.fields {
                let Some(relation) = field.relation() else { continue };
                let (Some(target), Some(to_field)) = (&relation.target, &relation.to_field) else {
                    continue;
                };
                let here = match target.form {
                    TargetForm::Itself => self.heirs.contains(&model.name.text),
                    TargetForm::Class | TargetForm::Text => self.heirs.contains(&target.text),
                };
                if here && to_field.text == self.field {
                    self.text(to_field.span);
                }
            }
        }
    }

    fn module(&mut self, module: &ModModule, document: &Document) {
        // `User.name`, wherever it stands.
        self.visit_body(&module.body);
        let mut classes = Classes(Vec::new());
        classes.visit_body(&module.body);
        for class in classes.0 {
            let span = python::span(class.range());
            if let Some(model) = document.models.iter().find(|model| model.span == span)
                && self.heirs.contains(&model.name.text)
            {
                self.class(class, model);
            }
        }
    }

    fn class(&mut self, class: &StmtClassDef, model: &Model) {
        for name in model.meta.primary_key.iter().flatten() {
            if name.text == self.field {
                self.text(name.span);
            }
        }
        for statement in &class.body {
            match statement {
                Stmt::ClassDef(meta) if meta.name.id == "Meta" => {
                    for (targets, value) in meta.body.iter().filter_map(python::assigned) {
                        let named =
                            |expr: &&Expr| matches!(expr, Expr::Name(name) if name.id == "indexes");
                        if targets.iter().any(named) {
                            Strings(self).visit_expr(value);
                        }
                    }
                }
                Stmt::FunctionDef(function) => {
                    let first = function.parameters.iter_non_variadic_params().next();
                    if let Some(first) = first {
                        let receiver = first.parameter.name.id.as_str();
                        let mut own = Attributes { finder: self, receiver };
                        own.visit_body(&function.body);
                    }
                }
                _ => {}
            }
        }
    }

    /// A string whose whole text is the name.
    fn text(&mut self, span: Span) {
        let written = span.text(self.source);
        for quote in ["\"", "'"] {
            if written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
                == Some(self.field)
            {
                self.found.push(Span::new(span.start + 1, span.end - 1));
            }
        }
    }
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Attribute(attribute) = expr
            && attribute.attr.id == self.field
            && python::dotted(&attribute.value).is_some_and(|path| self.heirs.contains(&path))
        {
            self.found.push(python::span(attribute.attr.range()));
        }
        walk_expr(self, expr);
    }
}

/// Strings of `Meta.indexes`.
struct Strings<'f, 'a>(&'f mut Finder<'a>);

impl<'v> Visitor<'v> for Strings<'_, '_> {
    fn visit_expr(&mut self, expr: &'v Expr) {
        if let Expr::StringLiteral(literal) = expr {
            self.0.text(python::span(literal.range()));
        }
        walk_expr(self, expr);
    }
}

/// `self.name` in the model's own methods.
struct Attributes<'f, 'a> {
    finder: &'f mut Finder<'a>,
    receiver: &'f str,
}

impl<'v> Visitor<'v> for Attributes<'_, '_> {
    fn visit_expr(&mut self, expr: &'v Expr) {
        if let Expr::Attribute(attribute) = expr
            && attribute.attr.id == self.finder.field
            && matches!(&*attribute.value, Expr::Name(name) if name.id == self.receiver)
        {
            self.finder.found.push(python::span(attribute.attr.range()));
        }
        walk_expr(self, expr);
    }
}

/// All class statements, those inside of others included.
struct Classes<'a>(Vec<&'a StmtClassDef>);

impl<'a> Visitor<'a> for Classes<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ClassDef(class) = statement {
            self.0.push(class);
        }
        walk_stmt(self, statement);
    }
}
