//! Where a file names a field: `Meta`, constraints, `F` and `Q`, arguments of relations, `self.name`.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, ModModule, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::document::{Document, Model, RelationKind, Span, TargetForm};
use crate::python;

/// Where an ORM's models name fields.
pub(super) struct Names {
    /// Classes in a model's body that hold options: `Meta`.
    pub(super) blocks: &'static [&'static str],
    /// Options there that name fields.
    pub(super) options: &'static [&'static str],
    /// Arguments whose strings name fields of the model itself, wherever the call stands.
    pub(super) own: &'static [&'static str],
    /// Arguments of a field that name one field of the model itself.
    pub(super) beside: &'static [&'static str],
    /// Field classes whose positional arguments name fields of the model itself.
    pub(super) groups: &'static [&'static str],
}

/// Spans of a field's name in strings, keywords of `Q`, and attributes of `self`.
pub(super) fn of_field(
    names: &'static Names,
    source: &str,
    document: &Document,
    model: &str,
    field: &str,
) -> Vec<Span> {
    let parsed = python::parse(source);
    let mut finder =
        Finder { names, source, document, heirs: heirs(document, model), field, found: Vec::new() };
    finder.module(&parsed.module);
    finder.found
}

/// A model and the models of the file that inherit from it.
fn heirs(document: &Document, model: &str) -> Vec<String> {
    let mut names = vec![model.to_owned()];
    for candidate in &document.models {
        let inherits = candidate
            .bases
            .iter()
            .any(|base| names.iter().any(|name| base.path.rsplit('.').next() == Some(name)));
        if inherits && !names.contains(&candidate.name.text) {
            names.push(candidate.name.text.clone());
        }
    }
    names
}

struct Finder<'a> {
    names: &'static Names,
    source: &'a str,
    document: &'a Document,
    /// The models that have the field.
    heirs: Vec<String>,
    field: &'a str,
    found: Vec<Span>,
}

impl Finder<'_> {
    fn module(&mut self, module: &ModModule) {
        let mut classes = Classes(Vec::new());
        classes.visit_body(&module.body);
        for class in classes.0 {
            if let Some(model) =
                self.document.models.iter().find(|model| model.span == python::span(class.range()))
            {
                self.class(class, model);
            }
        }
    }

    fn class(&mut self, class: &StmtClassDef, model: &Model) {
        for statement in &class.body {
            match statement {
                Stmt::ClassDef(meta) if self.names.blocks.contains(&meta.name.id.as_str()) => {
                    for (target, value) in meta.body.iter().filter_map(python::assigned) {
                        if target.iter().any(|target| matches!(target, Expr::Name(name) if self.names.options.contains(&name.id.as_str()))) {
                            self.paths(value, model);
                        }
                    }
                }
                Stmt::FunctionDef(function) => self.method(function, model),
                other => {
                    if let Some((_, Expr::Call(call))) = python::assigned(other) {
                        self.field_call(call, model);
                    }
                }
            }
        }
    }

    fn has(&self, model: &str) -> bool {
        self.heirs.iter().any(|heir| heir == model)
    }

    /// `self.name` in methods.
    fn method(&mut self, function: &StmtFunctionDef, model: &Model) {
        let Some(first) = function.parameters.iter_non_variadic_params().next() else { return };
        if !self.has(&model.name.text)
            || function.decorator_list.iter().any(|decorator| is_static(&decorator.expression))
        {
            return;
        }
        let mut attributes = Attributes { of: first.name().as_str(), found: Vec::new() };
        attributes.visit_body(&function.body);
        for (name, span) in attributes.found {
            if let Some(length) = self.segment(&model.name.text, &name) {
                self.found.push(Span::new(span.start, span.start + length));
            }
        }
    }

    /// How long the field's name is in a segment of a path, where the segment stands for it: `author` or `author_id`.
    fn segment(&self, model: &str, segment: &str) -> Option<u32> {
        let with_column = segment.strip_suffix("_id") == Some(self.field)
            && self.relation(model, self.field).is_some();
        (self.has(model) && (segment == self.field || with_column))
            .then_some(self.field.len() as u32)
    }

    /// The model that a relation of the file points at.
    fn relation(&self, model: &str, field: &str) -> Option<String> {
        let mut model = self.document.model(model)?;
        for _ in 0..16 {
            if let Some(found) = model.field(field) {
                let relation = found.relation()?;
                let target = relation.target.as_ref()?;
                return Some(match target.form {
                    TargetForm::Itself => model.name.text.clone(),
                    TargetForm::Class | TargetForm::Text => {
                        target.text.rsplit('.').next().unwrap_or_default().to_owned()
                    }
                });
            }
            model = model
                .bases
                .iter()
                .find_map(|base| self.document.model(base.path.rsplit('.').next()?))?;
        }
        None
    }

    /// A path of lookups (`-author__name`) that starts at `model`, which stands at `start`.
    fn path(&mut self, path: &str, start: u32, model: &str) {
        let sign = path.len() - path.trim_start_matches(['-', '+']).len();
        let mut at = start + sign as u32;
        let mut model = model.to_owned();
        for segment in path.get(sign..).unwrap_or_default().split("__") {
            if let Some(length) = self.segment(&model, segment) {
                self.found.push(Span::new(at, at + length));
            }
            let Some(next) = self.relation(&model, segment) else { return };
            model = next;
            at += segment.len() as u32 + 2;
        }
    }

    /// A string literal that is a path.
    fn string(&mut self, expr: &Expr, model: &str) {
        let Some(part) =
            expr.as_string_literal_expr().and_then(|literal| literal.as_single_part_string())
        else {
            return;
        };
        let span = python::span(part.content_range());
        // A literal with escapes has other places than its value.
        if span.text(self.source) == &*part.value {
            self.path(&part.value, span.start, model);
        }
    }

    /// Every string in the value of an option, and what calls in it say of fields.
    fn paths(&mut self, expr: &Expr, model: &Model) {
        match expr {
            Expr::StringLiteral(_) => self.string(expr, &model.name.text),
            Expr::List(list) => list.elts.iter().for_each(|item| self.paths(item, model)),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.paths(item, model)),
            Expr::Set(set) => set.elts.iter().for_each(|item| self.paths(item, model)),
            Expr::BinOp(operation) => {
                self.paths(&operation.left, model);
                self.paths(&operation.right, model);
            }
            Expr::UnaryOp(operation) => self.paths(&operation.operand, model),
            Expr::Starred(starred) => self.paths(&starred.value, model),
            Expr::Call(call) => self.expression(call, model),
            _ => {}
        }
    }

    /// `Q(price__gte=0)`, `F("price")`, `Lower("name").desc()`, `Index(fields=[…])`.
    fn expression(&mut self, call: &ExprCall, model: &Model) {
        let written = python::dotted(&call.func).unwrap_or_default();
        // `from django.db.models import Q as Condition`.
        let import = self.document.imports.iter().rfind(|import| import.name == written);
        let name = import.map_or(written.as_str(), |import| import.path.as_str());
        let last = name.rsplit('.').next().unwrap_or_default();
        if last == "Value" {
            return;
        }
        if let Expr::Attribute(attribute) = &*call.func {
            self.paths(&attribute.value, model);
        }
        for arg in &call.arguments.args {
            self.paths(arg, model);
        }
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            if matches!(last, "Q" | "When" | "filter" | "exclude") {
                self.path(name.id.as_str(), python::span(name.range()).start, &model.name.text);
            }
            if self.names.own.contains(&name.id.as_str()) || !keyword.value.is_string_literal_expr()
            {
                self.paths(&keyword.value, model);
            }
        }
    }

    /// Arguments of a field that name fields: of the model itself, of the target, of the through model.
    fn field_call(&mut self, call: &ExprCall, model: &Model) {
        let declared =
            model.fields.iter().find(|field| field.span.contains(python::span(call.range())));
        let Some(declared) = declared else { return };
        let relation = declared.relation();
        let last = |target: &crate::document::Target| {
            if target.text == "self" {
                model.name.text.clone()
            } else {
                target.text.rsplit('.').next().unwrap_or_default().to_owned()
            }
        };
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            match name.id.as_str() {
                "to_field" => {
                    if let Some(target) = relation.and_then(|relation| relation.target.as_ref()) {
                        self.string(&keyword.value, &last(target));
                    }
                }
                "through_fields" => {
                    let through = relation
                        .filter(|relation| relation.kind == RelationKind::ManyToMany)
                        .and_then(|relation| relation.through.as_ref());
                    let items = match &keyword.value {
                        Expr::Tuple(tuple) => tuple.elts.as_slice(),
                        Expr::List(list) => list.elts.as_slice(),
                        _ => &[],
                    };
                    if let Some(through) = through {
                        items.iter().for_each(|item| self.string(item, &last(through)));
                    }
                }
                "expression" => self.paths(&keyword.value, model),
                beside if self.names.beside.contains(&beside) => self.paths(&keyword.value, model),
                _ => {}
            }
        }
        if self.names.groups.contains(&declared.class.text.as_str()) {
            call.arguments.args.iter().for_each(|arg| self.string(arg, &model.name.text));
        }
    }
}

fn is_static(decorator: &Expr) -> bool {
    matches!(decorator, Expr::Name(name) if matches!(name.id.as_str(), "staticmethod" | "classmethod"))
}

/// All class statements, nested ones too.
struct Classes<'a>(Vec<&'a StmtClassDef>);

impl<'a> Visitor<'a> for Classes<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ClassDef(class) = statement {
            self.0.push(class);
        }
        walk_stmt(self, statement);
    }
}

/// Attributes of one name.
struct Attributes<'n> {
    of: &'n str,
    found: Vec<(String, Span)>,
}

impl<'a> Visitor<'a> for Attributes<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Attribute(attribute) = expr
            && matches!(&*attribute.value, Expr::Name(name) if name.id == self.of)
        {
            self.found.push((attribute.attr.id.to_string(), python::span(attribute.attr.range())));
        }
        walk_expr(self, expr);
    }
}
